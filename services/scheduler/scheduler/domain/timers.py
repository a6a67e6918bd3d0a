"""When a timer waits, when it is void, and which revision of a plan it follows.

`starts_at` is an instant of the chain's clock, `due_at` the same one by the clock of the database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """What it is time for."""

    START = "start"


class State(StrEnum):
    """What a timer does."""

    WAITING = "waiting"
    FIRED = "fired"
    VOID = "void"


class Effect(StrEnum):
    """What a revision of a plan wants of its timer."""

    STANDS = "stands"
    """It fires at the start: the appointment takes place, or was cancelled with charge (A2)."""
    STOOD = "stood"
    """Cancelled with charge after its start: it fires, but not a second time."""
    ENDED = "ended"
    """It never fires: cancelled without charge (A15)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One revision of an appointment's plan; `payload` is what is said when its timer fires."""

    appointment_id: UUID
    revision: int
    chain_id: UUID
    location_id: UUID
    starts_at: datetime
    effect: Effect
    payload: str


@dataclass(frozen=True, slots=True)
class Timer:
    """The one timer of a kind that an appointment has, as it is at a revision of the plan."""

    revision: int
    starts_at: datetime
    state: State


@dataclass(frozen=True, slots=True)
class Change:
    """A newer plan, the state that its timer has from now on, and when that is due."""

    plan: Plan
    timer: Timer
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Fired:
    """A timer that went off just now, at `fired_at` of the chain's clock, `late` or not."""

    appointment_id: UUID
    kind: Kind
    revision: int
    fired_at: datetime
    late: timedelta
    payload: str


def effect_of_cancel(*, charge: bool, cancelled_at: datetime, starts_at: datetime) -> Effect:
    """Return what a cancel wants: only a charge lets the session be debited (rules A2, A15)."""
    if not charge:
        return Effect.ENDED
    return Effect.STANDS if cancelled_at < starts_at else Effect.STOOD


def revised(timer: Timer | None, plan: Plan) -> Timer:
    """Return the timer after `plan` is heard; a plan that is not newer changes nothing."""
    if timer is not None and plan.revision <= timer.revision:
        return timer
    return Timer(plan.revision, plan.starts_at, _state(timer, plan))


def changes(
    timers: Mapping[UUID, Timer], plans: Iterable[Plan], ahead: Mapping[UUID, timedelta]
) -> list[Change]:
    """Return what `plans`, heard in this order, change; one change an appointment, the last.

    `timers` are the present ones by appointment, `ahead` the clocks that are, by chain.
    """
    changed: dict[UUID, Change] = {}
    for plan in plans:
        before = changed.get(plan.appointment_id)
        known = before.timer if before else timers.get(plan.appointment_id)
        timer = revised(known, plan)
        if timer is not known:
            due_at = plan.starts_at - ahead.get(plan.chain_id, timedelta())
            changed[plan.appointment_id] = Change(plan, timer, due_at)
    return list(changed.values())


def next_due(changes: Iterable[Change]) -> datetime | None:
    """Return when the first of the timers that wait now is due."""
    waiting = (each.due_at for each in changes if each.timer.state is State.WAITING)
    return min(waiting, default=None)


def _state(timer: Timer | None, plan: Plan) -> State:
    if plan.effect is Effect.ENDED:
        return State.VOID
    if timer is None or timer.state is not State.FIRED or plan.effect is not Effect.STOOD:
        return State.WAITING
    return State.FIRED if timer.starts_at == plan.starts_at else State.WAITING
