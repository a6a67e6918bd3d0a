"""One trace from the request at the edge through everything that follows from it."""

import asyncio
import secrets
from typing import Any
from uuid import uuid4

import httpx
from aiokafka import AIOKafkaConsumer

from devstack import Stack
from edge import Edge
from journeys import form_of, later, member, spots
from studio import Studio, issue_key

FOLLOWS = {
    "booking.submit_booking.v1",
    "membership.hold_sessions.v1",
    "membership.hold_placed.v1",
    "booking.booking_accepted.v1",
    "operations.replied.v1",
}


def test_a_booking_is_one_trace_from_the_request_to_the_reply(
    system: Stack, platform: Edge, studio: Studio
) -> None:
    member(studio, "Ana", sessions=5)
    form = form_of(studio, "Ana", spots(studio.plan_class(later(), capacity=5)))
    trace_id = secrets.token_hex(16)
    headers = {
        "Authorization": f"Bearer {issue_key(platform, 'gateway', studio.chain)}",
        "Idempotency-Key": str(uuid4()),
        "traceparent": f"00-{trace_id}-{secrets.token_hex(8)}-01",
    }
    url = f"{system.service_url('gateway')}/v1/locations/{studio.location}/bookings"
    assert httpx.post(url, json=form, headers=headers, timeout=30).status_code == 201

    assert asyncio.run(_types_in(system, trace_id)) == FOLLOWS


async def _types_in(system: Stack, trace_id: str) -> set[str]:
    """Return the types of the messages of a trace, when there are as many as there should be."""
    topics = ["booking.commands", "membership.requests", "membership.holds", "booking.events"]
    consumer: Any = AIOKafkaConsumer(  # untyped
        *topics,
        "replies",
        bootstrap_servers=system.bootstrap_servers,
        auto_offset_reset="earliest",
    )
    types: set[str] = set()
    async with asyncio.timeout(30), consumer:
        while types < FOLLOWS:
            record = await consumer.getone()
            # Other tests write headers here that are no text.
            attributes = {
                name: value.decode(errors="replace") for name, value in record.headers if value
            }
            if trace_id in attributes.get("traceparent", ""):
                types.add(attributes["ce_type"])
    return types
