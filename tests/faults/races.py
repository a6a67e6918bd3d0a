"""Many bookings at once for the last session: exactly one gets it."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

from ground import Ground
from load import Json, created
from scene import name_of, phone_of
from studio import selling

_FIRST_RACER = 500_000  # far above the members' numbers


async def last_session(ground: Ground) -> str:
    """Let the owner and a client who shares race for the one session that a membership has."""
    rounds, racers = ground.counts.race_rounds, ground.counts.racers
    passes = await _single_sessions(ground, rounds)
    tomorrow = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    events = await ground.scene.plan_classes([tomorrow] * rounds, racers)
    path = f"/locations/{ground.scene.studio.location}/bookings"
    for pair, event in zip(passes, events, strict=True):
        forms: list[Json] = [
            {"name": name_of(one), "phone": phone_of(one), "phone_confirmed": True}
            | {"spots": {"event_id": event}}
            for one in pair
        ]
        racing = (ground.app.post(path, forms[number % 2]) for number in range(racers))
        statuses = Counter(answer.status for answer in await asyncio.gather(*racing))
        assert statuses == {201: 1, 409: racers - 1}, statuses
        assert not ground.app.repeated, ground.app.repeated
        ground.strike()
    return f"{rounds} of {rounds} rounds have one winner of {racers}"


async def _single_sessions(ground: Ground, number: int) -> list[tuple[int, int]]:
    """Sell memberships with one session each, and share each; return who may use them."""
    studio = ground.scene.studio
    await asyncio.to_thread(
        lambda: studio.offer_membership(
            "Single", sessions=1, price=2000, services=[studio.yoga], days=90
        )
    )
    pairs = [(_FIRST_RACER + 2 * one, _FIRST_RACER + 2 * one + 1) for one in range(number)]
    chain_clients = f"/chains/{studio.chain}/clients"
    forms: list[tuple[str, Json]] = [
        (chain_clients, {"name": name_of(one), "phone": phone_of(one)})
        for pair in pairs
        for one in pair
    ]
    clients = created(await ground.scene.desk.post_all(forms, at_once=32), "client_id")
    article = studio.membership_types["Single"]
    sales: list[tuple[str, Json]] = [
        (
            f"/locations/{studio.location}/sales",
            selling(owner, article),
        )
        for owner in clients[::2]
    ]
    sold = await ground.scene.desk.post_all(sales, at_once=32)
    sharings: list[tuple[str, Json]] = [
        (f"/memberships/{membership}/shared-clients", {"client_id": other})
        for membership, other in zip(created(sold, "membership_id"), clients[1::2], strict=True)
    ]
    created(await ground.scene.desk.post_all(sharings, at_once=32), "membership_id")
    return pairs
