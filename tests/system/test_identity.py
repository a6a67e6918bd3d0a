"""Who may do what where: every route and every command, for every role, here and elsewhere.

The owning service decides as the edge does, even on what comes past the edge.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

import httpx
import pytest
from aiokafka import AIOKafkaConsumer

from contracts.base import Command
from contracts.reply import Reply
from contracts.topics import CONVERSATION
from devstack import Stack
from devstack.state import State
from edge import Edge
from gateway.access import ClientTokens
from gateway.api import ROUTES
from messaging import Publisher, Record, encode_command
from places import (
    COMMANDS,
    QUESTIONS,
    Place,
    method_of,
    new_phone,
    settled,
    things_in,
)
from web.identity import Principal, Role, new_key_pair, sign

ROLES: Final = ("platform", "gateway", "operator", "widget", "client", "reader")
WHERE: Final = ("own", "sibling", "foreign")

# Three signs for each role: at its own location, at another of its chain, in another chain.
#   + done    0 done, and nothing found    - there is no such thing (404)    x forbidden (403)
#   w it may, but the code is wrong (403)
TABLE: Final = """
                        platform  gateway   operator widget  client  reader
create_api_key            +++       xxx       xxx      xxx     xxx     xxx
list_api_keys             +++       xxx       xxx      xxx     xxx     xxx
revoke_api_key            +++       xxx       xxx      xxx     xxx     xxx

add_staff_member          +++       ++-       xxx      xxx     xxx     xxx
list_staff                +++       ++-       xxx      xxx     xxx     xxx
remove_staff_member       +++       ++-       xxx      xxx     xxx     xxx
add_platform_staff        +++       xxx       xxx      xxx     xxx     xxx
list_platform_staff       +++       xxx       xxx      xxx     xxx     xxx
remove_platform_staff     +++       xxx       xxx      xxx     xxx     xxx

create_chain              +++       xxx       xxx      xxx     xxx     xxx
get_chain                 +++       ++-       ++-      ++-     ++-     ++-
get_clock                 +++       ++-       ++-      ++-     ++-     ++-
set_test_clock            +++       ++-       xxx      xxx     xxx     xxx
create_location           +++       ++-       xxx      xxx     xxx     xxx
change_location           +++       ++-       +--      xxx     xxx     xxx
get_location              +++       ++-       +--      +--     +--     ++-
list_locations            +++       ++-       ++-      xxx     xxx     ++-

create_category           +++       ++-       ++-      xxx     xxx     xxx
list_categories           +++       ++-       ++-      ++-     ++-     ++-
create_service            +++       ++-       +--      xxx     xxx     xxx
change_service            +++       ++-       +--      xxx     xxx     xxx
duplicate_service         +++       ++-       +--      xxx     xxx     xxx
merge_services            +++       ++-       xxx      xxx     xxx     xxx
list_services             +++       ++-       +--      +--     +--     ++-
get_service               +++       ++-       +--      +--     +--     ++-
create_team_member        +++       ++-       +--      xxx     xxx     xxx
change_team_member        +++       ++-       +--      xxx     xxx     xxx
list_team_members         +++       ++-       +--      +--     +--     ++-
add_time_off              +++       ++-       +--      xxx     xxx     xxx
remove_time_off           +++       ++-       +--      xxx     xxx     xxx
create_event              +++       ++-       +--      xxx     xxx     xxx
create_event_series       +++       ++-       +--      xxx     xxx     xxx
move_event                +++       ++-       +--      xxx     xxx     xxx
change_event_capacity     +++       ++-       +--      xxx     xxx     xxx
cancel_event              +++       ++-       +--      xxx     xxx     xxx
list_events               +++       ++-       +--      +--     +--     ++-
get_event                 +++       ++-       +--      +--     +--     ++-
list_free_slots           +++       ++-       +--      +--     +--     ++-
list_free_dates           +++       ++-       +--      +--     +--     ++-

send_phone_code           +++       ++-       xxx      +--     xxx     xxx
confirm_phone             www       ww-       xxx      w--     xxx     xxx

register_client           +++       ++-       ++-      xxx     xxx     xxx
search_clients            +++       ++-       ++-      xxx     xxx     ++-
get_client                +++       ++-       ++-      xxx     xxx     ++-
change_client             +++       ++-       ++-      xxx     xxx     xxx
merge_clients             +++       ++-       ++-      xxx     xxx     xxx
erase_client              +++       ++-       ++-      xxx     xxx     xxx
list_appointments         +++       ++-       ++-      xxx     xxx     ++-
get_profile               +++       ++-       ++-      xxx     xxx     ++-
list_debts                +++       ++-       ++-      xxx     xxx     ++-
list_sales_of_client      +++       ++-       ++-      xxx     xxx     ++-

forecast_booking          +++       ++-       +--      +--     +--     xxx
submit_booking            +++       ++-       +--      +--     +--     xxx
get_my_bookings           xxx       xxx       xxx      xxx     +--     xxx
get_booking               +++       ++-       +--      xxx     +--     ++-
get_appointment           +++       ++-       +--      xxx     +--     ++-
cancel_appointment        +++       ++-       +--      xxx     +--     xxx
reschedule_appointment    +++       ++-       +--      xxx     +--     xxx
repeat_appointment        +++       ++-       +--      xxx     +--     xxx
set_visit_status          +++       ++-       +--      xxx     xxx     xxx
get_calendar              +++       ++-       +--      xxx     xxx     ++-
follow_calendar           +++       ++-       +--      xxx     xxx     ++-

create_membership_type    +++       ++-       ++-      xxx     xxx     xxx
change_membership_type    +++       ++-       ++-      xxx     xxx     xxx
list_membership_types     +++       ++-       ++-      ++-     ++-     ++-
get_membership_type       +++       ++-       ++-      ++-     ++-     ++-
get_membership            +++       ++-       ++-      xxx     xxx     ++-
list_memberships          +++       ++0       ++0      xxx     xxx     ++0
list_issued_memberships   +++       ++-       ++-      xxx     xxx     ++-
list_uses                 +++       ++-       ++-      xxx     xxx     ++-
list_changes              +++       ++-       ++-      xxx     xxx     ++-
list_unpaid_visits        +++       ++-       ++-      xxx     xxx     ++-
plan_removal              +++       ++-       ++-      xxx     xxx     ++-
freeze_membership         +++       ++-       ++-      xxx     xxx     xxx
unfreeze_membership       +++       ++-       ++-      xxx     xxx     xxx
share_membership          +++       ++-       ++-      xxx     xxx     xxx
unshare_membership        +++       ++-       ++-      xxx     xxx     xxx
extend_membership         +++       ++-       ++-      xxx     xxx     xxx
adjust_membership         +++       ++-       ++-      xxx     xxx     xxx
void_membership           +++       ++-       ++-      xxx     xxx     xxx
import_membership         +++       ++-       +--      xxx     xxx     xxx
settle_unpaid_visits      +++       ++-       +--      xxx     xxx     xxx
get_settlement            +++       ++-       +--      xxx     xxx     ++-
get_explanation           +++       ++-       +--      xxx     xxx     ++-
undo_debit                +++       ++-       +--      xxx     xxx     xxx

make_sale                 +++       ++-       +--      xxx     xxx     xxx
list_sales                +++       ++0       +--      xxx     xxx     ++0
get_sale                  +++       ++-       +--      xxx     xxx     ++-
refund_sale               +++       ++-       +--      xxx     xxx     xxx
propose_sale              +++       ++-       +--      xxx     xxx     ++-
get_bill                  +++       ++-       +--      xxx     xxx     ++-
take_payment              +++       ++-       +--      xxx     xxx     xxx
undo_payment              +++       ++-       +--      xxx     xxx     xxx
debit_visit               +++       ++-       +--      xxx     xxx     xxx
get_payment               +++       ++-       +--      +--     +--     ++-

get_sessions_report       +++       ++-       +--      xxx     xxx     ++-

get_operation             ---       ---       +--      ---     ---     ---
"""  # an operation is shown to nobody but who asked for it: here, to the operator
EXPECTED: Final = {
    row[0]: dict(zip(ROLES, row[1:], strict=True))
    for row in (line.split() for line in TABLE.splitlines()[2:])
    if row
}
OWNERS: Final = {
    "list_membership_types": "membership",
    "get_membership_type": "membership",
    "get_membership": "membership",
    "list_memberships": "membership",
    "list_issued_memberships": "membership",
    "list_uses": "membership",
    "list_changes": "membership",
    "plan_removal": "membership",
    "get_settlement": "membership",
    "get_explanation": "membership",
    "list_sales": "sales",
    "get_sale": "sales",
    "list_debts": "sales",
    "list_sales_of_client": "sales",
    "get_bill": "sales",
    "get_payment": "sales",
}
"""Who answers a question, unless it is booking."""
OF_THE_GATEWAY: Final = {
    *("list_api_keys", "get_operation", "list_staff", "list_platform_staff"),
    *("get_profile", "list_unpaid_visits", "propose_sale", "get_sessions_report"),
}
"""Questions that no service answers alone."""
OF_A_LOCATION: Final = {"operator", "widget", "client"}
SIGNS: Final = {401: "!", 403: "x", 404: "-"}


class World(NamedTuple):
    """Three places, and keys of every role whose own place is the first."""

    stack: Stack
    places: dict[str, Place]
    keys: dict[str, str]
    signing_key: str

    def principal(self, role: str) -> Principal:
        """Return the holder of a key of this role."""
        ids = self.places["own"].ids
        return Principal(
            id=uuid4(),
            role=Role(role),
            chain_id=None if role == "platform" else UUID(ids["chain_id"]),
            location_id=UUID(ids["location_id"]) if role in OF_A_LOCATION else None,
            phone=ids["phone"] if role == "client" else None,
        )

    def token(self, role: str) -> str:
        """Return what the gateway would send with a command of this role."""
        return sign(self.principal(role), self.signing_key, datetime.now(UTC))


@pytest.fixture(scope="module")
def world(system: Stack) -> Iterator[World]:
    with Edge(system.service_url("gateway"), system.platform_key) as platform:
        own = Place.opened(platform)
        places = {
            "own": own,
            "sibling": Place.opened(platform, own.ids["chain_id"]),
            "foreign": Place.opened(platform),
        }
        issued = {role: own.key(role) for role in ROLES if role not in {"platform", "client"}}
        own.asked_by(issued["operator"]["api_key"], issued["operator"]["api_key_id"])
        for place in (places["sibling"], places["foreign"]):
            key = place.key("operator")
            place.asked_by(key["api_key"], key["api_key_id"])
        settled(*places.values())
        keys = {role: key["api_key"] for role, key in issued.items()}
        keys["platform"] = system.platform_key
        signing_key, _ = State(system.folder).principal_keys()
        keys["client"] = client_token(signing_key, own, own.ids["phone"])
        yield World(system, places, keys, signing_key)


@pytest.fixture
def http(system: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{system.service_url('gateway')}/v1", timeout=30) as client:
        yield client


def test_the_table_names_every_route() -> None:
    assert {route.handler_name for route in ROUTES} == set(EXPECTED)


@pytest.mark.parametrize("route", EXPECTED)
def test_a_route_serves_whom_the_table_says(world: World, http: httpx.Client, route: str) -> None:
    found = dict.fromkeys(ROLES, "")
    for role, where in product(ROLES, WHERE):
        place = world.places[where]
        is_done = EXPECTED[route][role][WHERE.index(where)] == "+"
        answer = call(http, world.keys[role], route, place.renewed(route) if is_done else place)
        found[role] += sign_of(answer)
    assert found == EXPECTED[route]


def test_no_route_serves_anybody_without_a_valid_key(world: World, http: httpx.Client) -> None:
    own = world.places["own"]
    revoked = own.key("operator")
    key_itself = replace(own, ids=own.ids | {"api_key_id": revoked["api_key_id"]})
    assert call(http, world.keys["platform"], "revoke_api_key", key_itself).status_code == 204
    unknown = f"pk_operator_{uuid4().hex}_{'0' * 64}"
    before = own.picture()
    keys = [None, "nonsense", unknown, revoked["api_key"]]
    keys += [world.token("platform"), world.token("client"), f"ct_{world.token('client')}"]
    keys += [client_token(new_key_pair().signing_key, own, own.ids["phone"])]
    for key in keys:
        signs = {route: sign_of(call(http, key, route, own)) for route in EXPECTED}
        assert signs == dict.fromkeys(EXPECTED, "!")
    assert own.picture() == before


@pytest.mark.parametrize("route", [one for one in EXPECTED if things_in(one)])
@pytest.mark.parametrize("role", ["platform", "gateway"])
def test_what_is_elsewhere_is_not_found_at_an_address_of_ones_own(
    world: World, http: httpx.Client, route: str, role: str
) -> None:
    ours, theirs = world.places["own"].ids, world.places["foreign"].ids
    foreign = {name: theirs[name] for name in things_in(route)}
    place = replace(world.places["foreign"], ids=ours | foreign)
    before = world.places["foreign"].picture()
    assert sign_of(call(http, world.keys[role], route, place)) == "-"
    assert world.places["foreign"].picture() == before


@pytest.mark.parametrize(
    ("route", "named"),
    [
        ("create_team_member", "individual"),
        ("create_event", "service_id"),
        ("submit_booking", "event_id"),
        ("merge_services", "other_service_id"),
        ("share_membership", "friend_id"),
        ("make_sale", "client_id"),
        ("make_sale", "membership_type_id"),
    ],
)
@pytest.mark.parametrize("where", ["foreign", "nowhere"])
def test_what_is_elsewhere_cannot_be_referred_to(
    world: World, http: httpx.Client, route: str, named: str, where: str
) -> None:
    own = world.places["own"]
    other = str(uuid4()) if where == "nowhere" else world.places["foreign"].ids[named]
    before = world.places["foreign"].picture(), own.picture()
    answer = call(http, world.keys["gateway"], route, replace(own, ids=own.ids | {named: other}))
    assert answer.status_code in {400, 404}, answer.text
    assert (world.places["foreign"].picture(), own.picture()) == before


@pytest.mark.parametrize("route", [one for one in QUESTIONS if one not in OF_THE_GATEWAY])
def test_the_owner_of_an_answer_shows_it_to_whom_the_edge_would(world: World, route: str) -> None:
    owner = world.stack.service_url(OWNERS.get(route, "booking"))
    with httpx.Client(base_url=owner, timeout=30) as http:
        found = {
            role: "".join(
                sign_of(call(http, world.token(role), route, world.places[where]))
                for where in WHERE
            )
            for role in ROLES
        }
        nobodys = sign(world.principal("platform"), new_key_pair().signing_key, datetime.now(UTC))
        assert sign_of(call(http, nobodys, route, world.places["own"])) == "!"
        assert sign_of(call(http, None, route, world.places["own"])) == "!"
    # An owner may call forbidden what it calls missing, or the other way round.
    assert {role: signs.replace("x", "-") for role, signs in found.items()} == {
        role: signs.replace("x", "-") for role, signs in EXPECTED[route].items()
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_the_owner_of_a_command_decides_as_the_edge_does(world: World, name: str) -> None:
    asked = [
        (world.places[where].renewed(name).command(name), world.token(role))
        for role, where in product(ROLES, WHERE)
    ]
    statuses = asyncio.run(replies(world.stack, asked))
    signs = "".join("+" if status < 400 else SIGNS.get(status, str(status)) for status in statuses)
    assert signs == "".join(EXPECTED[name].values())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_is_refused_changes_nothing(world: World, name: str) -> None:
    places = {
        where: replace(place, ids=place.ids | {"new_phone": "+351 914 000 000"})
        for where, place in world.places.items()
    }
    platform, now = world.principal("platform"), datetime.now(UTC)
    invalid = [
        None,
        "nonsense",
        sign(platform, world.signing_key, now - timedelta(minutes=5)),
        sign(platform, world.signing_key, now + timedelta(minutes=5)),
        sign(platform, new_key_pair().signing_key, now),
    ]
    without_name = [(places["own"].command(name), token) for token in invalid]
    without_right = [
        (places[where].command(name), world.token(role))
        for role, where in product(ROLES, WHERE)
        if EXPECTED[name][role][WHERE.index(where)] != "+"
    ]
    before = {where: place.picture() for where, place in places.items()}

    statuses = asyncio.run(replies(world.stack, without_name + without_right))

    assert statuses[: len(invalid)] == [401] * len(invalid)
    assert set(statuses[len(invalid) :]) <= {403, 404}
    assert {where: place.picture() for where, place in places.items()} == before
    assert not any(places["own"].has(command) for command, _ in without_name + without_right)


@pytest.mark.rule("G8")
@pytest.mark.parametrize(
    "route", ["cancel_appointment", "reschedule_appointment", "repeat_appointment"]
)
def test_a_client_changes_no_appointment_of_anybody_else(
    world: World, http: httpx.Client, route: str
) -> None:
    own = world.places["own"]
    before = own.picture()
    for phone in (new_phone().replace(" ", ""), own.ids["friend_phone"]):
        key = client_token(world.signing_key, own, phone)
        assert sign_of(call(http, key, route, own)) == "-"
        client = world.principal("client").model_copy(update={"phone": phone})
        token = sign(client, world.signing_key, datetime.now(UTC))
        assert asyncio.run(replies(world.stack, [(own.command(route), token)])) == [404]
    assert own.picture() == before


@pytest.mark.rule("G8")
@pytest.mark.parametrize("route", ["get_booking", "get_appointment"])
def test_a_client_sees_no_booking_of_anybody_else(
    world: World, http: httpx.Client, route: str
) -> None:
    own = world.places["own"]
    key = client_token(world.signing_key, own, own.ids["friend_phone"])
    assert sign_of(call(http, key, route, own)) == "-"


@pytest.mark.rule("G8", "G10")
def test_a_client_sees_the_own_bookings_alone(world: World, http: httpx.Client) -> None:
    own = world.places["own"]
    mine = call(http, world.keys["client"], "get_my_bookings", own).json()
    assert mine["client_id"] == own.ids["client_id"]
    assert {one["client_id"] for one in mine["appointments"]} == {own.ids["client_id"]}
    key = client_token(world.signing_key, own, own.ids["friend_phone"])
    assert call(http, key, "get_my_bookings", own).json()["appointments"] == []


@pytest.mark.rule("G8")
def test_a_client_books_with_the_confirmed_phone_alone(world: World, http: httpx.Client) -> None:
    own = world.places["own"]
    key = client_token(world.signing_key, own, own.ids["friend_phone"])
    before = own.picture()
    answer = call(http, key, "submit_booking", own)
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/phone-not-confirmed"
    assert own.picture() == before


def client_token(signing_key: str, place: Place, phone: str) -> str:
    """Return the token of a client who has confirmed a phone at this place."""
    ids = UUID(place.ids["chain_id"]), UUID(place.ids["location_id"])
    return ClientTokens(signing_key, timedelta(hours=1)).issue(*ids, phone)[0]


def call(http: httpx.Client, key: str | None, route: str, place: Place) -> httpx.Response:
    """Call a route of the edge as somebody with this key would, or with none.

    Of a stream it is enough to see that it begins.
    """
    authorization = {"Authorization": f"Bearer {key}"} if key else {}
    with http.stream(
        method_of(route),
        place.path(route),
        params=place.query(route),
        json=place.body(route) if method_of(route) in {"POST", "PUT"} else None,
        headers={"Idempotency-Key": str(uuid4())} | authorization,
    ) as answer:
        if answer.headers.get("Content-Type", "").startswith("text/event-stream"):
            return httpx.Response(answer.status_code)
        answer.read()
        return answer


def sign_of(answer: httpx.Response) -> str:
    """Return an answer as the table says it; what the table has no sign for in full."""
    if not answer.is_success:
        if answer.json().get("type") == "/problems/phone-code-wrong":
            return "w"
        return SIGNS.get(answer.status_code, f" {answer.status_code} {answer.text} ")
    return "0" if answer.content and not any(answer.json().values()) else "+"


async def replies(stack: Stack, asked: Sequence[tuple[Command, str | None]]) -> list[int]:
    """Publish commands past the edge, each with its token; return the statuses of the replies."""
    records = {uuid4(): one for one in asked}
    statuses: dict[UUID, int] = {}
    heard: Any = AIOKafkaConsumer("replies", bootstrap_servers=stack.bootstrap_servers)  # untyped
    async with (
        asyncio.timeout(30),
        heard,
        Publisher.connect(stack.bootstrap_servers, client_id="stranger") as publisher,
    ):
        await heard.seek_to_end()
        for command_id, (command, token) in records.items():
            await publisher.publish(_record(command_id, command, token))
        async for message in heard:
            reply = Reply.model_validate_json(message.value)
            if reply.command_id in records:
                statuses[reply.command_id] = reply.status
            if len(statuses) == len(records):
                break
    return [statuses[command_id] for command_id in records]


def _record(command_id: UUID, command: Command, token: str | None) -> Record:
    record = encode_command(
        CONVERSATION,
        command,
        command_id=command_id,
        principal=token or "",
        request_hash=command_id.hex,
        time=datetime.now(UTC),
    )
    if token is not None:
        return record
    return replace(record, headers=[one for one in record.headers if one[0] != "ce_principal"])
