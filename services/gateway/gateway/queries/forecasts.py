"""What would become of a booking, put together of what booking and membership would do."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final
from uuid import UUID

from contracts.booking import BookingForm
from contracts.booking_views import BookingForecast, BookingPlan, BookingView
from contracts.membership import HeldLine, HoldSessions
from contracts.membership_views import HoldPlan
from contracts.problems import MEMBERSHIP_REFUSAL, NO_SUITABLE_MEMBERSHIP, PHONE_NOT_CONFIRMED
from contracts.reply import Problem
from gateway.queries.reading import Reading
from gateway.services import unavailable
from web.identity import Principal, Role
from web.problems import ProblemError

# What is wrong with the form is answered as such; these say what would become of a right one.
_REFUSALS: Final = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT})


async def forecast(
    reading: Reading, principal: Principal, location_id: UUID, form: BookingForm
) -> BookingForecast:
    """Return what would become of a submission.

    Nothing of memberships is told to an unconfirmed caller, who meets the same problem as the
    submission would (rule G8).
    """
    plan = await _plan(reading, location_id, form)
    if isinstance(plan, Problem):
        return BookingForecast(outcome="refused", problem=plan)
    if plan.hold is None:
        return _accepted(plan)
    if not _is_confirmed(principal, form):
        return _unconfirmed(plan, plan.hold)
    holds = await _hold_plan(reading, plan.hold)
    if holds.refused:
        reasons = [reason.model_dump(mode="json") for reason in holds.reasons]
        problem = NO_SUITABLE_MEMBERSHIP.problem(MEMBERSHIP_REFUSAL, reasons=reasons)
        return BookingForecast(outcome="refused", problem=problem)
    return _accepted(plan, holds.lines, holds.names)


async def _plan(reading: Reading, location_id: UUID, form: BookingForm) -> BookingPlan | Problem:
    answer = await reading.plan("booking", f"/locations/{location_id}/booking-plans", form)
    if answer.is_success:
        return BookingPlan.model_validate_json(answer.content)
    if answer.is_server_error:
        raise ProblemError(unavailable("booking"))
    problem = Problem.model_validate_json(answer.content)
    if answer.status_code not in _REFUSALS:
        raise ProblemError(problem)
    return problem


async def _hold_plan(reading: Reading, hold: HoldSessions) -> HoldPlan:
    answer = await reading.plan("membership", "/hold-plans", hold)
    if not answer.is_success:
        raise ProblemError(unavailable("membership"))
    return HoldPlan.model_validate_json(answer.content)


def _is_confirmed(principal: Principal, form: BookingForm) -> bool:
    """Return whether the caller is the client, vouches for the client, or is staff."""
    if principal.may_vouch_for_phones:
        return form.phone_confirmed
    # That a client comes with the phone that was confirmed, is known before.
    return principal.role in {Role.CLIENT, Role.OPERATOR, Role.PLATFORM}


def _unconfirmed(plan: BookingPlan, hold: HoldSessions) -> BookingForecast:
    if any(line.required for appointment in hold.appointments for line in appointment.lines):
        detail = "This is booked with a membership: confirm the phone number."
        problem = PHONE_NOT_CONFIRMED.problem(detail)
        return BookingForecast(outcome="refused", problem=problem)
    return _accepted(plan)


def _accepted(
    plan: BookingPlan, held: Iterable[HeldLine] = (), names: Mapping[UUID, str] | None = None
) -> BookingForecast:
    return BookingForecast(
        outcome="accepted" if plan.to_pay is None else "awaiting_payment",
        booking=_carried(plan.booking, {each.line_id: each.membership_id for each in held}),
        to_pay=plan.to_pay,
        names=dict(names or {}),
    )


def _carried(booking: BookingView, carriers: dict[UUID, UUID]) -> BookingView:
    """Name for each line the membership that would carry it."""
    appointments = tuple(
        appointment.model_copy(
            update={
                "lines": tuple(
                    line.model_copy(update={"membership_id": carriers.get(line.line_id)})
                    for line in appointment.lines
                )
            }
        )
        for appointment in booking.appointments
    )
    return booking.model_copy(update={"appointments": appointments})
