"""What the start debits, on a test clock, through the public edge (rules A1 to A9, A14)."""

from datetime import datetime, timedelta

import pytest

from edge import Json, RefusedError
from journeys import book, settled, until
from sandbox import Sandbox


@pytest.mark.rule("A1", "A4")
@pytest.mark.parametrize("kind", ["group", "individual"])
def test_a_service_says_whether_it_is_debited_and_until_when_cancelling_is_free(
    sandbox: Sandbox, kind: str
) -> None:
    start = sandbox.at(12)
    debited = sandbox.offer(kind, free_cancellation_hours=3)
    other = sandbox.offer(kind, automatic_debiting=False, free_cancellation_hours=5)
    membership = sandbox.sell("Ana", [debited, other], sessions=5)
    form, other_form = (_form(sandbox, kind, each, start) for each in (debited, other))
    appointment = book(sandbox.studio.operator, sandbox.studio, "Ana", form)
    undebited = book(sandbox.studio.operator, sandbox.studio, "Ana", other_form)
    assert _deadline(appointment) == start - timedelta(hours=3)
    assert _deadline(undebited) == start - timedelta(hours=5)

    sandbox.note_visit(appointment, "arrived")
    sandbox.wait_until(start - timedelta(minutes=2))
    assert sandbox.count(membership) == (0, 1)

    sandbox.wait_until(start)
    assert settled(sandbox.studio, appointment)["debit_status"] == "debited"
    assert sandbox.appointment(undebited)["debit_status"] is None
    assert sandbox.count(membership) == (1, 0)


@pytest.mark.rule("A2")
def test_zero_hours_let_clients_cancel_until_five_minutes_before_the_start(
    sandbox: Sandbox,
) -> None:
    start = sandbox.at(12)
    yoga = sandbox.offer(free_cancellation_hours=0)
    event = sandbox.plan(yoga, start)
    memberships = {name: sandbox.sell(name, [yoga]) for name in ("Early", "Late")}
    early, late = (sandbox.book(name, event) for name in memberships)

    sandbox.wait_until(start - timedelta(minutes=7))
    _cancel_online(sandbox, early)
    sandbox.wait_until(start - timedelta(minutes=4))
    with pytest.raises(RefusedError) as refused:
        _cancel_online(sandbox, late)
    assert refused.value.problem["type"] == "/problems/cancellation-too-late"
    assert "11:55" in refused.value.problem["detail"]

    sandbox.wait_until(start)
    assert settled(sandbox.studio, late)["debit_status"] == "debited"
    until(lambda: sandbox.count(memberships["Early"]), lambda counts: counts == (0, 0))


@pytest.mark.rule("A2", "A15")
def test_an_operator_who_cancels_late_says_whether_the_session_is_debited(
    sandbox: Sandbox,
) -> None:
    start = sandbox.at(12)
    yoga = sandbox.offer(free_cancellation_hours=24)
    event = sandbox.plan(yoga, start, capacity=4)
    memberships = {
        name: sandbox.sell(name, [yoga]) for name in ("Charged", "Let off", "Kept", "Given back")
    }
    charged, let_off, kept, given_back = (sandbox.book(name, event) for name in memberships)

    sandbox.change(charged, "cancel", {"charge": True})
    sandbox.change(let_off, "cancel", {"charge": False})
    assert _spots_taken(sandbox, event, start) == 2

    sandbox.wait_until(start)
    for appointment in (kept, given_back):
        assert settled(sandbox.studio, appointment)["debit_status"] == "debited"
    sandbox.change(kept, "cancel", {"charge": True})
    sandbox.change(given_back, "cancel", {"charge": False})
    right = {"Charged": (1, 0), "Let off": (0, 0), "Kept": (1, 0), "Given back": (0, 0)}
    until(
        lambda: {name: sandbox.count(each) for name, each in memberships.items()},
        lambda counts: counts == right,
    )
    settlement = sandbox.settlement(charged)
    assert settlement is not None
    assert datetime.fromisoformat(settlement["start"]) == start
    assert datetime.fromisoformat(settlement["settled_at"]) >= start


@pytest.mark.rule("A3")
def test_in_an_event_every_client_has_a_debit_status_of_their_own(sandbox: Sandbox) -> None:
    start = sandbox.at(12)
    yoga = sandbox.offer()
    event = sandbox.plan(yoga, start)
    sandbox.sell("Member", [yoga])
    sandbox.enter("Guest")
    appointments = {name: sandbox.book(name, event) for name in ("Member", "Guest")}
    planned = {name: each["debit_status"] for name, each in appointments.items()}
    assert planned == {"Member": "automatic_debiting", "Guest": "automatic_debiting"}
    assert _in_the_calendar(sandbox, event, start) == planned

    sandbox.wait_until(start)
    for each in appointments.values():
        settled(sandbox.studio, each)
    right = {"Member": "debited", "Guest": "not_debited"}
    assert _in_the_calendar(sandbox, event, start) == right


@pytest.mark.rule("A5", "A15", "S6")
def test_the_membership_that_expires_first_is_debited_own_or_shared_decided_at_the_start(
    sandbox: Sandbox,
) -> None:
    yoga = sandbox.offer()
    own_late = sandbox.sell("Ana", [yoga], days=60)
    shared_early = sandbox.sell("Ben", [yoga], days=20)
    sandbox.studio.operator.post(
        f"/memberships/{shared_early}/shared-clients",
        {"client_id": sandbox.studio.clients["Ana"].client_id},
    )
    first = sandbox.book("Ana", sandbox.plan(yoga, sandbox.at(10)))
    second = sandbox.book("Ana", sandbox.plan(yoga, sandbox.at(12)))
    # The newest booking holds on the first membership; the start does not go by that.
    assert _paid_by(first) == _paid_by(second) == [shared_early]

    sandbox.wait_until(sandbox.at(10))
    assert _paid_by(settled(sandbox.studio, first)) == [shared_early]
    own_early = sandbox.sell("Ana", [yoga], days=10)
    sandbox.wait_until(sandbox.at(12))
    assert _paid_by(settled(sandbox.studio, second)) == [own_early]
    assert sandbox.count(own_late) == (0, 0)


@pytest.mark.rule("A6", "A7")
@pytest.mark.parametrize("status", ["pending", "confirmed", "arrived", "no_show"])
def test_whatever_the_visit_status_is_the_start_debits_and_leaves_it(
    sandbox: Sandbox, status: str
) -> None:
    start = sandbox.at(12)
    yoga = sandbox.offer()
    membership = sandbox.sell("Ana", [yoga])
    appointment = sandbox.book("Ana", sandbox.plan(yoga, start))
    for each in ("arrived", status):
        sandbox.note_visit(appointment, each)
    sandbox.wait_until(start)
    now = settled(sandbox.studio, appointment)
    assert (now["debit_status"], now["visit_status"]) == ("debited", status)
    assert sandbox.count(membership) == (1, 0)


@pytest.mark.rule("A8")
def test_two_memberships_of_one_session_pay_two_of_three_spots_and_the_third_is_owed(
    sandbox: Sandbox,
) -> None:
    start = sandbox.at(12)
    yoga = sandbox.offer()
    memberships = [sandbox.sell("Ana", [yoga]) for _ in range(2)]
    appointment = sandbox.book("Ana", sandbox.plan(yoga, start), number=3)
    sandbox.wait_until(start)
    now = settled(sandbox.studio, appointment)
    assert now["debit_status"] == "not_debited"
    assert [line["debit_status"] for line in now["lines"]] == ["debited", "debited", "not_debited"]
    assert [line["membership_id"] for line in now["lines"]] == [*memberships, None]
    assert (now["payment_status"], now["owed"]["amount"]) == ("paid_partially", 1800)
    assert [sandbox.count(each) for each in memberships] == [(1, 0), (1, 0)]


@pytest.mark.rule("A9")
def test_of_several_services_those_that_have_it_are_debited_and_the_rest_is_owed(
    sandbox: Sandbox,
) -> None:
    massage = sandbox.offer("individual")
    bath = sandbox.offer("individual", automatic_debiting=False, price=1200)
    sandbox.studio.employ("Mira", [massage, bath])
    membership = sandbox.sell("Ana", [massage, bath], sessions=5)
    lines = [{"service_id": massage}, {"service_id": bath}]
    what = {"appointments": [{"start": sandbox.at(12).isoformat(), "lines": lines}]}
    appointment = book(sandbox.studio.operator, sandbox.studio, "Ana", what)
    sandbox.wait_until(sandbox.at(12))
    now = settled(sandbox.studio, appointment)
    assert [line["debit_status"] for line in now["lines"]] == ["debited", None]
    assert (now["debit_status"], now["payment_status"]) == ("debited", "paid_partially")
    assert now["owed"]["amount"] == 1200
    assert sandbox.count(membership) == (1, 0)


@pytest.mark.rule("A14")
def test_a_frozen_membership_is_passed_over_for_another_that_fits(sandbox: Sandbox) -> None:
    start = sandbox.at(12)
    yoga = sandbox.offer()
    frozen, later = (sandbox.sell("Ana", [yoga], days=days) for days in (10, 30))
    alone = sandbox.sell("Ben", [yoga])
    event = sandbox.plan(yoga, start)
    ana, ben = (sandbox.book(name, event) for name in ("Ana", "Ben"))
    assert ana["lines"][0]["membership_id"] == frozen
    for each in (frozen, alone):
        sandbox.studio.operator.post(f"/memberships/{each}/freeze")

    sandbox.wait_until(start)
    assert _paid_by(settled(sandbox.studio, ana)) == [later]
    assert settled(sandbox.studio, ben)["debit_status"] == "not_debited"
    assert _reasons(sandbox, ben) == ["frozen"]
    until(lambda: sandbox.count(alone), lambda counts: counts == (0, 0))


@pytest.mark.rule("A14", "X5")
def test_a_membership_that_expired_by_the_day_of_the_start_does_not_pay(sandbox: Sandbox) -> None:
    yoga = sandbox.offer()
    memberships = {name: sandbox.sell(name, [yoga], days=2) for name in ("In time", "Too late")}
    in_time = sandbox.book("In time", sandbox.plan(yoga, sandbox.at(23, 30, days=2)))
    too_late = sandbox.book("Too late", sandbox.plan(yoga, sandbox.at(0, 30, days=3)))
    sandbox.wait_until(sandbox.at(0, 30, days=3))
    assert settled(sandbox.studio, in_time)["debit_status"] == "debited"
    assert settled(sandbox.studio, too_late)["debit_status"] == "not_debited"
    assert _reasons(sandbox, too_late) == ["expired"]
    assert sandbox.count(memberships["In time"])[0] == 1


def _form(sandbox: Sandbox, kind: str, service: str, start: datetime) -> Json:
    if kind == "group":
        return {"spots": {"event_id": sandbox.plan(service, start)}}
    sandbox.studio.employ("Mira", [service])
    lines = [{"service_id": service}]
    return {"appointments": [{"start": start.isoformat(), "lines": lines}]}


def _deadline(appointment: Json) -> datetime:
    return datetime.fromisoformat(appointment["free_cancellation_until"])


def _cancel_online(sandbox: Sandbox, appointment: Json) -> None:
    path = sandbox.here(f"/appointments/{appointment['appointment_id']}/cancel")
    sandbox.app.post(path, {"charge": False})


def _day(sandbox: Sandbox, event: str, start: datetime) -> Json:
    day = sandbox.studio.operator.get(sandbox.here("/calendar"), date=start.date().isoformat())
    [found] = [each for each in day["events"] if each["event"]["event_id"] == event]
    return found


def _spots_taken(sandbox: Sandbox, event: str, start: datetime) -> int:
    return int(_day(sandbox, event, start)["event"]["spots_taken"])


def _in_the_calendar(sandbox: Sandbox, event: str, start: datetime) -> dict[str, str]:
    appointments = _day(sandbox, event, start)["appointments"]
    return {each["client_name"]: each["debit_status"] for each in appointments}


def _paid_by(appointment: Json) -> list[str]:
    return [line["membership_id"] for line in appointment["lines"]]


def _reasons(sandbox: Sandbox, appointment: Json) -> list[str]:
    settlement = sandbox.settlement(appointment)
    assert settlement is not None
    return [line["reason"] for line in settlement["lines"]]
