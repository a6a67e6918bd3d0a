"""Who may use a membership beside its owner (rules S1, S2)."""

from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking_views import ClientView
from contracts.membership import SharedClientForm, ShareMembership, UnshareMembership
from contracts.membership_views import MembershipView, RemovalPlan
from gateway.api.membership_life import chain_of
from gateway.api.routes import command, question, removal
from gateway.commands import Submission
from gateway.queries import Reading

_PATH = "/v1/memberships/{membership_id:uuid}/shared-clients"
_TAG = "Memberships"


@command(_PATH, MembershipView, tag=_TAG)
async def share_membership(
    membership_id: FromPath[UUID],
    data: JSONBody[SharedClientForm],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Let another client of the chain use a membership beside its owner."""
    chain_id = await chain_of(membership_id, reading)
    path = f"/chains/{chain_id}/clients/{data.client_id}"
    await reading.referred("booking", path, ClientView, field="client_id")
    return await submission.send(
        ShareMembership(membership_id=membership_id, chain_id=chain_id, shared_client=data)
    )


@question(_PATH + "/{client_id:uuid}/removal", RemovalPlan, tag=_TAG)
async def plan_removal(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Say which bookings of a shared client are held on it, and what would become of them."""
    return await reading.pass_on("membership")


@removal(_PATH + "/{client_id:uuid}", MembershipView, tag=_TAG)
async def unshare_membership(
    membership_id: FromPath[UUID],
    client_id: FromPath[UUID],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Remove a shared client: holds move to another membership, or end and flag their bookings."""
    chain_id = await chain_of(membership_id, reading)
    return await submission.send(
        UnshareMembership(
            membership_id=membership_id, chain_id=chain_id, shared_client_id=client_id
        )
    )
