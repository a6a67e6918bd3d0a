"""Found chains, group their services, open locations and change their settings."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from uuid import UUID
from zoneinfo import available_timezones

import phonenumbers

from booking.announcements.offers import category_view, chain_view, location_view
from booking.commands.asked import Asked, answering, location_within_reach
from booking.domain.catalogue import Category, Chain, Location, OnlinePayment, Service, WidgetTheme
from booking.domain.refusals import Refusal, invalid, unknown
from booking.domain.settings import follow_policy
from booking.store import catalogue
from contracts.booking import (
    ChangeLocation,
    CreateCategory,
    CreateChain,
    CreateLocation,
    LocationForm,
)
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


async def change_locations(work: Work, asked: Sequence[Asked[ChangeLocation]]) -> None:
    """Replace the settings of locations; services follow a policy that is turned on (rule G4)."""
    ids = {each.body.location_id for each in asked}
    locations = await catalogue.locations(work.transaction, ids)
    services = await catalogue.services_at(work.transaction, ids)
    changed: dict[UUID, Location] = {}
    for each in asked:
        with answering(work, each):
            before = location_within_reach(each, locations, each.body.location_id)
            after = changed[before.location_id] = locations[before.location_id] = _changed(
                before, each.body.location
            )
            services = [_following(service, before, after) for service in services]
            work.conclude(each.id, location_view(after).model_dump(mode="json"))
    if changed:
        await catalogue.change_locations(work.transaction, list(changed.values()))
        following = [each for each in services if each.location_id in changed]
        if following:
            await catalogue.change_services(work.transaction, following)


def _changed(location: Location, form: LocationForm) -> Location:
    _must_have_a_region(form)
    if form.time_zone != location.time_zone:
        raise invalid("time_zone", f"stays {location.time_zone}")
    if form.currency != location.currency:
        raise invalid("currency", f"stays {location.currency}")
    return replace(
        location,
        name=form.name,
        region=form.region,
        online_payment=OnlinePayment(form.online_payment.individual, form.online_payment.group),
        phone_confirmation=form.phone_confirmation,
        widget_theme=WidgetTheme(form.widget_theme.color, form.widget_theme.mode),
    )


def _following(service: Service, before: Location, after: Location) -> Service:
    if service.location_id != after.location_id:
        return service
    return follow_policy(service, before.online_payment, after.online_payment)


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
