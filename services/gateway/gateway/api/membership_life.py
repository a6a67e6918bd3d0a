"""The life of an issued membership: frozen, extended, adjusted, voided, imported."""

from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.base import derive_id
from contracts.booking_views import ClientNames, LocationView
from contracts.membership import (
    AdjustMembership,
    AdjustmentForm,
    ExtendMembership,
    ExtensionForm,
    FreezeForm,
    FreezeMembership,
    ImportedMembershipForm,
    ImportMembership,
    UnfreezeMembership,
    VoidForm,
    VoidMembership,
)
from contracts.membership_views import MembershipTypeView, MembershipView
from contracts.problems import SESSIONS_HELD
from gateway.api.routes import command
from gateway.commands import Submission
from gateway.queries import Reading
from web.problems import invalid_field, not_found

_PATH = "/v1/memberships/{membership_id:uuid}"
_TAG = "Memberships"


@command(_PATH + "/freeze", MembershipView, tag=_TAG)
async def freeze_membership(
    membership_id: FromPath[UUID],
    data: JSONBody[FreezeForm],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Freeze a membership, within the limits of its type: it is not debited automatically."""
    chain_id = await chain_of(membership_id, reading)
    return await submission.send(
        FreezeMembership(membership_id=membership_id, chain_id=chain_id, freeze=data)
    )


@command(_PATH + "/unfreeze", MembershipView, tag=_TAG)
async def unfreeze_membership(
    membership_id: FromPath[UUID],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Unfreeze a membership; its expiry date moves by the days that it was frozen."""
    chain_id = await chain_of(membership_id, reading)
    return await submission.send(UnfreezeMembership(membership_id=membership_id, chain_id=chain_id))


@command(_PATH + "/extend", MembershipView, tag=_TAG)
async def extend_membership(
    membership_id: FromPath[UUID],
    data: JSONBody[ExtensionForm],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Let a membership expire later; one that has expired is valid again."""
    chain_id = await chain_of(membership_id, reading)
    return await submission.send(
        ExtendMembership(membership_id=membership_id, chain_id=chain_id, extension=data)
    )


@command(_PATH + "/adjust", MembershipView, tag=_TAG, refuses=(SESSIONS_HELD,))
async def adjust_membership(
    membership_id: FromPath[UUID],
    data: JSONBody[AdjustmentForm],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Give a membership sessions, or take some; what is held is taken by force alone."""
    if data.sessions == 0:
        raise invalid_field("sessions", "Say how many sessions more (+) or less (-).")
    chain_id = await chain_of(membership_id, reading)
    return await submission.send(
        AdjustMembership(
            membership_id=membership_id,
            chain_id=chain_id,
            adjustment_id=submission.new_id("adjustment"),
            adjustment=data,
        )
    )


@command(_PATH + "/void", MembershipView, tag=_TAG, refuses=(SESSIONS_HELD,))
async def void_membership(
    membership_id: FromPath[UUID],
    data: JSONBody[VoidForm],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """End a membership for good: it pays nothing any more; what it paid stays."""
    chain_id = await chain_of(membership_id, reading)
    return await submission.send(
        VoidMembership(membership_id=membership_id, chain_id=chain_id, void=data)
    )


@command(
    "/v1/locations/{location_id:uuid}/imported-memberships",
    MembershipView,
    tag=_TAG,
    status=201,
)
async def import_membership(
    location_id: FromPath[UUID],
    data: JSONBody[ImportedMembershipForm],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Issue a membership that was sold elsewhere, with what is left on it.

    The same `reference` again is the same membership, however often it is imported.
    """
    location = await reading.found("booking", f"/locations/{location_id}", LocationView)
    if location is None:
        raise not_found(f"location {location_id}")
    await _require_known(reading, location.chain_id, data)
    return await submission.send(
        ImportMembership(
            membership_id=derive_id(location.chain_id, "imported_membership", data.reference),
            chain_id=location.chain_id,
            location_id=location_id,
            time_zone=location.time_zone,
            imported=data,
        )
    )


async def chain_of(membership_id: UUID, reading: Reading) -> UUID:
    """Return the chain of a membership within reach; raises 404."""
    membership = await reading.found("membership", f"/memberships/{membership_id}", MembershipView)
    if membership is None:
        raise not_found(f"membership {membership_id}")
    return membership.chain_id


async def _require_known(reading: Reading, chain_id: UUID, form: ImportedMembershipForm) -> None:
    """Raise the field's error if the type, or a client, is not one of the chain."""
    await reading.referred(
        "membership",
        f"/chains/{chain_id}/membership-types/{form.membership_type_id}",
        MembershipTypeView,
        field="membership_type_id",
    )
    clients = [form.client_id, *form.shared_client_ids]
    path = f"/chains/{chain_id}/client-names"
    known = await reading.read("booking", path, ClientNames, client_id=clients)
    if form.client_id not in known.names:
        raise invalid_field("client_id", "There is no such thing here.")
    if not known.names.keys() >= set(form.shared_client_ids):
        raise invalid_field("shared_client_ids", "There is no such thing here.")
