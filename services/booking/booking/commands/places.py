"""Found chains and open locations."""

from collections.abc import Sequence
from functools import cache
from zoneinfo import available_timezones

import phonenumbers

from booking.announcements.offers import location_view
from booking.commands.asked import Asked, answering
from booking.domain.catalogue import Location
from booking.domain.refusals import invalid, unknown
from booking.store import catalogue
from contracts.booking import CreateChain, CreateLocation
from contracts.booking_views import ChainView
from messaging import Work


async def create_chains(work: Work, asked: Sequence[Asked[CreateChain]]) -> None:
    """Found chains."""
    chains = [(each.body.chain_id, each.body.chain.name) for each in asked]
    await catalogue.add_chains(work.transaction, chains)
    for each, (chain_id, name) in zip(asked, chains, strict=True):
        view = ChainView(chain_id=chain_id, name=name)
        work.conclude(each.id, view.model_dump(mode="json"), status=201)


async def create_locations(work: Work, asked: Sequence[Asked[CreateLocation]]) -> None:
    """Open locations, each with a zone and a phone region that exist (rules X5, G8)."""
    chains = await catalogue.known_chains(work.transaction, {each.body.chain_id for each in asked})
    added: list[Location] = []
    for each in asked:
        with answering(work, each):
            if each.body.chain_id not in chains or not each.principal.reaches(each.body.chain_id):
                raise unknown(f"chain {each.body.chain_id}")
            location = _location(each.body)
            added.append(location)
            view = location_view(location)
            work.conclude(each.id, view.model_dump(mode="json"), status=201)
    if added:
        await catalogue.add_locations(work.transaction, added)


def _location(command: CreateLocation) -> Location:
    form = command.location
    if form.time_zone not in _zones():
        raise invalid("time_zone", "is not an IANA time zone, such as Europe/Berlin")
    if form.region not in phonenumbers.SUPPORTED_REGIONS:
        raise invalid("region", "is not a region with phone numbers, such as DE")
    return Location(
        command.location_id,
        command.chain_id,
        form.name,
        form.time_zone,
        form.currency,
        form.region,
    )


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
