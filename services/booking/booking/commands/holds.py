"""Follow membership: what it holds decides what waits for it, and is shown (rules G6, X6)."""

from collections.abc import Sequence
from uuid import UUID

from booking.commands import deciding
from booking.commands.new_times import Pending
from booking.domain.bookings import Booking, Reschedule
from booking.domain.decisions import Patience, carry
from booking.domain.payments import carry_on
from booking.store import bookings
from contracts.membership import HoldMoved, HoldPlaced, HoldRefused, HoldReleased
from contracts.problems import MEMBERSHIP_REFUSAL, NO_SUITABLE_MEMBERSHIP
from contracts.reply import Problem
from messaging import Delivery, Work

News = Delivery[HoldPlaced] | Delivery[HoldRefused] | Delivery[HoldMoved] | Delivery[HoldReleased]


async def hear_news(work: Work, news: Sequence[News], *, patience: Patience) -> None:
    """Accept or refuse what membership was asked about, and show what it holds, in this order.

    An answer about what is decided already changes nothing: when it was refused, membership has
    been told so, and releases what it holds (rule X7).
    """
    found = await bookings.load(work.transaction, (each.body.booking_id for each in news))
    moving = {each.body.booking_id for each in news if _asks_about_new_time(each)}
    pending = await Pending.load(work, moving)
    changed: dict[UUID, Booking] = {}
    for each in news:
        booking = found.get(each.body.booking_id)
        if booking is not None and _hear(work, booking, pending, each, patience):
            changed[booking.booking_id] = booking
    await pending.save(work)
    await deciding.save(work, list(changed.values()))


def _hear(work: Work, booking: Booking, pending: Pending, news: News, patience: Patience) -> bool:
    """Return whether the booking changed."""
    match news.body:
        case HoldPlaced() | HoldRefused() as answer if answer.reschedule_id is not None:
            reschedule = pending.by_id.get(answer.reschedule_id)
            if reschedule is None:
                return False
            return _decide_new_time(work, booking, pending, reschedule, answer, cause=news.id)
        case HoldPlaced() | HoldRefused() as answer:
            if booking.state != "requested":
                return False
            _decide(work, booking, answer, patience, cause=news.id)
            return True
        case HoldMoved() as moved:
            return _carry_on(booking, moved, moved.membership_id)
        case HoldReleased() as released:
            return _carry_on(booking, released, None)


def _carry_on(booking: Booking, news: HoldMoved | HoldReleased, membership_id: UUID | None) -> bool:
    if booking.state == "refused":
        return False
    return carry_on(booking, news.line_id, membership_id, news.settlement_revision)


def _decide(
    work: Work,
    booking: Booking,
    answer: HoldPlaced | HoldRefused,
    patience: Patience,
    *,
    cause: UUID,
) -> None:
    match answer:
        case HoldPlaced():
            carry(booking, _carriers(answer))
            deciding.go_on(work, booking, patience, cause=cause)
        case HoldRefused():
            problem = _not_suitable(answer)
            reason = "no_suitable_membership"
            deciding.turn_down(work, booking, reason, cause=cause, answer=problem)


def _decide_new_time(
    work: Work,
    booking: Booking,
    pending: Pending,
    reschedule: Reschedule,
    answer: HoldPlaced | HoldRefused,
    *,
    cause: UUID,
) -> bool:
    match answer:
        case HoldPlaced():
            pending.accept(work, booking, reschedule, _carriers(answer), cause=cause)
            return True
        case HoldRefused():
            problem = _not_suitable(answer)
            reason = "no_suitable_membership"
            pending.keep_old(work, booking, reschedule, reason, problem, cause=cause)
            return False


def _carriers(placed: HoldPlaced) -> dict[UUID, UUID]:
    return {line.line_id: line.membership_id for line in placed.lines}


def _not_suitable(refused: HoldRefused) -> Problem:
    reasons = [reason.model_dump(mode="json") for reason in refused.reasons]
    return NO_SUITABLE_MEMBERSHIP.problem(MEMBERSHIP_REFUSAL, reasons=reasons)


def _asks_about_new_time(news: News) -> bool:
    match news.body:
        case HoldPlaced(reschedule_id=reschedule_id) | HoldRefused(reschedule_id=reschedule_id):
            return reschedule_id is not None
        case _:
            return False
