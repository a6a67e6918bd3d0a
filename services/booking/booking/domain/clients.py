"""Clients: known by numbers, sometimes entered twice, and forgotten when they ask for it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from booking.domain.refusals import Refusal

NAMED_AT_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Client:
    """Who visits.

    `phones` are all numbers that mean the client (rule G8), in E.164 form, the current one first;
    the others are of clients who were merged, whose ids are `merged_ids`. Whoever is `erased` has
    neither name nor phone.
    """

    client_id: UUID
    name: str | None
    phones: tuple[str, ...]
    merged_ids: tuple[UUID, ...] = ()
    erased: bool = False

    @property
    def ids(self) -> set[UUID]:
        """All ids that mean the client."""
        return {self.client_id, *self.merged_ids}


@dataclass(frozen=True, slots=True)
class Standing:
    """An appointment that is to come, or not decided yet."""

    booking_id: UUID
    appointment_id: UUID
    start: datetime


def must_not_be_erased(client: Client) -> None:
    """Refuse "conflict": of who was erased nothing is known any more, nor will be."""
    if client.erased:
        raise Refusal("conflict", "The client was erased.")


def merged_ids(kept: Client, others: Collection[Client]) -> list[UUID]:
    """Return which ids mean `kept` from now on, when the others turn out to be the same person.

    Raises `Refusal` "conflict" where they are one client already, or one was erased.
    """
    for each in (kept, *others):
        must_not_be_erased(each)
    gone = {each for other in others for each in other.ids} - kept.ids
    if not gone:
        raise Refusal("conflict", "These are one client already.")
    return sorted(gone)


def must_be_erasable(standing: Sequence[Standing]) -> None:
    """Refuse "conflict", naming what stands, while the location still waits for the client."""
    if not standing:
        return
    reasons = tuple(
        {
            "booking_id": str(each.booking_id),
            "appointment_id": str(each.appointment_id),
            "start": each.start.isoformat(),
        }
        for each in standing[:NAMED_AT_MOST]
    )
    detail = "The client has appointments to come, or not decided yet: cancel them first."
    raise Refusal("conflict", detail, reasons=reasons)
