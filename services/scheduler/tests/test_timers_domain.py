"""A timer follows the newest revision of its plan."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.clocks import ClockSetting, newest
from scheduler.domain.timers import (
    Effect,
    Plan,
    State,
    Timer,
    changes,
    effect_of_cancel,
    next_due,
    revised,
)

NINE = datetime(2026, 3, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
APPOINTMENT, CHAIN = uuid4(), uuid4()


def plan(revision: int, effect: Effect = Effect.STANDS, starts_at: datetime = NINE) -> Plan:
    return Plan(APPOINTMENT, revision, CHAIN, uuid4(), starts_at, effect, f"plan {revision}")


def test_a_new_plan_waits_for_its_start() -> None:
    assert revised(None, plan(1)) == Timer(1, NINE, State.WAITING)


@pytest.mark.rule("A15")
def test_a_cancel_without_charge_makes_the_start_void() -> None:
    accepted = revised(None, plan(1))
    assert revised(accepted, plan(2, Effect.ENDED)).state is State.VOID


@pytest.mark.rule("A15")
def test_an_acceptance_that_is_heard_after_its_cancel_revives_nothing() -> None:
    cancelled = revised(None, plan(2, Effect.ENDED))
    assert revised(cancelled, plan(1)) is cancelled


@pytest.mark.rule("A2")
def test_a_charged_cancel_before_the_start_is_debited_at_the_original_start() -> None:
    effect = effect_of_cancel(charge=True, cancelled_at=NINE - HOUR, starts_at=NINE)
    assert revised(revised(None, plan(1)), plan(2, effect)) == Timer(2, NINE, State.WAITING)


@pytest.mark.rule("A2")
def test_a_charged_cancel_after_the_start_lets_it_begin_once() -> None:
    effect = effect_of_cancel(charge=True, cancelled_at=NINE + HOUR, starts_at=NINE)
    assert revised(Timer(1, NINE, State.FIRED), plan(2, effect)).state is State.FIRED
    assert revised(Timer(1, NINE, State.WAITING), plan(2, effect)).state is State.WAITING


@pytest.mark.rule("A2", "A15")
def test_a_charged_cancel_before_the_start_that_is_heard_after_it_begins_too() -> None:
    effect = effect_of_cancel(charge=True, cancelled_at=NINE - HOUR, starts_at=NINE)
    assert revised(Timer(1, NINE, State.FIRED), plan(2, effect)).state is State.WAITING


@pytest.mark.rule("A15", "G11")
def test_a_plan_with_another_start_waits_for_that_one_though_the_old_one_has_begun() -> None:
    later = plan(2, starts_at=NINE + HOUR)
    assert revised(Timer(1, NINE, State.FIRED), later) == Timer(2, NINE + HOUR, State.WAITING)


@pytest.mark.rule("A2", "G11")
def test_a_charged_cancel_after_a_start_that_was_moved_lets_the_new_one_begin_too() -> None:
    effect = effect_of_cancel(charge=True, cancelled_at=NINE + 2 * HOUR, starts_at=NINE + HOUR)
    fired_before = Timer(1, NINE, State.FIRED)
    assert revised(fired_before, plan(3, effect, NINE + HOUR)).state is State.WAITING


def test_a_start_is_due_when_the_clock_of_its_chain_says_so() -> None:
    [here] = changes({}, [plan(1)], {CHAIN: HOUR})
    [elsewhere] = changes({}, [plan(1)], {uuid4(): HOUR})
    assert (here.due_at, here.timer.starts_at) == (NINE - HOUR, NINE)
    assert elsewhere.due_at == NINE


def test_the_newest_setting_of_each_clock_counts() -> None:
    first, second = ClockSetting(CHAIN, 1, HOUR), ClockSetting(CHAIN, 2, 2 * HOUR)
    assert newest([second, first]) == newest([first, second]) == [second]


def test_the_next_start_is_the_earliest_that_waits() -> None:
    sooner = Plan(uuid4(), 1, uuid4(), uuid4(), NINE - HOUR, Effect.ENDED, "")
    assert next_due(changes({}, [plan(1), sooner], {})) == NINE


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Plan], list[Plan]]:
    """Make the revisions of one appointment in order, and as they may arrive, some repeatedly."""
    revisions = st.tuples(st.sampled_from(Effect), st.integers(0, 3))
    wanted = draw(st.lists(revisions, min_size=1, max_size=5))
    in_order = [
        plan(revision, effect, NINE + hours * HOUR)
        for revision, (effect, hours) in enumerate(wanted, start=1)
    ]
    repeated = in_order + draw(st.lists(st.sampled_from(in_order), max_size=5))
    return in_order, draw(st.permutations(repeated))


@pytest.mark.rule("A15", "G11")
@given(stories(), st.integers(1, 4))
def test_all_orders_of_arrival_end_the_same(
    story: tuple[list[Plan], list[Plan]], batch: int
) -> None:
    in_order, arriving = story
    timers: dict[UUID, Timer] = {}
    for first in range(0, len(arriving), batch):
        changed = changes(timers, arriving[first : first + batch], {})
        timers.update({change.plan.appointment_id: change.timer for change in changed})
    assert timers == {each.plan.appointment_id: each.timer for each in changes({}, in_order, {})}
    assert timers[APPOINTMENT].revision == len(in_order)
