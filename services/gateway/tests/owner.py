"""A stand-in for booking: a real consumer on real Kafka, and a real HTTP API.

It answers commands by the name of the chain that is to be created: "slow" stays pending until the
test concludes it, "refused" is refused, everything else is done.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any, NamedTuple
from uuid import UUID, uuid4

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter
from litestar.response import Stream
from litestar.types import ASGIApp, Receive, Scope, Send

from contracts.base import Command, Message
from contracts.booking import CreateChain
from contracts.booking_views import AppointmentView, ServiceView
from contracts.conversation import Conversation
from contracts.dead_letter import MessageDeadLettered
from contracts.problems import CONFLICT, FORBIDDEN
from contracts.reply import Problem, Reply
from contracts.topics import CONVERSATION
from devstack.stack import Stack
from gateway.api.examples import ANSWERS
from messaging import Delivery, Messaging, Work, operation, running
from postgres import Database
from web.app import service_app
from web.identity import Principal, verify
from web.problems import ProblemError, not_found

from .serving import eventually, served


class Conversations(NamedTuple):
    """The same topics: as the gateway knows them, and with the stand-in as the only reader."""

    of_the_gateway: Conversation
    of_the_owner: Conversation


def conversations(suffix: str) -> Conversations:
    """Return the conversation with topics of its own, whose names end with `suffix`."""
    wanted = [
        topic
        for topic in CONVERSATION.topics
        if "gateway" in topic.writers
        or any(issubclass(kind, (Reply, MessageDeadLettered)) for kind in topic.types)
    ]
    own = tuple(replace(topic, name=f"{topic.name}.{suffix}", partitions=3) for topic in wanted)
    heard = tuple(
        replace(topic, readers=(f"owner-{suffix}",)) if "gateway" in topic.writers else topic
        for topic in own
    )
    return Conversations(Conversation(own), Conversation(heard))


@get("/chains/{chain_id:uuid}")
async def get_chain(
    chain_id: FromPath[UUID], principal: NamedDependency[Principal]
) -> dict[str, Any]:
    if not principal.reaches(chain_id):
        raise not_found(f"chain {chain_id}")
    return {"chain_id": chain_id, "name": "Lotus", "seen_by": principal.role}


@get("/locations/{location_id:uuid}")
async def get_location(
    location_id: FromPath[UUID], owner: NamedDependency["Owner"]
) -> dict[str, Any]:
    if location_id not in owner.chain_of:
        raise not_found(f"location {location_id}")
    return {
        "location_id": location_id,
        "chain_id": owner.chain_of[location_id],
        "name": "Lotus Lisbon",
        "time_zone": "Europe/Lisbon",
        "currency": "EUR",
        "region": "PT",
        "online_payment": {"individual": "off", "group": "off"},
        "phone_confirmation": False,
        "widget_theme": {"color": "#3b5bdb", "mode": "auto"},
    }


@get("/locations/{location_id:uuid}/calendar")
async def get_calendar(location_id: FromPath[UUID], date: FromQuery[str]) -> dict[str, Any]:
    if date == "2030-01-01":
        raise ProblemError(FORBIDDEN.problem("Nobody works on New Year's Day."))
    return {"location_id": location_id, "date": date}


@get("/locations/{location_id:uuid}/calendar/changes")
async def follow_calendar(
    owner: NamedDependency["Owner"],
    last_event_id: Annotated[str, HeaderParameter(name="Last-Event-ID")] = "0",
) -> Stream:
    async def events() -> AsyncGenerator[str, None]:
        yield f"id: {last_event_id}\ndata: {{}}\n\n"
        while (said := await owner.changes.get()) is not None:
            yield said

    return Stream(events(), media_type="text/event-stream")


@get("/locations/{location_id:uuid}/appointments/{appointment_id:uuid}")
async def get_appointment(
    appointment_id: FromPath[UUID], owner: NamedDependency["Owner"]
) -> dict[str, Any]:
    ids = {"appointment_id": appointment_id, "client_id": owner.client_id}
    return ANSWERS[AppointmentView] | ids


@get("/chains/{chain_id:uuid}/membership-types/{membership_type_id:uuid}")
async def get_membership_type(
    chain_id: FromPath[UUID], membership_type_id: FromPath[UUID], owner: NamedDependency["Owner"]
) -> dict[str, Any]:
    if membership_type_id != owner.membership_type_id:
        raise not_found(f"membership type {membership_type_id}")
    return {
        "membership_type_id": membership_type_id,
        "chain_id": chain_id,
        "name": "Family 10",
        "price": {"amount": 14000, "currency": "EUR"},
        "buckets": [{"sessions": 10, "service_ids": [uuid4()]}],
        "validity": None,
        "activation": owner.activation,
        "auto_deduction": True,
        "gate": {"valid_on_visit_day": False, "not_while_frozen": False},
        "location_ids": [],
    }


@get("/chains/{chain_id:uuid}/clients/{client_id:uuid}")
async def get_client(
    chain_id: FromPath[UUID], client_id: FromPath[UUID], owner: NamedDependency["Owner"]
) -> dict[str, Any]:
    if client_id != owner.client_id:
        raise not_found(f"client {client_id}")
    return {"client_id": client_id, "chain_id": chain_id, "name": "Anna", "phone": "+351912000000"}


@get("/chains/{chain_id:uuid}/services")
async def get_services(owner: NamedDependency["Owner"]) -> dict[str, Any]:
    service = ANSWERS[ServiceView] | {"service_id": owner.service_id}
    return {"services": [service]}


@get("/chains/{chain_id:uuid}/categories")
async def get_categories(
    chain_id: FromPath[UUID], owner: NamedDependency["Owner"]
) -> dict[str, Any]:
    category = {"category_id": owner.category_id, "chain_id": chain_id, "name": "Yoga"}
    return {"categories": [category]}


@get("/chains/{chain_id:uuid}/clock")
async def get_clock(chain_id: FromPath[UUID], owner: NamedDependency["Owner"]) -> dict[str, Any]:
    if not owner.clocks:
        raise not_found(f"chain {chain_id}")
    return {"chain_id": chain_id, "revision": 1, "offset_seconds": 0, "now": owner.clocks.pop()}


@post("/locations/{location_id:uuid}/booking-plans", status_code=200)
async def plan_booking(
    data: JSONBody[dict[str, Any]], owner: NamedDependency["Owner"]
) -> dict[str, Any]:
    owner.planned.append(data)
    if owner.refusal is not None:
        raise ProblemError(owner.refusal)
    return owner.plan


@post("/hold-plans", status_code=200)
async def plan_holds(
    data: JSONBody[dict[str, Any]], owner: NamedDependency["Owner"]
) -> dict[str, Any]:
    owner.planned.append(data)
    return owner.hold_plan


@get("/locations/{location_id:uuid}/free-dates")
async def get_free_dates(
    service_id: FromQuery[list[UUID]],
    first: Annotated[date, QueryParameter(name="from")],
    last: Annotated[date, QueryParameter(name="to")],
) -> dict[str, Any]:
    return {"service_ids": service_id, "time_zone": "Europe/Lisbon", "dates": [first, last]}


API = [
    get_chain,
    get_services,
    get_categories,
    get_clock,
    get_location,
    get_calendar,
    follow_calendar,
    get_appointment,
    get_free_dates,
    get_membership_type,
    get_client,
    plan_booking,
    plan_holds,
]


@dataclass
class Owner:
    """The running stand-in, and what it heard."""

    verify_key: str
    database: Database
    url: str = ""
    messaging: Messaging | None = None
    heard: list[Delivery[Message]] = field(default_factory=list[Delivery[Message]])
    principals: list[Principal] = field(default_factory=list[Principal])
    slow: "asyncio.Queue[UUID]" = field(default_factory=asyncio.Queue)
    changes: "asyncio.Queue[str | None]" = field(default_factory=asyncio.Queue)
    questions: list[str] = field(default_factory=list[str])
    chain_of: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    clocks: list[str] = field(default_factory=list[str])
    plan: dict[str, Any] = field(default_factory=dict[str, Any])
    refusal: Problem | None = None
    hold_plan: dict[str, Any] = field(default_factory=dict[str, Any])
    planned: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    activation: str = "on_sale"
    service_id: UUID = field(default_factory=uuid4)
    category_id: UUID = field(default_factory=uuid4)
    client_id: UUID = field(default_factory=uuid4)
    membership_type_id: UUID = field(default_factory=uuid4)

    @classmethod
    @asynccontextmanager
    async def running(
        cls, servers: Stack, suffix: str, dsn: str, verify_key: str
    ) -> AsyncGenerator["Owner", None]:
        """Start it, and wait until it hears."""
        async with Database.connect(dsn, application_name="owner") as database:
            owner = cls(verify_key, database)
            app = service_app(
                ready=_always,
                route_handlers=API,
                verify_key=verify_key,
                find_operation=partial(operation, database),
                given={"owner": owner},
                middleware=[owner.hears_questions],
            )
            async with (
                served(app) as owner.url,
                running(
                    service=f"owner-{suffix}",
                    conversation=conversations(suffix).of_the_owner,
                    database=database,
                    bootstrap_servers=servers.bootstrap_servers,
                    instance=f"owner-{suffix}",
                    handle=owner.handle,
                    patience=timedelta(hours=1),  # its watchdog would end the process of the tests
                ) as owner.messaging,
            ):
                await eventually(owner.messaging.ready)
                yield owner

    def forget(self) -> None:
        """Begin anew, for another test."""
        self.heard.clear()
        self.questions.clear()
        self.clocks.clear()
        self.planned.clear()
        self.refusal = None
        self.activation = "on_sale"
        self.principals.clear()
        self.slow = asyncio.Queue()
        self.chain_of.clear()

    def hears_questions(self, app: ASGIApp) -> ASGIApp:
        """Note the path of every question."""

        async def noting(scope: Scope, receive: Receive, send: Send) -> None:
            self.questions.append(scope["path"])
            await app(scope, receive, send)

        return noting

    async def handle(self, work: Work, deliveries: Sequence[Delivery[Message]]) -> None:
        """Answer what is heard."""
        for delivery in deliveries:
            self.heard.append(delivery)
            if not isinstance(delivery.body, Command):
                continue
            token = delivery.principal or ""
            self.principals.append(verify(token, self.verify_key, delivery.effective_at))
            self._answer(work, delivery)

    def _answer(self, work: Work, delivery: Delivery[Message]) -> None:
        command = delivery.body
        name = command.chain.name if isinstance(command, CreateChain) else ""
        if name == "slow":
            self.slow.put_nowait(delivery.id)
        elif name == "refused":
            work.refuse(delivery.id, CONFLICT.problem("There is such a chain already."))
        else:
            work.conclude(delivery.id, {"id": str(command.subject_id), "name": name}, status=201)

    async def conclude(self, command_id: UUID) -> None:
        """Conclude a slow command, and return when it is in the database."""
        assert self.messaging
        async with self.messaging.work() as work:
            work.conclude(command_id, {"name": "slow"}, status=201)


async def _always() -> bool:
    return True
