"""Issued memberships: looking at them, and finding them."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from contracts.booking_views import ClientPage
from contracts.membership import Status
from contracts.membership_views import (
    ChangePage,
    MembershipList,
    MembershipPage,
    MembershipView,
    UsePage,
)
from contracts.problems import INVALID_REQUEST
from gateway.api.routes import question
from gateway.queries import Reading, clients_of, names_of
from web.pagination import DEFAULT_LIMIT, Cursor, Limit

_PATH = "/v1/memberships/{membership_id:uuid}"
_TAG = "Memberships"
_MOST_CLIENTS: Final = 100
"""Clients whose memberships a search looks for; who has more hits is asked to say more."""


@question(_PATH, MembershipView, tag=_TAG)
async def get_membership(
    membership_id: FromPath[UUID], reading: NamedDependency[Reading]
) -> MembershipView:
    """Return a membership: owner, shared clients, balance, and who used it last."""
    membership = await reading.read("membership", f"/memberships/{membership_id}", MembershipView)
    names = await names_of(reading, membership.chain_id, clients_of(membership))
    return membership.model_copy(update={"names": names})


@question(_PATH + "/uses", UsePage, tag=_TAG, refuses=(INVALID_REQUEST,))
async def list_uses(
    membership_id: FromPath[UUID],
    reading: NamedDependency[Reading],
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> UsePage:
    """List "Used in sales", the newest first: when, for what, and which client used it."""
    path = f"/memberships/{membership_id}"
    membership = await reading.read("membership", path, MembershipView)
    page = await reading.read("membership", f"{path}/uses", UsePage, cursor=cursor, limit=limit)
    names = await names_of(reading, membership.chain_id, (use.client_id for use in page.uses))
    return page.model_copy(update={"names": names})


@question(_PATH + "/changes", ChangePage, tag=_TAG, refuses=(INVALID_REQUEST,))
async def list_changes(
    membership_id: FromPath[UUID],
    reading: NamedDependency[Reading],
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> ChangePage:
    """List what was done with a membership, the newest first: what, when, why, and by whom."""
    path = f"/memberships/{membership_id}"
    membership = await reading.read("membership", path, MembershipView)
    page = await reading.read(
        "membership", f"{path}/changes", ChangePage, cursor=cursor, limit=limit
    )
    concerned = (change.client_id for change in page.changes)
    names = await names_of(reading, membership.chain_id, filter(None, concerned))
    return page.model_copy(update={"names": names})


@question("/v1/clients/{client_id:uuid}/memberships", MembershipList, tag=_TAG)
async def list_memberships(
    client_id: FromPath[UUID], reading: NamedDependency[Reading]
) -> MembershipList:
    """List the memberships that a client owns or shares, in the order in which they are debited."""
    return await memberships_of(reading, client_id)


@question(
    "/v1/chains/{chain_id:uuid}/memberships", MembershipPage, tag=_TAG, refuses=(INVALID_REQUEST,)
)
async def list_issued_memberships(
    chain_id: FromPath[UUID],
    reading: NamedDependency[Reading],
    *,
    status: Annotated[Status | None, QueryParameter()] = None,
    membership_type_id: Annotated[UUID | None, QueryParameter()] = None,
    search: Annotated[str | None, QueryParameter(min_length=2, max_length=100)] = None,
    expires_from: Annotated[date | None, QueryParameter()] = None,
    expires_until: Annotated[date | None, QueryParameter()] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> MembershipPage:
    """List the issued memberships of a chain, the newest first.

    `search` is a part of a client's name or phone, or of the membership's name.
    """
    page = await reading.read(
        "membership",
        f"/chains/{chain_id}/memberships",
        MembershipPage,
        status=status,
        membership_type_id=membership_type_id,
        name=search,
        client_id=await _clients_called(reading, chain_id, search),
        expires_from=expires_from,
        expires_until=expires_until,
        cursor=cursor,
        limit=limit,
    )
    concerned = {client for one in page.memberships for client in clients_of(one)}
    names = await names_of(reading, chain_id, concerned)
    return page.model_copy(update={"names": names})


async def memberships_of(reading: Reading, client_id: UUID) -> MembershipList:
    """Return what a client owns or shares; the shared ones name their owner (rule S4)."""
    path = f"/clients/{client_id}/memberships"
    found = await reading.read("membership", path, MembershipList)
    if not found.memberships:
        return found
    concerned = {client for one in found.memberships for client in clients_of(one)}
    names = await names_of(reading, found.memberships[0].chain_id, concerned)
    return found.model_copy(update={"names": names})


async def _clients_called(reading: Reading, chain_id: UUID, search: str | None) -> list[UUID]:
    if search is None:
        return []
    path = f"/chains/{chain_id}/clients"
    page = await reading.read("booking", path, ClientPage, search=search, limit=_MOST_CLIENTS)
    return [client.client_id for client in page.clients]
