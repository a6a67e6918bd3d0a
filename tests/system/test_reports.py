"""Reports of a location, put together from what three services know, through the public edge."""

from datetime import date, timedelta

import pytest

from edge import Json, RefusedError
from journeys import settled, until
from sandbox import Sandbox


def report(sandbox: Sandbox, first: date, last: date) -> Json:
    """Return the report of these dates."""
    query = {"from": first.isoformat(), "until": last.isoformat()}
    return sandbox.studio.operator.get(sandbox.here("/reports/sessions"), **query)


def test_a_report_tells_what_was_sold_used_is_owed_and_will_expire(sandbox: Sandbox) -> None:
    yoga = sandbox.offer()
    name = sandbox.studio.operator.get(sandbox.here(f"/services/{yoga}"))["name"]
    membership = sandbox.sell("Ana", [yoga], sessions=3, days=8)
    sandbox.enter("Ben")
    start = sandbox.at(12)
    event = sandbox.plan(yoga, start)
    ana, ben = sandbox.book("Ana", event), sandbox.book("Ben", event, 2)
    today = start.date()

    sandbox.wait_until(start)
    assert settled(sandbox.studio, ana)["debit_status"] == "debited"
    assert settled(sandbox.studio, ben)["debit_status"] == "not_debited"
    found = until(
        lambda: report(sandbox, today - timedelta(days=1), today),
        lambda one: one["total"]["owed"]["amount"] > 0,
    )

    assert (found["time_zone"], found["today"]) == ("Europe/Lisbon", today.isoformat())
    before, day = found["days"]
    assert (before["sold"], before["used"]) == (0, 0)
    expected = {
        "sold": 3,
        "memberships_sold": 1,
        "unlimited_memberships_sold": 0,
        "used": 1,
        "used_automatically": 1,
        "expired": 0,
        "not_debited": 1,
        "shortfall": 2,
        "owed": {"amount": 3600, "currency": "EUR"},
    }
    assert day == {"date": today.isoformat(), **expected}
    assert found["total"] == expected
    assert found["by_service"] == [
        {"service_id": yoga, "service_name": name, "used": 1, "used_automatically": 1}
    ]
    [listed] = found["not_debited"]
    assert listed["appointment_id"] == ben["appointment_id"]
    assert (listed["client_name"], listed["owed"]["amount"]) == ("Ben", 3600)
    [expiring] = found["expiring_memberships"]
    assert (expiring["membership_id"], expiring["owner_name"]) == (membership, "Ana")
    assert (expiring["sessions"], expiring["held"]) == (2, 0)
    assert expiring in [expiring | {"expires_on": day["date"]} for day in found["expiring"]]


def test_money_that_comes_later_is_not_owed_any_more(sandbox: Sandbox) -> None:
    yoga = sandbox.offer()
    sandbox.enter("Ben")
    start = sandbox.at(12)
    ben = sandbox.book("Ben", sandbox.plan(yoga, start))
    sandbox.wait_until(start)
    assert settled(sandbox.studio, ben)["debit_status"] == "not_debited"
    payment = {"line_ids": [line["line_id"] for line in ben["lines"]]}
    path = sandbox.here(f"/visits/{ben['visit_id']}/payments")
    sandbox.studio.operator.post(path, payment)
    found = report(sandbox, start.date(), start.date())
    assert (found["total"]["owed"]["amount"], found["total"]["shortfall"]) == (0, 0)
    assert found["not_debited"] == []


@pytest.mark.rule("X4")
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2027-03-01", "until": "2028-03-01"}, "until"),
        ({"from": "2027-03-02", "until": "2027-03-01"}, "until"),
        ({"from": "2027-03-01", "until": "soon"}, "until"),
        ({"from": "1969-03-01", "until": "1969-03-01"}, "from"),
        ({"until": "2027-03-01"}, "from"),
    ],
)
def test_a_wrong_range_is_named(sandbox: Sandbox, query: dict[str, str], field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        sandbox.studio.operator.get(sandbox.here("/reports/sessions"), **query)
    assert refused.value.problem["status"] == 400
    assert [error["field"] for error in refused.value.problem["errors"]] == [field]
