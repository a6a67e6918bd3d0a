"""Merge services: whatever names an old one means the merged one (rules A11, A17)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from booking.announcements.offers import service_view
from booking.commands.asked import Asked, answering, location_within_reach
from booking.domain.catalogue import Location, Service
from booking.domain.merging import merged
from booking.domain.refusals import unknown
from booking.store import catalogue
from contracts.booking import MergeServices, ServicesMerged
from messaging import Work


@dataclass(slots=True)
class _Offer:
    """The services that a batch merges, by any id that means them, and the old ids of each."""

    services: dict[UUID, Service]
    aliases: dict[UUID, UUID]
    changed: dict[UUID, Service] = field(default_factory=dict[UUID, Service])
    new_aliases: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])

    def service(self, service_id: UUID, location: Location) -> Service:
        """Return what an id means, if that is offered at the location."""
        service = self.services.get(service_id)
        if service is None or service.location_id != location.location_id:
            raise unknown(f"service {service_id}")
        return service

    def merge(self, result: Service, others: Iterable[Service]) -> list[UUID]:
        """Let the others, and all that meant them, mean the result; return these ids, by id."""
        gone = {each.service_id for each in others} - {result.service_id}
        gone |= {alias for alias, service_id in self.aliases.items() if service_id in gone}
        together = gone | {result.service_id}
        for each, service in self.services.items():
            if service.service_id in together:
                self.services[each] = result
        self.aliases |= dict.fromkeys(gone, result.service_id)
        self.new_aliases |= dict.fromkeys(gone, result.service_id)
        self.changed[result.service_id] = result
        return sorted(gone)


async def merge_services(work: Work, asked: Sequence[Asked[MergeServices]]) -> None:
    """Merge services under the lock of their location, and tell whoever keeps their ids.

    Bookings that were made keep the settings of their acceptance.
    """
    offer = await _load_offer(work, asked)
    locations = await catalogue.locations(
        work.transaction, (each.body.location_id for each in asked)
    )
    for each in asked:
        with answering(work, each):
            location = location_within_reach(each, locations, each.body.location_id)
            service = offer.service(each.body.service_id, location)
            others = [offer.service(one, location) for one in each.body.merge.service_ids]
            result = merged(service, others, location)
            old_ids = offer.merge(result, others)
            work.publish(_said(result, location, old_ids), cause=each.id)
            work.conclude(each.id, service_view(result, location).model_dump(mode="json"))
    if offer.changed:
        await catalogue.change_services(work.transaction, list(offer.changed.values()))
        await catalogue.save_aliases(work.transaction, offer.new_aliases)


async def _load_offer(work: Work, asked: Sequence[Asked[MergeServices]]) -> _Offer:
    services = await catalogue.services(
        work.transaction,
        {
            service_id
            for each in asked
            for service_id in (each.body.service_id, *each.body.merge.service_ids)
        },
    )
    return _Offer(services, await catalogue.aliases_of(work.transaction, services))


def _said(service: Service, location: Location, old_ids: Sequence[UUID]) -> ServicesMerged:
    return ServicesMerged(
        service_id=service.service_id,
        chain_id=location.chain_id,
        location_id=location.location_id,
        merged_service_ids=tuple(old_ids),
    )
