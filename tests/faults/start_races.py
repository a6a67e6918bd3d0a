"""What people do within moments of a start, while what the start needs is killed."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from time import monotonic
from typing import Final

from contracts.problems import (
    ALREADY_PAID,
    BOOKING_TIMED_OUT,
    CONFLICT,
    INVALID_REQUEST,
    NOT_FOUND,
)
from ground import REPLICAS, Ground, Replica
from load import Answer, Json
from workload import book_waves, until

_SECONDS_AROUND: Final = 2.0
_PATIENCE_SECONDS: Final = 90
_DONE: Final = {200, 201}
_REFUSED: Final = {
    problem.status
    for problem in (ALREADY_PAID, BOOKING_TIMED_OUT, CONFLICT, INVALID_REQUEST, NOT_FOUND)
}
"""Too late, or undone too early, or paid for what is on no bill, or on another one, by then."""
_LARGEST_CLASS: Final = 10_000
_AT_ONCE: Final = 32

Request = tuple[str, str, Json]

# What is done, as a method, the end of a path within the location, and a form.
_ACTIONS: Final[dict[str, Callable[[Json, str], Request]]] = {
    "cancelled": lambda one, _: ("POST", f"{_of(one)}/cancel", {"charge": False}),
    "charged": lambda one, _: ("POST", f"{_of(one)}/cancel", {"charge": True}),
    "seen": lambda one, _: ("PUT", f"{_of(one)}/visit-status", {"visit_status": "arrived"}),
    "moved": lambda one, event: ("POST", f"{_of(one)}/reschedule", {"event_id": event}),
    "undone": lambda one, _: ("POST", f"{_of(one)}/undo-debit", {}),
    "paid": lambda one, _: (
        "POST",
        f"/visits/{one['visit_id']}/payments",
        {"line_ids": [line["line_id"] for line in one["lines"]]},
    ),
}
_ALWAYS_DONE: Final = {"cancelled", "charged", "seen"}
"""What nothing but another action can prevent."""


@dataclass
class Raced:
    """An appointment, and what those were told who did something about it."""

    appointment: Json
    done: set[str] = field(default_factory=set[str])
    refused: set[str] = field(default_factory=set[str])

    @property
    def appointment_id(self) -> str:
        """Its id."""
        return str(self.appointment["appointment_id"])

    @property
    def begins(self) -> bool:
        """Whether its start counts: it stands, or was cancelled with charge."""
        return not self.done & {"cancelled", "moved"}

    @property
    def sessions(self) -> int:
        """How many sessions it is to have taken, net."""
        return int(self.begins and not self.done & {"undone", "paid"})

    def heard(self, action: str, answer: Answer) -> None:
        """Note what was answered."""
        assert answer.status in _DONE | _REFUSED, (action, answer)
        (self.done if answer.status in _DONE else self.refused).add(action)


async def start_races(ground: Ground) -> str:
    """Race with starts: what people were told is what became of every appointment."""
    waves = ground.counts.start_races
    tomorrow = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    [another] = await ground.scene.plan_classes([tomorrow], _LARGEST_CLASS)
    with_broker = set(ground.random.sample(range(waves.number), ground.counts.broker_kills))
    told: Counter[str] = Counter()
    for number in range(waves.number):
        victims: list[Replica] = [("kafka", 1)] if number in with_broker else []
        raced = await _wave(ground, another, victims)
        told.update(action for one in raced for action in one.done)
        told["debited"] += sum(one.sessions for one in raced)
    parts = ", ".join(f"{told[name]:,} {name}" for name in ("debited", *_ACTIONS))
    return f"{waves.number * waves.each:,} appointments: {parts}"


async def _wave(ground: Ground, another: str, victims: list[Replica]) -> list[Raced]:
    """Let one wave begin, with all that comes between, and wait until it is as was told."""
    each = replace(ground.counts.start_races, number=1)
    [start], appointments = await book_waves(ground, each)
    raced = [Raced(one) for one in appointments]
    replicas = [*product(("scheduler", "membership"), range(1, REPLICAS + 1))]
    victims = victims + ground.random.sample(replicas, len(replicas) - 1)
    doing = [_act(ground, one, another, start) for one in raced]
    await asyncio.gather(_kill(ground, victims, start), *doing)
    await until(start)
    ground.strike()
    give_up = monotonic() + _PATIENCE_SECONDS
    while wrong := await _wrong(ground, raced):
        assert monotonic() < give_up, wrong[:10]
    return raced


async def _kill(ground: Ground, victims: list[Replica], start: datetime) -> None:
    """Kill these within moments of the start, in any order, and start them again."""
    instants = sorted(_moment(ground, start) for _ in victims)
    for victim, instant in zip(ground.random.sample(victims, len(victims)), instants, strict=True):
        await until(instant)
        await ground.kill(*victim)
    await ground.supervise()


async def _act(ground: Ground, raced: Raced, another: str, start: datetime) -> None:
    """Do one or two things about an appointment, each at a moment of its own."""
    actions = ground.random.sample([*_ACTIONS], ground.random.randint(1, 2))

    async def act(action: str, instant: datetime) -> None:
        method, path, form = _ACTIONS[action](raced.appointment, another)
        await until(instant)
        location = f"/locations/{ground.scene.studio.location}"
        raced.heard(action, await ground.desk.send(method, location + path, form))

    # What is undone before the start is planned to be debited again, and one session is right.
    earliest = {"undone": 0.0}
    await asyncio.gather(
        *(act(action, _moment(ground, start, earliest.get(action))) for action in actions)
    )
    if len(actions) == 1:
        assert not raced.refused & _ALWAYS_DONE, raced


async def _wrong(ground: Ground, raced: list[Raced]) -> list[str]:
    """Return what is not, or not yet, as it should be: nothing else may have been told."""
    ids = [one.appointment_id for one in raced]
    sessions = await ground.witness.sessions(ids)
    outcomes = await ground.witness.outcomes(ids)
    bills = await _bill_lines(ground, raced)
    return [
        f"appointment {one.appointment_id}, {one.done} by what people were told: {wrong}"
        for one in raced
        for wrong in (
            *_wrong_with_sessions(one, sessions.get(one.appointment_id, 0), outcomes),
            *_wrong_with_money(one, bills),
        )
    ]


def _wrong_with_sessions(raced: Raced, sessions: int, outcomes: dict[str, str]) -> Iterator[str]:
    if sessions != raced.sessions:
        yield f"{sessions} sessions net"
    outcome = outcomes.get(raced.appointment_id, "planned")
    if raced.begins and outcome == "planned":
        yield "began, and is not settled"


def _wrong_with_money(raced: Raced, bills: dict[str, Json]) -> Iterator[str]:
    for line in raced.appointment["lines"]:
        billed = bills.get(line["line_id"])
        if billed is None:
            if raced.begins:
                yield "is on no bill"
            continue
        price, paid = billed["price"]["amount"], billed["paid"]["amount"]
        if paid + price * billed["debited"] > price:
            yield f"is paid twice: {billed}"
        if billed["debited"] != bool(raced.sessions):
            yield f"has another debit on its bill: {billed}"
        if raced.begins and paid != price * ("paid" in raced.done):
            yield f"has another payment on its bill: {billed}"


async def _bill_lines(ground: Ground, raced: list[Raced]) -> dict[str, Json]:
    """Return the lines of the bills of all these visits, by their ids."""
    limit = asyncio.Semaphore(_AT_ONCE)

    async def bill(visit_id: str) -> Answer:
        async with limit:
            return await ground.desk.get(f"/visits/{visit_id}/bill")

    visits = {one.appointment["visit_id"] for one in raced}
    answers = await asyncio.gather(*(bill(visit_id) for visit_id in visits))
    return {line["line_id"]: line for answer in answers for line in answer.body["lines"]}


def _of(appointment: Json) -> str:
    return f"/appointments/{appointment['appointment_id']}"


def _moment(ground: Ground, start: datetime, earliest: float | None = None) -> datetime:
    first = -_SECONDS_AROUND if earliest is None else earliest
    return start + timedelta(seconds=ground.random.uniform(first, _SECONDS_AROUND))
