"""Debits undone, by hand, and money instead, on a test clock (rules A10 to A13, A16, A17)."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import pytest

from edge import Edge, Json, RefusedError
from journeys import membership_of, settled, until
from sandbox import Sandbox

T = TypeVar("T")
R = TypeVar("R")

_PARTICIPANTS: Final = 100


@pytest.mark.rule("A10")
@pytest.mark.timeout(300)
def test_a_whole_event_of_100_that_is_cancelled_gives_every_session_back_exactly_once(
    sandbox: Sandbox,
) -> None:
    start = sandbox.at(12)
    yoga = sandbox.offer()
    event = sandbox.plan(yoga, start, capacity=_PARTICIPANTS)
    first = sandbox.sell("Client 0", [yoga])
    [kind] = sandbox.studio.membership_types

    def join(name: str) -> tuple[Json, str]:
        if name == "Client 0":
            return sandbox.book(name, event), first
        sandbox.enter(name)
        membership = sandbox.studio.sell(name, kind)
        return sandbox.book(name, event), membership

    joined = _at_once(join, [f"Client {number}" for number in range(_PARTICIPANTS)])
    appointments = [appointment for appointment, _ in joined]
    memberships = [each for _, each in joined]
    sandbox.wait_until(start)
    _at_once(lambda each: settled(sandbox.studio, each), appointments)

    sandbox.studio.operator.post(sandbox.here(f"/events/{event}/cancel"))

    def uses(membership: str) -> list[bool]:
        view = membership_of(sandbox.studio, membership)
        return [use["reversed_at"] is not None for use in view["uses"]]

    once = [[True]] * len(memberships)
    until(lambda: _at_once(uses, memberships), lambda found: found == once)
    assert _at_once(sandbox.count, memberships) == [(0, 0)] * len(memberships)
    bills = _at_once(lambda each: sandbox.bill(each, owed=0, total=0), appointments)
    assert [bill["debited"]["amount"] for bill in bills] == [0] * _PARTICIPANTS


@pytest.mark.rule("A10")
def test_a_debit_alone_can_be_undone_and_is_owed_then(sandbox: Sandbox) -> None:
    start = sandbox.at(12)
    yoga = sandbox.offer()
    membership = sandbox.sell("Ana", [yoga])
    appointment = sandbox.book("Ana", sandbox.plan(yoga, start))
    sandbox.wait_until(start)
    assert settled(sandbox.studio, appointment)["owed"]["amount"] == 0

    assert sandbox.change(appointment, "undo-debit")["outcome"] == "reversed"
    assert sandbox.count(membership) == (0, 0)
    sandbox.bill(appointment, owed=1800)
    now = sandbox.appointment(appointment)
    assert (now["state"], now["debit_status"]) == ("accepted", "not_debited")
    refused = _refusal(lambda: sandbox.change(appointment, "undo-debit"))
    assert refused["type"] == "/problems/conflict"

    sandbox.wait_until(sandbox.at(12, days=1))
    assert sandbox.count(membership) == (0, 0)
    assert membership_of(sandbox.studio, membership)["status"] == "active"


@pytest.mark.rule("A11", "A17")
def test_a_merged_service_is_debited_if_one_was_and_its_old_ids_work_for_ever(
    platform: Edge, sandbox: Sandbox
) -> None:
    start = sandbox.at(12)
    yoga = sandbox.offer(automatic_debiting=False, free_cancellation_hours=5)
    pilates = sandbox.offer(automatic_debiting=True, free_cancellation_hours=2)
    membership = sandbox.sell("Ana", [pilates], sessions=5)
    event = sandbox.plan(pilates, start)
    before = sandbox.book("Ana", event)

    merged = platform.post(sandbox.here(f"/services/{yoga}/merge"), {"service_ids": [pilates]})
    assert merged["automatic_debiting"] is True
    assert merged["free_cancellation_hours"] == 2
    services = sandbox.studio.operator.get(sandbox.here("/services"))["services"]
    assert [each["service_id"] for each in services] == [yoga]
    assert sandbox.studio.operator.get(sandbox.here(f"/services/{pilates}")) == merged

    after = [
        sandbox.book("Ana", sandbox.plan(service, sandbox.at(hour)))
        for service, hour in ((yoga, 14), (pilates, 16))
    ]
    assert [each["lines"][0]["service_id"] for each in after] == [yoga, yoga]
    sandbox.wait_until(sandbox.at(16))
    for each in (before, *after):
        assert settled(sandbox.studio, each)["lines"][0]["membership_id"] == membership
    assert sandbox.count(membership) == (3, 0)
    assert sandbox.appointment(before)["lines"][0]["service_id"] == yoga


@pytest.mark.rule("A17")
def test_a_merge_that_would_break_the_settings_is_refused(platform: Edge, sandbox: Sandbox) -> None:
    location = sandbox.studio.location_form | {"online_payment": {"individual": "optional"}}
    sandbox.studio.operator.put(sandbox.here(""), location)
    members = sandbox.offer("individual", membership_booking=True)
    prepaid = sandbox.offer("individual", online_prepayment=True)
    path = sandbox.here(f"/services/{members}/merge")
    refused = _refusal(lambda: platform.post(path, {"service_ids": [prepaid]}))
    assert refused["type"] == "/problems/settings-conflict"
    services = sandbox.studio.operator.get(sandbox.here("/services"))["services"]
    assert {each["service_id"] for each in services} == {members, prepaid}


@pytest.mark.rule("A12")
def test_a_visit_is_paid_partially_once_its_first_appointment_is_debited(sandbox: Sandbox) -> None:
    yoga = sandbox.offer()
    sauna = sandbox.offer(automatic_debiting=False, price=1200)
    sandbox.sell("Ana", [yoga])
    first = sandbox.book("Ana", sandbox.plan(yoga, sandbox.at(10)))
    second = sandbox.book("Ana", sandbox.plan(sauna, sandbox.at(12)))
    assert first["visit_id"] == second["visit_id"]
    assert sandbox.bill(first, owed=3000)["payment_status"] == "unpaid"

    sandbox.wait_until(sandbox.at(10))
    assert settled(sandbox.studio, first)["debit_status"] == "debited"
    bill = sandbox.bill(first, owed=1200)
    assert (bill["payment_status"], bill["debited"]["amount"]) == ("paid_partially", 1800)


@pytest.mark.rule("A13")
def test_without_auto_deduction_only_hands_debit_and_only_who_arrived_or_confirmed(
    sandbox: Sandbox,
) -> None:
    start = sandbox.at(12)
    yoga = sandbox.offer()
    membership = sandbox.sell("Ana", [yoga], sessions=2, auto_deduction=False)
    event = sandbox.plan(yoga, start)
    appointment = sandbox.book("Ana", event)
    sandbox.wait_until(start)
    assert settled(sandbox.studio, appointment)["debit_status"] == "not_debited"
    settlement = sandbox.settlement(appointment)
    assert settlement is not None
    assert settlement["lines"][0]["reason"] == "no_auto_deduction"

    for status in ("pending", "no_show"):
        sandbox.note_visit(appointment, status)
        refused = _refusal(lambda: _debit(sandbox, appointment))
        assert refused["type"] == "/problems/no-suitable-membership"
        assert {reason["reason"] for reason in refused["reasons"]} == {"visit_status"}
    sandbox.note_visit(appointment, "arrived")
    _until_debited(sandbox, appointment)
    assert sandbox.count(membership) == (1, 0)
    assert sandbox.bill(appointment, owed=0)["payment_status"] == "paid"
    [use] = membership_of(sandbox.studio, membership)["uses"]
    assert use["automatic"] is False


@pytest.mark.rule("A13")
@pytest.mark.parametrize("status", ["pending", "no_show"])
def test_with_auto_deduction_hands_debit_in_any_status_and_the_start_not_again(
    sandbox: Sandbox, status: str
) -> None:
    start = sandbox.at(12)
    yoga = sandbox.offer()
    membership = sandbox.sell("Ana", [yoga], sessions=5)
    appointment = sandbox.book("Ana", sandbox.plan(yoga, start))
    sandbox.note_visit(appointment, status)
    sandbox.bill(appointment, owed=1800)
    assert _debit(sandbox, appointment)["owed"]["amount"] == 0
    assert sandbox.count(membership) == (1, 0)

    sandbox.wait_until(start)
    assert settled(sandbox.studio, appointment)["debit_status"] == "debited"
    assert sandbox.count(membership) == (1, 0)
    refused = _refusal(lambda: _debit(sandbox, appointment))
    assert refused["type"] == "/problems/already-paid"


@pytest.mark.rule("A16")
def test_what_is_paid_at_the_counter_before_the_start_is_not_debited(sandbox: Sandbox) -> None:
    start = sandbox.at(12)
    yoga = sandbox.offer()
    event = sandbox.plan(yoga, start)
    paying, undoing = sandbox.sell("Paying", [yoga]), sandbox.sell("Undoing", [yoga])
    paid, undone = (sandbox.book(name, event) for name in ("Paying", "Undoing"))
    for each in (paid, undone):
        sandbox.bill(each, owed=1800)
        _pay(sandbox, each)
        sandbox.bill(each, owed=0)
    assert [sandbox.count(each) for each in (paying, undoing)] == [(0, 0)] * 2
    [payment] = sandbox.bill(undone, owed=0)["payments"]
    _pay(sandbox, undone, f"/{payment['payment_id']}/undo")
    until(lambda: sandbox.count(undoing), lambda counts: counts == (0, 1))

    sandbox.wait_until(start)
    assert settled(sandbox.studio, undone)["debit_status"] == "debited"
    settlement = until(lambda: sandbox.settlement(paid), bool)
    assert settlement is not None
    assert [line["reason"] for line in settlement["lines"]] == ["claimed"]
    assert (sandbox.count(paying), sandbox.count(undoing)) == ((0, 0), (1, 0))
    bill = sandbox.bill(paid, owed=0)
    assert (bill["paid"]["amount"], bill["debited"]["amount"]) == (1800, 0)


@pytest.mark.rule("A16")
def test_what_was_debited_cannot_be_paid_with_money_until_that_is_undone(sandbox: Sandbox) -> None:
    start = sandbox.at(12)
    yoga = sandbox.offer()
    membership = sandbox.sell("Ana", [yoga])
    appointment = sandbox.book("Ana", sandbox.plan(yoga, start))
    sandbox.wait_until(start)
    settled(sandbox.studio, appointment)
    refused = _refusal(lambda: _pay(sandbox, appointment))
    assert refused["type"] == "/problems/already-paid"

    sandbox.change(appointment, "undo-debit")
    sandbox.bill(appointment, owed=1800)
    bill = _pay(sandbox, appointment)
    assert (bill["paid"]["amount"], bill["debited"]["amount"]) == (1800, 0)
    assert _refusal(lambda: _debit(sandbox, appointment))["type"] == "/problems/already-paid"
    assert sandbox.count(membership) == (0, 0)


def _at_once(do: Callable[[T], R], all_of: Iterable[T]) -> list[R]:
    with ThreadPoolExecutor(8) as callers:
        return list(callers.map(do, all_of))


def _lines_of(appointment: Json) -> Json:
    return {"line_ids": [line["line_id"] for line in appointment["lines"]]}


def _pay(sandbox: Sandbox, appointment: Json, rest: str = "") -> Json:
    path = sandbox.here(f"/visits/{appointment['visit_id']}/payments{rest}")
    return sandbox.studio.operator.post(path, {} if rest else _lines_of(appointment))


def _debit(sandbox: Sandbox, appointment: Json) -> Json:
    path = sandbox.here(f"/visits/{appointment['visit_id']}/debits")
    return sandbox.studio.operator.post(path, _lines_of(appointment))


def _until_debited(sandbox: Sandbox, appointment: Json) -> None:
    """Debit as soon as membership has heard of the visit status."""

    def debited() -> bool:
        try:
            _debit(sandbox, appointment)
        except RefusedError:
            return False
        return True

    until(debited, bool)


def _refusal(ask: Callable[[], object]) -> Json:
    with pytest.raises(RefusedError) as refused:
        ask()
    return refused.value.problem
