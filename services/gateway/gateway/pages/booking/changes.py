"""Another time for a booking of one's own, and the same again (rule G11)."""

from typing import Any, Literal
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from contracts.booking_views import AppointmentView, BookingView, EventView
from contracts.problems import RESCHEDULING_TOO_LATE, SERVICE_UNAVAILABLE
from contracts.reply import Problem
from gateway.pages.booking.catalogue import choice_beside_paying
from gateway.pages.booking.classes import planned
from gateway.pages.booking.guest import Guest
from gateway.pages.booking.my_bookings import Own, own
from gateway.pages.booking.refused import reasons_of
from gateway.pages.booking.times import month_of
from gateway.pages.booking.wish import Wish
from gateway.pages.forms import Form, submitted
from web.problems import ProblemError, not_found

AnyRequest = Request[Any, Any, Any]
Verb = Literal["reschedule", "repeat"]
_VERBS: dict[str, Verb] = {"reschedule": "reschedule", "repeat": "repeat"}
_ONE = "/my-bookings/{appointment_id:uuid}/{verb:str}"


@get(_ONE)
async def offer_new_times(
    appointment_id: FromPath[UUID], verb: FromPath[str], guest: NamedDependency[Guest]
) -> Response[str]:
    """Show the free times, or the other events, to which a booking can move or be had again."""
    found = await own(guest, appointment_id)
    member = _same_member(found.appointment)
    is_anybody = guest.asked.text("member") == "any" or member is None
    services = tuple(line.service_id for line in found.appointment.lines)
    is_class = found.appointment.event_id is not None
    found.catalogue.chosen(services)
    return guest.page(
        "booking/new_time.html",
        verb=_verb(verb),
        own=found,
        member=found.catalogue.name_of(member),
        is_anybody=is_anybody,
        planned=await planned(guest, services[0]) if is_class else None,
        month=None if is_class else await month_of(guest, services, None if is_anybody else member),
    )


@get(_ONE + "/review")
async def review_new_time(
    appointment_id: FromPath[UUID], verb: FromPath[str], guest: NamedDependency[Guest]
) -> Response[str] | Redirect:
    """Show the old and the new time before anything is changed."""
    wish = Wish.of(guest.asked)
    if wish.start is None and wish.event is None:
        return guest.go(f"{guest.here}/my-bookings/{appointment_id}/{_verb(verb)}")
    return await _review(guest, await own(guest, appointment_id), _verb(verb), guest.asked)


@post(_ONE)
async def take_new_time(
    request: AnyRequest,
    appointment_id: FromPath[UUID],
    verb: FromPath[str],
    guest: NamedDependency[Guest],
) -> Response[str] | Redirect:
    """Move the booking, or book the same again; refused, all stays as it was."""
    form, wish = await submitted(request), Wish.of(await submitted(request))
    new_time: dict[str, Any] = {
        "start": wish.start.isoformat() if wish.start else None,
        "event_id": str(wish.event) if wish.event else None,
        "team_member_id": "any" if form.text("member") == "any" else None,
    }
    path = f"{guest.there}/appointments/{appointment_id}/{_verb(verb)}"
    try:
        if _verb(verb) == "reschedule":
            await guest.api.post(path, new_time, AppointmentView, key=form.key)
            said = "Your booking has been moved."
            return guest.go(f"{guest.here}/my-bookings", said=said)
        again = new_time | {"pay_online": wish.pay_online}
        booked = await guest.api.post(path, again, BookingView, key=form.key)
    except ProblemError as refused:
        found = await own(guest, appointment_id)
        return await _review(guest, found, _verb(verb), form, refused.problem)
    return guest.go(f"{guest.here}/bookings/{booked.booking_id}")


async def _review(
    guest: Guest, found: Own, verb: Verb, form: Form, problem: Problem | None = None
) -> Response[str]:
    wish, start = Wish.of(form), Wish.of(form).start
    if wish.event is not None:
        event = await guest.api.get(f"{guest.there}/events/{wish.event}", EventView)
        start = event.start
    services = found.catalogue.chosen(line.service_id for line in found.appointment.lines)
    is_undecided = problem is not None and problem.type == SERVICE_UNAVAILABLE.uri
    return guest.page(
        "booking/new_time_review.html",
        status=problem.status if problem else 200,
        verb=verb,
        own=found,
        wish=wish,
        start=start,
        is_anybody=form.text("member") == "any",
        choice=choice_beside_paying(services) if verb == "repeat" else "",
        price=services[0].price,
        key=form.key if is_undecided else Form().key,
        is_too_late=problem is not None and problem.type == RESCHEDULING_TOO_LATE.uri,
        reasons=reasons_of(problem, found.catalogue) if problem else [],
        problem=problem,
    )


def _same_member(appointment: AppointmentView) -> UUID | None:
    """Return the team member who performs all of it, if one does."""
    members = {line.team_member_id for line in appointment.lines}
    return members.pop() if len(members) == 1 else None


def _verb(text: str) -> Verb:
    if text not in _VERBS:
        raise not_found("such page")
    return _VERBS[text]
