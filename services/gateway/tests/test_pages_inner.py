"""The tokens with which pages use the API from within are worth nothing to anybody else."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from gateway.access import InnerTokens
from web.identity import Principal, Role, new_key_pair, sign

from .owner import Owner
from .public_edge import PublicEdge
from .test_staff import browser, employed, sign_in

pytestmark = pytest.mark.asyncio(loop_scope="session")


def operator(edge: PublicEdge) -> Principal:
    """Return the principal that pages of the location speak for."""
    return Principal(
        id=uuid4(), role=Role.OPERATOR, chain_id=edge.chain_id, location_id=edge.location_id
    )


async def asked_with(edge: PublicEdge, token: str) -> httpx.Response:
    async with edge.calling(token) as caller:
        return await caller.get(f"/v1/locations/{edge.location_id}/services")


async def test_a_token_that_pages_did_not_sign_opens_nothing(edge: PublicEdge) -> None:
    own, now = edge.signing_key, datetime.now(UTC)
    told, long_ago = operator(edge), now - timedelta(minutes=5)
    forged = {
        "by another key": sign(told, new_key_pair().signing_key, now, audience="pages"),
        "long ago": sign(told, own, long_ago, audience="pages"),
        "in time to come": sign(told, own, now + timedelta(minutes=5), audience="pages"),
        "for services": sign(told, own, now),
        "for clients": sign(told, own, now, audience="clients"),
        "of a client": edge.client_token("+351912000000").removeprefix("ct_"),
        "nothing": "",
        "anything": "a.b.c",
    }
    statuses = {
        name: (await asked_with(edge, f"in_{token}")).status_code for name, token in forged.items()
    }
    assert statuses == dict.fromkeys(forged, 401)
    # Nobody listens behind this edge, and that is what the one who is let in is told.
    good = InnerTokens(own).token_for(told)
    assert (await asked_with(edge, good)).status_code == 503
    for other in (good.replace("in_", "ct_", 1), good.removeprefix("in_")):
        assert (await asked_with(edge, other)).status_code == 401


async def test_no_browser_is_told_a_token_of_the_pages(
    edge_of_owner: PublicEdge, owner: Owner
) -> None:
    edge = edge_of_owner
    owner.chain_of[edge.location_id] = edge.chain_id
    email = await employed(edge)
    async with browser(edge) as caller:
        await sign_in(caller, email)
        for page in ("", "/audit", "/staff", "/services", "/calendar", "/reports", "/clients"):
            answer = await caller.get(f"/office/{edge.location_id}{page}")
            assert "in_ey" not in f"{answer.headers}{answer.text}"
