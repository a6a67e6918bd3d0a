"""Clients, known by their phone."""

from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from contracts.booking import ClientForm, RegisterClient
from contracts.booking_views import ClientList, ClientView
from contracts.problems import INVALID_REQUEST
from gateway.api.routes import command, question
from gateway.commands import Submission
from gateway.queries import Reading

_PATH = "/v1/chains/{chain_id:uuid}/clients"
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


@question(_PATH, ClientList, tag=_TAG, refuses=(INVALID_REQUEST,))
async def search_clients(
    phone: Annotated[str, QueryParameter(min_length=3, max_length=40)],
    reading: NamedDependency[Reading],
) -> Response[bytes]:
    """Find a client by phone."""
    return await reading.pass_on("booking", phone=phone)


@question(_PATH + "/{client_id:uuid}", ClientView, tag=_TAG)
async def get_client(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return a client."""
    return await reading.pass_on("booking")
