"""Found chains, group their services, open locations."""

from collections.abc import Mapping, Sequence
from functools import cache
from uuid import UUID
from zoneinfo import available_timezones

import phonenumbers

from booking.announcements.offers import category_view, chain_view, location_view
from booking.commands.asked import Asked, answering
from booking.domain.catalogue import Category, Chain, Location, OnlinePayment, WidgetTheme
from booking.domain.refusals import Refusal, invalid, unknown
from booking.store import catalogue
from contracts.booking import CreateCategory, CreateChain, CreateLocation, LocationForm
from messaging import Work


async def create_chains(
    work: Work, asked: Sequence[Asked[CreateChain]], *, sandboxes: bool
) -> None:
    """Found chains; a sandbox only where test clocks are on (`sandboxes`)."""
    added: list[Chain] = []
    for each in asked:
        with answering(work, each):
            chain = Chain(each.body.chain_id, each.body.chain.name, each.body.chain.sandbox)
            if chain.sandbox and not sandboxes:
                raise Refusal("conflict", "There are no sandboxes here: test clocks are off.")
            added.append(chain)
            work.conclude(each.id, chain_view(chain).model_dump(mode="json"), status=201)
    if added:
        await catalogue.add_chains(work.transaction, added)


async def create_categories(work: Work, asked: Sequence[Asked[CreateCategory]]) -> None:
    """Group the services of chains."""
    chains = await catalogue.chains(work.transaction, (each.body.chain_id for each in asked))
    added: list[Category] = []
    for each in asked:
        with answering(work, each):
            _must_be_within_reach(each, chains)
            category = Category(each.body.category_id, each.body.chain_id, each.body.category.name)
            added.append(category)
            work.conclude(each.id, category_view(category).model_dump(mode="json"), status=201)
    if added:
        await catalogue.add_categories(work.transaction, added)


async def create_locations(work: Work, asked: Sequence[Asked[CreateLocation]]) -> None:
    """Open locations, each with a zone and a phone region that exist (rules X5, G8)."""
    chains = await catalogue.chains(work.transaction, (each.body.chain_id for each in asked))
    added: list[Location] = []
    for each in asked:
        with answering(work, each):
            _must_be_within_reach(each, chains)
            location = _location(each.body)
            added.append(location)
            view = location_view(location)
            work.conclude(each.id, view.model_dump(mode="json"), status=201)
    if added:
        await catalogue.add_locations(work.transaction, added)


def _must_be_within_reach(
    asked: Asked[CreateCategory] | Asked[CreateLocation], chains: Mapping[UUID, Chain]
) -> None:
    chain_id = asked.body.chain_id
    if chain_id not in chains or not asked.principal.reaches(chain_id):
        raise unknown(f"chain {chain_id}")


def _location(command: CreateLocation) -> Location:
    form = command.location
    _must_have_a_region(form)
    if form.time_zone not in _zones():
        raise invalid("time_zone", "is not an IANA time zone, such as Europe/Berlin")
    return Location(
        location_id=command.location_id,
        chain_id=command.chain_id,
        name=form.name,
        time_zone=form.time_zone,
        currency=form.currency,
        region=form.region,
        online_payment=OnlinePayment(form.online_payment.individual, form.online_payment.group),
        phone_confirmation=form.phone_confirmation,
        widget_theme=WidgetTheme(form.widget_theme.color, form.widget_theme.mode),
    )


def _must_have_a_region(form: LocationForm) -> None:
    if form.region not in phonenumbers.SUPPORTED_REGIONS:
        raise invalid("region", "is not a region with phone numbers, such as DE")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
