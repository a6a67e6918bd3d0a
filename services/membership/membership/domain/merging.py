"""Merged services: the old ids mean the merged service, for ever (rules A11, A17)."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID


class Merge(NamedTuple):
    """That services are one from now on."""

    service_id: UUID
    merged_service_ids: tuple[UUID, ...]

    @property
    def all_ids(self) -> tuple[UUID, ...]:
        """The services that are one."""
        return self.service_id, *self.merged_service_ids


def is_known(known: Mapping[UUID, UUID], merged: Merge) -> bool:
    """Whether nothing new is said by this."""
    meant = {known.get(service_id) for service_id in merged.all_ids}
    return len(meant) == 1 and None not in meant


def extended(service_ids: frozenset[UUID], merges: Iterable[Merge]) -> frozenset[UUID]:
    """Return what is covered if it is one with what these merges name."""
    for one in merges:
        if not service_ids.isdisjoint(one.all_ids):
            service_ids |= frozenset(one.all_ids)
    return service_ids


def merge(known: Mapping[UUID, UUID], merged: Merge) -> dict[UUID, UUID]:
    """Return what every service means, from what each meant before.

    What was merged into a service that is itself merged by now means that one's, in whichever
    order the merges are heard.
    """
    left = known.get(merged.service_id, merged.service_id)
    before = {known.get(service_id, service_id) for service_id in merged.all_ids}
    following = {service_id: left for service_id, means in known.items() if means in before}
    return {**known, **following, **dict.fromkeys(merged.all_ids, left)}
