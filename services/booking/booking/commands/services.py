"""Offer services and change their settings."""

from collections.abc import Sequence
from uuid import UUID

from booking.announcements.offers import service_view
from booking.commands.asked import Asked, answering, location_within_reach
from booking.domain.catalogue import Service
from booking.domain.refusals import invalid, unknown
from booking.store import catalogue
from contracts.booking import ChangeService, CreateService
from messaging import Work


async def create_services(work: Work, asked: Sequence[Asked[CreateService]]) -> None:
    """Offer services."""
    locations = await catalogue.locations(
        work.transaction, (each.body.location_id for each in asked)
    )
    added: list[Service] = []
    for each in asked:
        with answering(work, each):
            location = location_within_reach(each, locations, each.body.location_id)
            service = _service(each.body)
            added.append(service)
            view = service_view(service, location)
            work.conclude(each.id, view.model_dump(mode="json"), status=201)
    if added:
        await catalogue.add_services(work.transaction, added)


async def change_services(work: Work, asked: Sequence[Asked[ChangeService]]) -> None:
    """Replace the settings of services; bookings that were made keep theirs (rule A17)."""
    locations = await catalogue.locations(
        work.transaction, (each.body.location_id for each in asked)
    )
    services = await catalogue.services(work.transaction, (each.body.service_id for each in asked))
    changed: dict[UUID, Service] = {}
    for each in asked:
        with answering(work, each):
            location = location_within_reach(each, locations, each.body.location_id)
            _must_be_the_same_kind(each.body, services.get(each.body.service_id))
            service = changed[each.body.service_id] = _service(each.body)
            view = service_view(service, location)
            work.conclude(each.id, view.model_dump(mode="json"))
    if changed:
        await catalogue.change_services(work.transaction, list(changed.values()))


def _must_be_the_same_kind(command: ChangeService, service: Service | None) -> None:
    if service is None or service.location_id != command.location_id:
        raise unknown(f"service {command.service_id}")
    if service.kind != command.service.kind:
        raise invalid("kind", f"stays {service.kind}: offer another service instead")


def _service(command: CreateService | ChangeService) -> Service:
    form = command.service
    return Service(
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
