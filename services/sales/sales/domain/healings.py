"""Visits that were not debited, and a membership is to pay now."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(slots=True)
class Healing:
    """What a membership has paid, and could not; `waits_for` are its debits under way."""

    settlement_id: UUID
    command_id: UUID
    membership_id: UUID
    waits_for: list[UUID] = field(default_factory=list[UUID])
    settled: list[UUID] = field(default_factory=list[UUID])
    refused: list[UUID] = field(default_factory=list[UUID])
