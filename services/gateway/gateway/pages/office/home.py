"""Where a person who has signed in goes on: the locations that are theirs."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Redirect

from contracts.booking_views import LocationList, LocationView
from gateway.pages.desk import Desk, Visit
from gateway.pages.given import api_of
from gateway.pages.inner import Api
from gateway.staff import Grant
from web.identity import Principal, Role


@get("/")
async def choose_location(visit: NamedDependency[Visit]) -> Response[Any]:
    """Show the locations of this person; who has one alone is there at once."""
    if visit.staff.runs_the_platform:
        return Redirect("/office/events", status_code=303)
    found = [each for grant in visit.staff.grants for each in await _locations(visit, grant)]
    locations = sorted({each.location_id: each for each in found}.values(), key=lambda it: it.name)
    if len(locations) == 1:
        return Redirect(f"/office/{locations[0].location_id}", status_code=303)
    return visit.page("office/locations.html", locations=locations)


@get("/{location_id:uuid}")
async def show_location(desk: NamedDependency[Desk]) -> Redirect:
    """Lead to what one looks at first at a location: its calendar."""
    return Redirect(f"{desk.here}/calendar", status_code=303)


async def _locations(visit: Visit, grant: Grant) -> list[LocationView]:
    """Return the locations that a role is for, as the chain's backend sees them."""
    principal = Principal(id=visit.staff.staff_id, role=Role.GATEWAY, chain_id=grant.chain_id)
    api: Api = api_of(visit.request, principal)
    if grant.location_id is not None:
        return [await api.get(f"/v1/locations/{grant.location_id}", LocationView)]
    answer = await api.get(f"/v1/chains/{grant.chain_id}/locations", LocationList)
    return list(answer.locations)
