"""A change is published, answered with its reply, and happens once."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.booking import CreateChain
from contracts.conversation import Conversation
from contracts.sales import Article, MakeSale
from contracts.values import Money
from devstack.stack import Stack
from web.identity import KeyPair, Role

from .conftest import MIGRATIONS
from .owner import Owner
from .public_edge import PublicEdge, problem_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_command_is_answered_with_its_reply(
    edge_of_owner: PublicEdge, owner: Owner
) -> None:
    async with edge_of_owner.platform() as platform:
        answer = await platform.post("/v1/chains", json={"name": "Lotus"})
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    [delivery] = owner.heard
    command = delivery.body
    assert isinstance(command, CreateChain)
    assert command.chain.name == "Lotus"
    assert answer.json() == {"id": str(command.chain_id), "name": "Lotus"}


async def test_the_owner_is_told_who_asks(edge_of_owner: PublicEdge, owner: Owner) -> None:
    edge = edge_of_owner
    key = await edge.key(Role.OPERATOR)
    body = {"name": "Anna", "phone": "+351912000000"}
    async with edge.calling(key) as operator:
        await operator.post(f"/v1/chains/{edge.chain_id}/clients", json=body)
    [principal] = owner.principals
    assert principal.role is Role.OPERATOR
    assert (principal.chain_id, principal.location_id) == (edge.chain_id, edge.location_id)
    assert principal.id.hex in key


@pytest.mark.rule("X4")
async def test_a_refusal_is_the_owners_problem_document(edge_of_owner: PublicEdge) -> None:
    async with edge_of_owner.platform() as platform:
        answer = await platform.post("/v1/chains", json={"name": "refused"})
    document = problem_of(answer, 409, "conflict")
    assert document["detail"] == "There is such a chain already."


@pytest.mark.rule("X3")
async def test_a_repeated_submission_has_one_effect_and_one_answer(
    edge_of_owner: PublicEdge, owner: Owner
) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    async with edge_of_owner.platform() as platform:

        async def submit() -> bytes:
            return (await platform.post("/v1/chains", json={"name": "L"}, headers=key)).content

        together = await asyncio.gather(submit(), submit(), submit())
        afterwards = await submit()
    assert {*together, afterwards} == {together[0]}
    assert len(owner.heard) == 1


@pytest.mark.rule("X3")
async def test_another_request_under_the_same_key_is_refused(edge_of_owner: PublicEdge) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    async with edge_of_owner.platform() as platform:
        assert (await platform.post("/v1/chains", json={"name": "A"}, headers=key)).is_success
        answer = await platform.post("/v1/chains", json={"name": "B"}, headers=key)
    problem_of(answer, 422, "idempotency-key-reused")


async def test_the_keys_of_two_principals_have_nothing_to_do_with_each_other(
    edge_of_owner: PublicEdge,
) -> None:
    edge = edge_of_owner
    key = {"Idempotency-Key": "1"}
    body = {"name": "Anna", "phone": "+351912000000"}
    path = f"/v1/chains/{edge.chain_id}/clients"
    async with edge.platform() as one, edge.calling(await edge.key(Role.OPERATOR)) as other:
        first = await one.post(path, json=body, headers=key)
        second = await other.post(path, json=body, headers=key)
    assert first.is_success
    assert second.is_success
    assert first.json() != second.json()


async def test_every_replica_gets_the_replies_that_it_waits_for(
    servers: Stack,
    conversation: Conversation,
    database_dsn: Callable[..., str],
    keys: KeyPair,
    owner: Owner,
) -> None:
    dsn = await asyncio.to_thread(database_dsn, MIGRATIONS)
    one = PublicEdge.running(servers, conversation, dsn, keys, service_url=owner.url)
    other = PublicEdge.running(servers, conversation, dsn, keys, service_url=owner.url)
    async with one as first, other as second:
        # They have one database: the second one's platform key has replaced the first one's.
        first.platform_key = second.platform_key
        async with first.platform() as a, second.platform() as b:
            answers = await asyncio.gather(
                *(
                    (a if number % 2 else b).post("/v1/chains", json={"name": str(number)})
                    for number in range(50)
                )
            )
    assert [answer.json()["name"] for answer in answers] == [str(n) for n in range(50)]


async def test_a_command_that_takes_long_is_asked_after_at_its_operation(
    impatient_edge: PublicEdge, owner: Owner
) -> None:
    edge = impatient_edge
    async with edge.platform() as platform:
        answer = await platform.post("/v1/chains", json={"name": "slow"})
        assert answer.status_code == 202
        pending = answer.json()
        assert answer.headers["location"] == pending["href"]
        assert pending["href"] == f"/v1/operations/booking/{pending['operation_id']}"
        assert (await platform.get(pending["href"])).json()["state"] == "pending"

        await owner.conclude(UUID(pending["operation_id"]))

        concluded = (await platform.get(pending["href"])).json()
        assert concluded["state"] == "done"
        assert concluded["status"] == 201
        assert concluded["result"] == {"name": "slow"}


async def test_an_operation_is_nobody_elses_business(
    impatient_edge: PublicEdge, owner: Owner
) -> None:
    edge = impatient_edge
    async with edge.platform() as platform, edge.calling(await edge.key(Role.GATEWAY)) as other:
        href = (await platform.post("/v1/chains", json={"name": "slow"})).json()["href"]
        await owner.slow.get()
        problem_of(await other.get(href), 404, "not-found")
        problem_of(await platform.get(f"/v1/operations/booking/{uuid4()}"), 404, "not-found")


async def test_an_operation_that_its_service_has_not_seen_yet_is_pending(
    impatient_edge: PublicEdge, owner: Owner
) -> None:
    edge = impatient_edge
    async with edge.platform() as platform, edge.calling(await edge.key(Role.GATEWAY)) as other:
        href = (await platform.post("/v1/chains", json={"name": "slow"})).json()["href"]
        await owner.slow.get()
        await owner.database.pool.execute("DELETE FROM operations")
        assert (await platform.get(href)).json()["state"] == "pending"
        problem_of(await other.get(href), 404, "not-found")


async def test_a_late_reply_answers_the_repetition(
    impatient_edge: PublicEdge, owner: Owner
) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    body = {"name": "slow"}
    async with impatient_edge.platform() as platform:
        first = await platform.post("/v1/chains", json=body, headers=key)
        assert first.status_code == 202
        await owner.conclude(UUID(first.json()["operation_id"]))
        second = await platform.post("/v1/chains", json=body, headers=key)
    assert second.status_code == 201
    assert second.json() == {"name": "slow"}


def sale_of(client_id: UUID, membership_type_id: UUID) -> dict[str, Any]:
    line = {"kind": "membership", "membership_type_id": str(membership_type_id)}
    return {"client_id": str(client_id), "lines": [line]}


class TestASale:
    async def test_tells_sales_what_the_owners_know(
        self, edge_of_owner: PublicEdge, owner: Owner
    ) -> None:
        edge = edge_of_owner
        owner.chain_of[edge.location_id] = edge.chain_id
        form = sale_of(owner.client_id, owner.membership_type_id)
        async with edge.calling(await edge.key(Role.OPERATOR)) as operator:
            answer = await operator.post(f"/v1/locations/{edge.location_id}/sales", json=form)
        assert answer.is_success, answer.text
        command = owner.heard[0].body
        assert isinstance(command, MakeSale)
        assert command.chain_id == edge.chain_id
        assert command.time_zone == "Europe/Lisbon"
        assert command.currency == "EUR"
        assert command.articles == (
            Article(
                membership_type_id=owner.membership_type_id,
                name="Family 10",
                price=Money(amount=14000, currency="EUR"),
            ),
        )

    @pytest.mark.rule("X4")
    @pytest.mark.parametrize("field", ["client_id", "lines.0.membership_type_id"])
    async def test_of_what_does_not_exist_here_names_the_field(
        self, edge_of_owner: PublicEdge, owner: Owner, field: str
    ) -> None:
        edge = edge_of_owner
        owner.chain_of[edge.location_id] = edge.chain_id
        form = (
            sale_of(uuid4(), owner.membership_type_id)
            if field == "client_id"
            else sale_of(owner.client_id, uuid4())
        )
        async with edge.calling(await edge.key(Role.OPERATOR)) as operator:
            answer = await operator.post(f"/v1/locations/{edge.location_id}/sales", json=form)
        document = problem_of(answer, 400, "invalid-request")
        assert [error["field"] for error in document["errors"]] == [field]
        assert not owner.heard

    async def test_at_an_unknown_location_is_not_found(self, edge_of_owner: PublicEdge) -> None:
        form = sale_of(uuid4(), uuid4())
        async with edge_of_owner.platform() as platform:
            answer = await platform.post(f"/v1/locations/{uuid4()}/sales", json=form)
        problem_of(answer, 404, "not-found")

    @pytest.mark.rule("X4")
    async def test_of_lines_of_a_visit_names_the_visit(
        self, edge_of_owner: PublicEdge, owner: Owner
    ) -> None:
        edge = edge_of_owner
        owner.chain_of[edge.location_id] = edge.chain_id
        line = {"kind": "visit", "line_id": str(uuid4())}
        form = {"client_id": str(owner.client_id), "lines": [line]}
        async with edge.calling(await edge.key(Role.OPERATOR)) as operator:
            answer = await operator.post(f"/v1/locations/{edge.location_id}/sales", json=form)
        document = problem_of(answer, 400, "invalid-request")
        assert [error["field"] for error in document["errors"]] == ["visit_id"]
        assert not owner.heard
