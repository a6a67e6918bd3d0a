"""How: how many spots, and by which means they are paid where there is a choice (rule G3)."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Redirect

from contracts.booking_views import EventView
from gateway.pages.booking.catalogue import catalogue_of, choice_beside_paying
from gateway.pages.booking.guest import Guest
from gateway.pages.booking.wish import Wish


@get("/options")
async def offer_options(guest: NamedDependency[Guest]) -> Response[str] | Redirect:
    """Ask for what is left to choose of an event, or of services that can be paid online."""
    wish, catalogue = Wish.of(guest.asked), await catalogue_of(guest)
    event = None
    if wish.event is not None:
        event = await guest.api.get(f"{guest.there}/events/{wish.event}", EventView)
        wish = wish.but(services=(event.service_id,))
    elif not wish.services or wish.start is None:
        return guest.go(guest.here)
    chosen = catalogue.chosen(wish.services)
    return guest.page(
        "booking/options.html",
        step=3,
        wish=wish,
        chosen=chosen,
        event=event,
        member=catalogue.name_of(event.team_member_id if event else wish.member),
        choice=choice_beside_paying(chosen),
    )
