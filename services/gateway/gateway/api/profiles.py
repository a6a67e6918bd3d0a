"""A client's profile, and what the client owes and bought."""

import asyncio
from typing import Final
from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from contracts.booking_views import AppointmentPage, ClientView
from contracts.problems import INVALID_REQUEST
from contracts.profile_views import ClientProfile
from contracts.sales_views import DebtList, SaleList
from gateway.api.memberships import memberships_of
from gateway.api.routes import question
from gateway.queries import Reading
from web.pagination import DEFAULT_LIMIT, Cursor, Limit

_PATH = "/v1/chains/{chain_id:uuid}/clients/{client_id:uuid}"
_TAG = "Clients"
_NEWEST: Final = 20


@question(_PATH + "/profile", ClientProfile, tag=_TAG)
async def get_profile(
    chain_id: FromPath[UUID], client_id: FromPath[UUID], reading: NamedDependency[Reading]
) -> ClientProfile:
    """Return all that is known of a client: memberships, newest appointments and sales, debts."""
    path = f"/chains/{chain_id}/clients/{client_id}"
    client = await reading.read("booking", path, ClientView)
    memberships, appointments, debts, sales = await asyncio.gather(
        memberships_of(reading, client_id),
        reading.read("booking", f"{path}/appointments", AppointmentPage, limit=_NEWEST),
        reading.read("sales", f"{path}/debts", DebtList),
        reading.read("sales", f"{path}/sales", SaleList, limit=_NEWEST),
    )
    return ClientProfile(
        client=client,
        memberships=memberships,
        appointments=appointments,
        debts=debts,
        sales=sales,
    )


@question(_PATH + "/debts", DebtList, tag=_TAG)
async def list_debts(
    chain_id: FromPath[UUID], client_id: FromPath[UUID], reading: NamedDependency[Reading]
) -> Response[bytes]:
    """List what a client owes for visits that have begun, the oldest first."""
    await _require_client(reading, chain_id, client_id)
    return await reading.pass_on("sales")


@question(_PATH + "/sales", SaleList, tag=_TAG, refuses=(INVALID_REQUEST,))
async def list_sales_of_client(
    chain_id: FromPath[UUID],
    client_id: FromPath[UUID],
    reading: NamedDependency[Reading],
    *,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Response[bytes]:
    """List what a client bought, the newest first."""
    await _require_client(reading, chain_id, client_id)
    return await reading.pass_on("sales", cursor=cursor, limit=limit)


async def _require_client(reading: Reading, chain_id: UUID, client_id: UUID) -> None:
    """Raise 404 for who is no client of the chain: sales knows only what clients bought."""
    await reading.read("booking", f"/chains/{chain_id}/clients/{client_id}", ClientView)
