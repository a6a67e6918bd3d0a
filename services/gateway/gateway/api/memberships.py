"""Memberships: looking at them, freezing, sharing."""

from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking_views import ClientView
from contracts.membership import (
    FreezeMembership,
    SharedClientForm,
    ShareMembership,
    UnfreezeMembership,
)
from contracts.membership_views import MembershipList, MembershipView
from gateway.api.routes import command, question
from gateway.commands import Submission
from gateway.queries import Reading
from web.problems import not_found

_PATH = "/v1/memberships/{membership_id:uuid}"
_TAG = "Memberships"


@question(_PATH, MembershipView, tag=_TAG)
async def get_membership(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return a membership: owner, shared clients, balance, and who used it when."""
    return await reading.pass_on("membership")


@question("/v1/clients/{client_id:uuid}/memberships", MembershipList, tag=_TAG)
async def list_memberships(reading: NamedDependency[Reading]) -> Response[bytes]:
    """List the memberships that a client owns or shares, in the order in which they are debited."""
    return await reading.pass_on("membership")


@command(_PATH + "/freeze", MembershipView, tag=_TAG)
async def freeze_membership(
    membership_id: FromPath[UUID],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Freeze a membership: it is not debited automatically until it is unfrozen."""
    chain_id = await _chain_of(membership_id, reading)
    return await submission.send(FreezeMembership(membership_id=membership_id, chain_id=chain_id))


@command(_PATH + "/unfreeze", MembershipView, tag=_TAG)
async def unfreeze_membership(
    membership_id: FromPath[UUID],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Unfreeze a membership; its expiry date moves by the days that it was frozen."""
    chain_id = await _chain_of(membership_id, reading)
    return await submission.send(UnfreezeMembership(membership_id=membership_id, chain_id=chain_id))


@command(_PATH + "/shared-clients", MembershipView, tag=_TAG)
async def share_membership(
    membership_id: FromPath[UUID],
    data: JSONBody[SharedClientForm],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Let another client of the chain use a membership beside its owner."""
    chain_id = await _chain_of(membership_id, reading)
    path = f"/chains/{chain_id}/clients/{data.client_id}"
    await reading.referred("booking", path, ClientView, field="client_id")
    return await submission.send(
        ShareMembership(membership_id=membership_id, chain_id=chain_id, shared_client=data)
    )


async def _chain_of(membership_id: UUID, reading: Reading) -> UUID:
    membership = await reading.found("membership", f"/memberships/{membership_id}", MembershipView)
    if membership is None:
        raise not_found(f"membership {membership_id}")
    return membership.chain_id
