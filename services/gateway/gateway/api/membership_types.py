"""Membership types: the articles that are sold."""

import asyncio
from collections.abc import Collection, Iterator
from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking_views import CategoryList, LocationView, ServiceList
from contracts.membership import ChangeMembershipType, CreateMembershipType, MembershipTypeForm
from contracts.membership_views import MembershipTypeList, MembershipTypeView
from contracts.problems import INVALID_REQUEST
from contracts.reply import FieldError
from gateway.api.routes import command, question, replacement
from gateway.commands import Submission
from gateway.queries import Reading
from web.problems import ProblemError, not_found

_PATH = "/v1/chains/{chain_id:uuid}/membership-types"
_TAG = "Memberships"


@command(_PATH, MembershipTypeView, tag=_TAG, status=201)
async def create_membership_type(
    chain_id: FromPath[UUID],
    data: JSONBody[MembershipTypeForm],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Offer a membership type: what it covers, how many sessions, how long."""
    await _require_of_chain(chain_id, data, reading)
    membership_type_id = submission.new_id("membership_type")
    return await submission.send(
        CreateMembershipType(
            membership_type_id=membership_type_id, chain_id=chain_id, membership_type=data
        )
    )


@replacement(_PATH + "/{membership_type_id:uuid}", MembershipTypeView, tag=_TAG)
async def change_membership_type(
    chain_id: FromPath[UUID],
    membership_type_id: FromPath[UUID],
    data: JSONBody[MembershipTypeForm],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Replace a membership type; memberships issued already keep what they were sold with."""
    await _require_of_chain(chain_id, data, reading)
    return await submission.send(
        ChangeMembershipType(
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


async def _require_of_chain(chain_id: UUID, form: MembershipTypeForm, reading: Reading) -> None:
    """Refuse services, categories and locations that the chain does not have, all at once."""
    services, categories, locations = await asyncio.gather(
        _services(chain_id, form, reading),
        _categories(chain_id, form, reading),
        _locations(chain_id, form, reading),
    )
    wrong = [
        *_unknown("location_ids", form.location_ids, locations),
        *(
            error
            for number, bucket in enumerate(form.buckets)
            for error in (
                *_unknown(f"buckets.{number}.service_ids", bucket.service_ids, services),
                *_unknown(f"buckets.{number}.category_ids", bucket.category_ids, categories),
            )
        ),
    ]
    if wrong:
        names = ", ".join(error.field for error in wrong)
        raise ProblemError(INVALID_REQUEST.problem(f"Please correct: {names}.", errors=wrong))


def _unknown(field: str, given: Collection[UUID], known: Collection[UUID]) -> Iterator[FieldError]:
    for number, one in enumerate(given):
        if one not in known:
            message = "There is no such thing in this chain."
            yield FieldError(field=f"{field}.{number}", message=message)


async def _services(chain_id: UUID, form: MembershipTypeForm, reading: Reading) -> set[UUID]:
    if not any(bucket.service_ids for bucket in form.buckets):
        return set()
    found = await reading.found("booking", f"/chains/{chain_id}/services", ServiceList)
    if found is None:
        raise not_found(f"chain {chain_id}")
    return {service.service_id for service in found.services}


async def _categories(chain_id: UUID, form: MembershipTypeForm, reading: Reading) -> set[UUID]:
    if not any(bucket.category_ids for bucket in form.buckets):
        return set()
    found = await reading.found("booking", f"/chains/{chain_id}/categories", CategoryList)
    if found is None:
        raise not_found(f"chain {chain_id}")
    return {category.category_id for category in found.categories}


async def _locations(chain_id: UUID, form: MembershipTypeForm, reading: Reading) -> set[UUID]:
    given = set(form.location_ids)
    found = await asyncio.gather(
        *(reading.found("booking", f"/locations/{one}", LocationView) for one in given)
    )
    return {each.location_id for each in found if each is not None and each.chain_id == chain_id}
