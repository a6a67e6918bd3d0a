"""Clients, known by their phone."""

from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from contracts.booking import (
    ChangeClient,
    ClientForm,
    EraseClient,
    MergeClients,
    MergingForm,
    RegisterClient,
)
from contracts.booking_views import AppointmentPage, ClientPage, ClientView
from contracts.problems import INVALID_REQUEST
from gateway.api.routes import command, question, removal, replacement
from gateway.commands import Submission
from gateway.queries import Reading
from web.pagination import DEFAULT_LIMIT, Cursor, Limit

_PATH = "/v1/chains/{chain_id:uuid}/clients"
_ONE = _PATH + "/{client_id:uuid}"
_TAG = "Clients"


@command(_PATH, ClientView, tag=_TAG, status=201)
async def register_client(
    chain_id: FromPath[UUID], data: JSONBody[ClientForm], submission: NamedDependency[Submission]
) -> Response[bytes]:
    """Enter a client; the phone is unique in the chain, however it is typed."""
    client_id = submission.new_id("client")
    return await submission.send(
        RegisterClient(client_id=client_id, chain_id=chain_id, client=data)
    )


@question(_PATH, ClientPage, tag=_TAG, refuses=(INVALID_REQUEST,))
async def search_clients(
    reading: NamedDependency[Reading],
    phone: Annotated[str | None, QueryParameter(min_length=3, max_length=40)] = None,
    search: Annotated[str | None, QueryParameter(min_length=2, max_length=100)] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Response[bytes]:
    """Find clients by name: by a whole `phone`, by a part of name or number, or all of them."""
    return await reading.pass_on("booking", phone=phone, search=search, cursor=cursor, limit=limit)


@question(_ONE, ClientView, tag=_TAG)
async def get_client(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return a client."""
    return await reading.pass_on("booking")


@question(_ONE + "/appointments", AppointmentPage, tag=_TAG, refuses=(INVALID_REQUEST,))
async def list_appointments(
    reading: NamedDependency[Reading], cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> Response[bytes]:
    """List a client's appointments in all locations of the chain, the latest start first."""
    return await reading.pass_on("booking", cursor=cursor, limit=limit)


@replacement(_ONE, ClientView, tag=_TAG)
async def change_client(
    chain_id: FromPath[UUID],
    client_id: FromPath[UUID],
    data: JSONBody[ClientForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Replace a client's name and phone; memberships and bookings stay the client's."""
    return await submission.send(ChangeClient(client_id=client_id, chain_id=chain_id, client=data))


@command(_ONE + "/merge", ClientView, tag=_TAG)
async def merge_clients(
    chain_id: FromPath[UUID],
    client_id: FromPath[UUID],
    data: JSONBody[MergingForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Make one client of several who turn out to be one person; all ids go on working."""
    return await submission.send(MergeClients(client_id=client_id, chain_id=chain_id, merging=data))


@removal(_ONE, ClientView, tag=_TAG)
async def erase_client(
    chain_id: FromPath[UUID], client_id: FromPath[UUID], submission: NamedDependency[Submission]
) -> Response[bytes]:
    """Forget a client's name and phone everywhere; what was used and paid stays counted."""
    return await submission.send(EraseClient(client_id=client_id, chain_id=chain_id))
