"""The life of an issued membership, as operators see it: frozen, adjusted, extended, voided."""

from datetime import date

import pytest

from edge import RefusedError
from journeys import appointment_of, membership_of, settled, until
from sandbox import Sandbox


@pytest.mark.rule("A14")
def test_a_freeze_ends_by_itself_and_a_start_finds_the_membership_as_it_is_then(
    sandbox: Sandbox,
) -> None:
    yoga = sandbox.offer()
    membership = sandbox.sell("Ana", [yoga], sessions=2, freezing={"times": 1, "days": 10})
    first, second = (
        sandbox.book("Ana", sandbox.plan(yoga, sandbox.at(12, days=day))) for day in (1, 3)
    )
    until_day = sandbox.at(0, days=2).date()
    before = membership_of(sandbox.studio, membership)["expires_on"]
    path = f"/memberships/{membership}"
    frozen = sandbox.studio.operator.post(f"{path}/freeze", {"until": until_day.isoformat()})
    assert (frozen["status"], frozen["frozen_until"]) == ("frozen", until_day.isoformat())

    sandbox.wait_until(sandbox.at(12, days=1))
    assert settled(sandbox.studio, first)["debit_status"] == "not_debited"
    sandbox.wait_until(sandbox.at(12, days=3))
    assert settled(sandbox.studio, second)["debit_status"] == "debited"

    view = membership_of(sandbox.studio, membership)
    assert (view["status"], view["frozen_until"], view["used"]) == ("active", None, 1)
    assert _days_between(before, view["expires_on"]) == 2
    changes = sandbox.studio.operator.get(f"{path}/changes")["changes"]
    assert [change["kind"] for change in changes] == ["unfrozen", "frozen", "issued"]
    assert [change["by"] is not None for change in changes] == [False, True, False]
    with pytest.raises(RefusedError, match="frozen 1 times"):
        sandbox.studio.operator.post(f"{path}/freeze")


@pytest.mark.rule("X6", "X1")
def test_taking_what_is_held_names_the_bookings_and_by_force_flags_the_latest(
    sandbox: Sandbox,
) -> None:
    yoga = sandbox.offer()
    membership = sandbox.sell("Ana", [yoga], sessions=2)
    first, last = (
        sandbox.book("Ana", sandbox.plan(yoga, sandbox.at(12, days=day))) for day in (1, 2)
    )
    path = f"/memberships/{membership}"
    form = {"sessions": -1, "reason": "counted anew"}
    with pytest.raises(RefusedError) as refused:
        sandbox.studio.operator.post(f"{path}/adjust", form)
    assert refused.value.problem["type"] == "/problems/sessions-held"
    assert [reason["appointment_id"] for reason in refused.value.problem["reasons"]] == [
        last["appointment_id"]
    ]
    assert sandbox.count(membership) == (0, 2)

    sandbox.studio.operator.post(f"{path}/adjust", form | {"force": True})
    assert sandbox.count(membership) == (0, 1)

    def released() -> list[bool]:
        shown = (appointment_of(sandbox.studio, each) for each in (first, last))
        return [one["lines"][0]["hold_released"] for one in shown]

    until(released, lambda flags: flags == [False, True])
    with pytest.raises(RefusedError, match="held"):
        sandbox.studio.operator.post(f"{path}/void", {"reason": "moved away"})
    voided = sandbox.studio.operator.post(f"{path}/void", {"reason": "moved away", "force": True})
    assert (voided["status"], voided["held"]) == ("voided", 0)
    until(released, lambda flags: flags == [True, True])
    sandbox.wait_until(sandbox.at(12, days=1))
    assert settled(sandbox.studio, first)["debit_status"] == "not_debited"


def _days_between(first: str, second: str) -> int:
    return (date.fromisoformat(second) - date.fromisoformat(first)).days
