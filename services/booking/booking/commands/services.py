"""Offer services, change their settings, duplicate them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from booking.announcements.offers import service_view
from booking.commands.asked import Asked, answering, location_within_reach
from booking.domain.catalogue import Category, Location, Service
from booking.domain.refusals import invalid, unknown
from booking.domain.settings import duplicate, must_agree
from booking.store import catalogue
from contracts.booking import ChangeService, CreateService, DuplicateService
from messaging import Work


@dataclass(frozen=True, slots=True)
class _Offer:
    """The locations, categories and services that a batch asks about."""

    locations: dict[UUID, Location]
    categories: dict[UUID, Category]
    services: dict[UUID, Service]


async def create_services(work: Work, asked: Sequence[Asked[CreateService]]) -> None:
    """Offer services whose settings agree (rule G2)."""
    offer = await _load_offer(work, asked)
    added: list[Service] = []
    for each in asked:
        with answering(work, each):
            location = location_within_reach(each, offer.locations, each.body.location_id)
            service = _service(each.body, location, offer.categories)
            added.append(service)
            view = service_view(service, location)
            work.conclude(each.id, view.model_dump(mode="json"), status=201)
    if added:
        await catalogue.add_services(work.transaction, added)


async def change_services(work: Work, asked: Sequence[Asked[ChangeService]]) -> None:
    """Replace the settings of services, if they agree (G2); bookings made keep theirs (A17)."""
    offer = await _load_offer(work, asked)
    changed: dict[UUID, Service] = {}
    for each in asked:
        with answering(work, each):
            location = location_within_reach(each, offer.locations, each.body.location_id)
            before = _known(each.body.service_id, location, offer.services)
            if before.kind != each.body.service.kind:
                raise invalid("kind", f"stays {before.kind}: offer another service instead")
            form = _service(each.body, location, offer.categories)
            service = replace(form, service_id=before.service_id)
            changed[service.service_id] = service
            work.conclude(each.id, service_view(service, location).model_dump(mode="json"))
    if changed:
        await catalogue.change_services(work.transaction, list(changed.values()))


async def duplicate_services(work: Work, asked: Sequence[Asked[DuplicateService]]) -> None:
    """Offer copies of services, performed by the same team members: the way out of rule G2."""
    locations = await catalogue.locations(
        work.transaction, (each.body.location_id for each in asked)
    )
    services = await catalogue.services(
        work.transaction, (each.body.original_service_id for each in asked)
    )
    copies: list[tuple[Service, UUID]] = []
    for each in asked:
        with answering(work, each):
            location = location_within_reach(each, locations, each.body.location_id)
            original = _known(each.body.original_service_id, location, services)
            wanted = each.body.duplicate
            copy = duplicate(
                original,
                each.body.service_id,
                name=wanted.name,
                membership_booking=wanted.membership_booking,
                online_prepayment=wanted.online_prepayment,
            )
            must_agree(copy, location)
            copies.append((copy, original.service_id))
            view = service_view(copy, location)
            work.conclude(each.id, view.model_dump(mode="json"), status=201)
    if copies:
        await catalogue.add_services(work.transaction, [copy for copy, _ in copies])
        await catalogue.perform_too(
            work.transaction, {copy.service_id: original for copy, original in copies}
        )


async def _load_offer(
    work: Work, asked: Sequence[Asked[CreateService] | Asked[ChangeService]]
) -> _Offer:
    commands = [each.body for each in asked]
    named = (each.service.category_id for each in commands)
    categories = {category_id for category_id in named if category_id is not None}
    return _Offer(
        await catalogue.locations(work.transaction, (each.location_id for each in commands)),
        await catalogue.categories(work.transaction, categories) if categories else {},
        await catalogue.services(work.transaction, (each.service_id for each in commands)),
    )


def _known(service_id: UUID, location: Location, services: Mapping[UUID, Service]) -> Service:
    service = services.get(service_id)
    if service is None or service.location_id != location.location_id:
        raise unknown(f"service {service_id}")
    return service


def _service(
    command: CreateService | ChangeService, location: Location, categories: Mapping[UUID, Category]
) -> Service:
    form = command.service
    if form.category_id is not None:
        category = categories.get(form.category_id)
        if category is None or category.chain_id != location.chain_id:
            raise unknown(f"category {form.category_id}")
    service = Service(
        service_id=command.service_id,
        location_id=command.location_id,
        name=form.name,
        kind=form.kind,
        duration_minutes=form.duration_minutes,
        price=form.price,
        membership_booking=form.membership_booking,
        automatic_debiting=form.automatic_debiting,
        free_cancellation_hours=form.free_cancellation_hours,
        category_id=form.category_id,
        online_prepayment=form.online_prepayment,
    )
    must_agree(service, location)
    return service
