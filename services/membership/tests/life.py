"""Commands about issued memberships, filled in."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from contracts.membership import (
    AdjustMembership,
    AdjustmentForm,
    ExtendMembership,
    ExtensionForm,
    FreezeForm,
    FreezeMembership,
    UnfreezeMembership,
    UnshareMembership,
    VoidForm,
    VoidMembership,
)

from .studio import Studio


def freezing(studio: Studio, membership_id: UUID, until: date | None = None) -> FreezeMembership:
    return FreezeMembership(
        membership_id=membership_id, chain_id=studio.chain_id, freeze=FreezeForm(until=until)
    )


def unfreezing(studio: Studio, membership_id: UUID) -> UnfreezeMembership:
    return UnfreezeMembership(membership_id=membership_id, chain_id=studio.chain_id)


def removing(studio: Studio, membership_id: UUID, client_id: UUID) -> UnshareMembership:
    return UnshareMembership(
        membership_id=membership_id, chain_id=studio.chain_id, shared_client_id=client_id
    )


def extending(studio: Studio, membership_id: UUID, expires_on: date) -> ExtendMembership:
    form = ExtensionForm(expires_on=expires_on, reason="Was ill")
    return ExtendMembership(membership_id=membership_id, chain_id=studio.chain_id, extension=form)


def adjusting(studio: Studio, membership_id: UUID, sessions: int, **terms: Any) -> AdjustMembership:
    form = AdjustmentForm(sessions=sessions, reason="Counted anew", **terms)
    return AdjustMembership(
        membership_id=membership_id,
        chain_id=studio.chain_id,
        adjustment_id=uuid4(),
        adjustment=form,
    )


def voiding(studio: Studio, membership_id: UUID, *, force: bool = False) -> VoidMembership:
    form = VoidForm(reason="Moved away", force=force)
    return VoidMembership(membership_id=membership_id, chain_id=studio.chain_id, void=form)
