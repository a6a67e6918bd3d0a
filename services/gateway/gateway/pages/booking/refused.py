"""Why something cannot be booked, and what the client can do."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from litestar import Response

from contracts.booking_views import EventView
from contracts.problems import EVENT_FULL, NO_SUITABLE_MEMBERSHIP, SLOT_TAKEN
from contracts.reply import Problem
from gateway.pages.booking.catalogue import Catalogue, catalogue_of, choice_beside_paying
from gateway.pages.booking.guest import Guest
from gateway.pages.booking.wish import Wish
from web.problems import ProblemError

_OF_THE_TIME: Final = {SLOT_TAKEN.uri, EVENT_FULL.uri}


async def refusal(guest: Guest, wish: Wish, problem: Problem) -> Response[str]:
    """Show the page of a refusal: the sentence, the reasons (rule G7), and the ways on."""
    catalogue = await catalogue_of(guest)
    if wish.event is not None and not wish.services:
        wish = wish.but(services=await _services_of(guest, wish.event))
    chosen = [catalogue.services[each] for each in wish.services if each in catalogue.services]
    is_for_members = problem.type == NO_SUITABLE_MEMBERSHIP.uri
    can_pay = is_for_members and choice_beside_paying(chosen) == "membership"
    return guest.page(
        "booking/refused.html",
        status=problem.status,
        step=5,
        wish=wish,
        problem=problem,
        is_for_members=is_for_members,
        is_of_the_time=problem.type in _OF_THE_TIME,
        reasons=reasons_of(problem, catalogue),
        pay_online=wish.but(pay="online") if can_pay else None,
    )


def reasons_of(problem: Problem, catalogue: Catalogue) -> Sequence[tuple[str, str]]:
    """Return each reason once, with the name of the service that it is about."""
    names = {str(each): service.name for each, service in catalogue.services.items()}
    found = [
        (str(each.get("reason", "")), names.get(str(each.get("service_id")), ""))
        for each in problem.reasons
    ]
    return list(dict.fromkeys(found))


async def _services_of(guest: Guest, event_id: UUID) -> tuple[UUID, ...]:
    try:
        event = await guest.api.get(f"{guest.there}/events/{event_id}", EventView)
    except ProblemError:
        return ()
    return (event.service_id,)
