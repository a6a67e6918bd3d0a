"""Membership types: the articles that are sold."""

from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.membership import CreateMembershipType, MembershipTypeForm
from contracts.membership_views import MembershipTypeList, MembershipTypeView
from gateway.api.routes import command, question
from gateway.commands import Submission
from gateway.queries import Reading

_PATH = "/v1/chains/{chain_id:uuid}/membership-types"
_TAG = "Memberships"


@command(_PATH, MembershipTypeView, tag=_TAG, status=201)
async def create_membership_type(
    chain_id: FromPath[UUID],
    data: JSONBody[MembershipTypeForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Offer a membership type: what it covers, how many sessions, how long."""
    membership_type_id = submission.new_id("membership_type")
    return await submission.send(
        CreateMembershipType(
            membership_type_id=membership_type_id, chain_id=chain_id, membership_type=data
        )
    )


@question(_PATH, MembershipTypeList, tag=_TAG)
async def list_membership_types(reading: NamedDependency[Reading]) -> Response[bytes]:
    """List the membership types of a chain."""
    return await reading.pass_on("membership")


@question(_PATH + "/{membership_type_id:uuid}", MembershipTypeView, tag=_TAG)
async def get_membership_type(
    reading: NamedDependency[Reading],
) -> Response[bytes]:
    """Return a membership type."""
    return await reading.pass_on("membership")
