"""The first steps: which service, or services, and who performs them."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Redirect

from gateway.pages.booking.catalogue import by_category, catalogue_of
from gateway.pages.booking.guest import Guest
from gateway.pages.booking.wish import Wish


@get("/")
async def offer_services(guest: NamedDependency[Guest]) -> Response[str]:
    """Show what can be booked; beside services that are chosen, others for the same visit."""
    wish, catalogue = Wish.of(guest.asked), await catalogue_of(guest)
    chosen = catalogue.chosen(wish.services) if wish.services else []
    offered = [
        each
        for each in catalogue.services.values()
        if not chosen or (each.kind == "individual" and each not in chosen)
    ]
    return guest.page(
        "booking/services.html",
        step=1,
        wish=wish,
        chosen=chosen,
        groups=await by_category(guest, offered),
    )


@get("/team")
async def offer_team_members(guest: NamedDependency[Guest]) -> Response[str] | Redirect:
    """Show who performs the services."""
    wish, catalogue = Wish.of(guest.asked), await catalogue_of(guest)
    if not wish.services:
        return guest.go(guest.here)
    chosen = catalogue.chosen(wish.services)
    return guest.page(
        "booking/team.html",
        step=2,
        wish=wish,
        chosen=chosen,
        members=catalogue.performers(chosen),
        can_add=sum(each.kind == "individual" for each in catalogue.services.values())
        > len(chosen),
    )
