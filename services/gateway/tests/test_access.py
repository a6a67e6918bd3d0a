"""Who may call what."""

from itertools import product
from uuid import UUID, uuid4

import httpx
import pytest

from gateway.access import IS_COMMAND, ROLES
from gateway.api import ROUTES
from gateway.keys import hash_of, new_key, store
from web.identity import Principal, Role

from .public_edge import PublicEdge, problem_of

WIDGET_READS = {
    "get_chain",
    "get_location",
    "list_services",
    "get_service",
    "list_team_members",
    "list_events",
    "get_event",
    "list_free_slots",
    "list_free_dates",
    "list_categories",
    "get_clock",
    "get_payment",
    "list_membership_types",
    "get_membership_type",
    "get_operation",
}
FORECASTS = {"submit_booking", "forecast_booking"}
OWN = {
    "cancel_appointment",
    "reschedule_appointment",
    "repeat_appointment",
    "get_my_bookings",
    "get_booking",
    "get_appointment",
}
PHONES = {"send_phone_code", "confirm_phone"}
OF_STAFF = {"add_staff_member", "list_staff", "remove_staff_member"}
OF_THE_CHAIN = {"create_location", "set_test_clock", "merge_services", *OF_STAFF}
OF_THE_PLATFORM = {
    *("create_api_key", "list_api_keys", "revoke_api_key"),
    *("create_chain", "add_platform_staff", "list_platform_staff", "remove_platform_staff"),
}


def method_and_path(name: str, chain_id: UUID, location_id: UUID) -> tuple[str, str]:
    (route,) = [route for route in ROUTES if route.handler_name == name]
    (method,) = route.http_methods - {"HEAD", "OPTIONS"}
    (path,) = route.paths
    own = {"chain_id": str(chain_id), "location_id": str(location_id), "service": "booking"}
    parts = [
        own.get(part.strip("{}").partition(":")[0], str(uuid4())) if part[:1] == "{" else part
        for part in path.split("/")
    ]
    return method, "/".join(parts)


def may(role: Role, name: str) -> bool:
    """Say again, in other words than the table, what each role is for."""
    (route,) = [route for route in ROUTES if route.handler_name == name]
    if name in OF_THE_PLATFORM:
        return role is Role.PLATFORM
    if role in {Role.PLATFORM, Role.GATEWAY}:
        return name != "get_my_bookings"
    if role is Role.WIDGET:
        return name in {*WIDGET_READS, *PHONES, *FORECASTS}
    if role is Role.CLIENT:
        return name in {*WIDGET_READS, *OWN, *FORECASTS}
    if role is Role.READER:
        return not route.opt.get(IS_COMMAND) and name not in {
            *PHONES,
            *OF_STAFF,
            "forecast_booking",
            "get_my_bookings",
        }
    return name not in {*OF_THE_CHAIN, "get_my_bookings", *PHONES}


def test_the_table_names_every_route_and_no_other() -> None:
    assert {route.handler_name for route in ROUTES} == set(ROLES)


@pytest.mark.asyncio(loop_scope="session")
async def test_every_route_admits_the_roles_that_may_call_it_and_no_others(
    edge: PublicEdge,
) -> None:
    keys = {role: await edge.key(role) for role in Role}
    async with edge.calling(None) as caller:
        for role, name in product(Role, sorted(ROLES)):
            method, path = method_and_path(name, edge.chain_id, edge.location_id)
            # Neither body nor idempotency key: who is admitted is told what is missing.
            headers = {"Authorization": f"Bearer {keys[role]}", "X-Without-Key": "yes"}
            answer = await caller.request(method, path, headers=headers)
            assert (answer.status_code != 403) == may(role, name), (role, name, answer.text)
            assert answer.status_code != 401


@pytest.mark.asyncio(loop_scope="session")
async def test_every_route_asks_for_a_key(edge: PublicEdge) -> None:
    async with edge.calling(None) as caller:
        for name in ROLES:
            method, path = method_and_path(name, edge.chain_id, edge.location_id)
            problem_of(await caller.request(method, path), 401, "unauthenticated")


@pytest.mark.asyncio(loop_scope="session")
async def test_every_command_asks_for_an_idempotency_key(edge: PublicEdge) -> None:
    commands = [route.handler_name for route in ROUTES if route.opt.get(IS_COMMAND)]
    assert len(commands) > 10
    async with edge.platform() as caller:
        for name in commands:
            method, path = method_and_path(name, edge.chain_id, edge.location_id)
            answer = await caller.request(method, path, headers={"X-Without-Key": "yes"})
            problem_of(answer, 400, "idempotency-key-missing")


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PLATFORM}))
async def test_a_foreign_chain_does_not_exist(edge: PublicEdge, role: Role) -> None:
    async with edge.calling(await edge.key(role)) as caller:
        problem_of(await caller.get(f"/v1/chains/{uuid4()}"), 404, "not-found")


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("role", [Role.OPERATOR, Role.WIDGET, Role.CLIENT])
async def test_another_location_of_the_chain_does_not_exist(edge: PublicEdge, role: Role) -> None:
    async with edge.calling(await edge.key(role)) as caller:
        problem_of(await caller.get(f"/v1/locations/{uuid4()}/services"), 404, "not-found")


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer pk_operator_1_2", "Bearer \xe9", "pk_x"],
)
async def test_what_is_no_key_is_not_let_in(edge: PublicEdge, header: str) -> None:
    async with edge.calling(None) as caller:
        answer = await caller.get(
            f"/v1/chains/{uuid4()}", headers={b"Authorization": header.encode("latin-1")}
        )
        problem_of(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.rule("G8")
@pytest.mark.parametrize("role", [Role.WIDGET, Role.OPERATOR, Role.PLATFORM])
async def test_nobody_but_a_trusted_gateway_vouches_for_a_phone(
    edge: PublicEdge, role: Role
) -> None:
    body = {
        "name": "Anna",
        "phone": "+351912000000",
        "phone_confirmed": True,
        "spots": {"event_id": str(uuid4())},
    }
    async with edge.calling(await edge.key(role)) as caller:
        answer = await caller.post(f"/v1/locations/{edge.location_id}/bookings", json=body)
        problem_of(answer, 403, "forbidden")


@pytest.mark.asyncio(loop_scope="session")
async def test_an_issued_key_works_until_it_is_revoked(edge: PublicEdge) -> None:
    async with edge.platform() as platform:
        form = {"role": "platform", "name": "second"}
        issued = await platform.post("/v1/api-keys", json=form)
        assert issued.status_code == 201
        answer = issued.json()
        key = answer["api_key"]
        assert key.startswith("pk_platform_")
        async with edge.calling(key) as second:
            listed = (await second.get("/v1/api-keys")).json()["api_keys"]
            assert answer["api_key_id"] in {each["api_key_id"] for each in listed}
            assert all("api_key" not in each for each in listed)
            revoking = await platform.delete(f"/v1/api-keys/{answer['api_key_id']}")
            assert revoking.status_code == 204
            problem_of(await second.get("/v1/api-keys"), 401, "unauthenticated")


@pytest.mark.asyncio(loop_scope="session")
async def test_a_key_that_does_not_exist_cannot_be_revoked(edge: PublicEdge) -> None:
    async with edge.platform() as platform:
        problem_of(await platform.delete(f"/v1/api-keys/{uuid4()}"), 404, "not-found")


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(
    "form",
    [
        {"role": "operator", "name": "x", "chain_id": str(uuid4())},
        {"role": "reader", "name": "x"},
        {"role": "reader", "name": "x", "chain_id": str(uuid4()), "location_id": str(uuid4())},
        {"role": "platform", "name": "x", "chain_id": str(uuid4())},
        {"role": "king", "name": "x"},
        {
            "role": "client",
            "name": "x",
            "chain_id": str(uuid4()),
            "location_id": str(uuid4()),
        },
    ],
)
async def test_a_key_whose_scope_does_not_fit_its_role_is_refused(
    edge: PublicEdge, form: dict[str, str]
) -> None:
    async with edge.platform() as platform:
        answer = await platform.post("/v1/api-keys", json=form)
        assert problem_of(answer, 400, "invalid-request")["errors"]


@pytest.mark.asyncio(loop_scope="session")
async def test_the_key_of_a_location_is_of_that_locations_chain(
    edge_of_owner: PublicEdge,
) -> None:
    form = {
        "role": "operator",
        "name": "desk",
        "chain_id": str(uuid4()),
        "location_id": str(uuid4()),
    }
    async with edge_of_owner.platform() as platform:
        answer = await platform.post("/v1/api-keys", json=form)
        document = problem_of(answer, 400, "invalid-request")
        assert [error["field"] for error in document["errors"]] == ["location_id"]


@pytest.mark.asyncio(loop_scope="session")
async def test_of_a_key_only_a_hash_is_kept(edge: PublicEdge) -> None:
    key = new_key(Role.READER)
    holder = Principal(id=key.id, role=Role.READER, chain_id=edge.chain_id)
    await store.keep(edge.database, holder, "reader", hash_of(key.text))
    row = await edge.database.pool.fetchval(
        "SELECT api_keys::text FROM api_keys WHERE id = $1", key.id
    )
    assert key.text.rpartition("_")[2] not in row


@pytest.mark.asyncio(loop_scope="session")
async def test_another_platform_key_replaces_the_first(edge: PublicEdge) -> None:
    async with edge.platform() as platform:
        assert (await platform.get("/v1/api-keys")).is_success
        await store.keep_platform_key(edge.database, hash_of("pk_platform_new"))
        problem_of(await platform.get("/v1/api-keys"), 401, "unauthenticated")
    async with edge.calling("pk_platform_new") as platform:
        assert (await platform.get("/v1/api-keys")).is_success
    await store.keep_platform_key(edge.database, hash_of(edge.platform_key))


@pytest.mark.asyncio(loop_scope="session")
async def test_health_needs_no_key(edge: PublicEdge) -> None:
    async with edge.calling(None) as anybody:
        answers: list[httpx.Response] = [
            await anybody.get(path) for path in ("/livez", "/readyz", "/metrics")
        ]
        assert [answer.status_code for answer in answers] == [200, 200, 200]
