"""A code shows whose a phone is, and the token for it is the same however the number is typed."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import httpx
import pytest

from contracts.conversation import Conversation
from devstack.stack import Stack
from gateway.phones import store
from web.identity import KeyPair, Role

from .conftest import MIGRATIONS
from .mailbox import Mailbox
from .owner import Owner
from .public_edge import PublicEdge, problem_of
from .serving import eventually

ANNA = "+351 912 000 001"
IN_ANY_WAY = [ANNA, "912000001", "00351 912-000-001", "(912) 000 001", "+351912000001"]


class Scene(NamedTuple):
    """A gateway in front of a location in Portugal, the inbox of all phones, and a widget."""

    edge: PublicEdge
    inbox: Mailbox
    widget: httpx.AsyncClient

    @property
    def path(self) -> str:
        return f"/v1/locations/{self.edge.location_id}"

    async def ask(self, phone: str) -> httpx.Response:
        return await self.widget.post(self.path + "/phone-codes", json={"phone": phone})

    async def confirm(self, phone: str, code: str) -> httpx.Response:
        form = {"phone": phone, "code": code}
        return await self.widget.post(self.path + "/phone-confirmations", json=form)

    async def token(self, phone: str) -> str:
        """Ask for a code, read it on the phone, and confirm with it."""
        before = len(self.inbox.messages)
        assert (await self.ask(phone)).status_code == 202
        code = (await self.inbox.after(before))["code"]
        confirmed = await self.confirm(phone, code)
        assert confirmed.status_code == 201, confirmed.text
        return str(confirmed.json()["token"])


Stage = Callable[..., Any]


@pytest.fixture
def stage(
    servers: Stack,
    conversation: Conversation,
    database_dsn: Callable[..., str],
    keys: KeyPair,
    owner: Owner,
) -> Stage:
    """`stage(**settings)` is a scene with a gateway of its own."""

    @asynccontextmanager
    async def setting(**settings: Any) -> AsyncGenerator[Scene, None]:
        dsn = await asyncio.to_thread(database_dsn, MIGRATIONS)
        async with Mailbox.open() as inbox:
            settings = {
                "phone_code_adapter": "webhook",
                "phone_code_webhook_url": inbox.url,
                "phone_code_retry_seconds": 0.5,
            } | settings
            async with PublicEdge.running(
                servers, conversation, dsn, keys, service_url=owner.url, **settings
            ) as edge:
                owner.chain_of[edge.location_id] = edge.chain_id
                async with edge.calling(await edge.key(Role.WIDGET)) as widget:
                    yield Scene(edge, inbox, widget)

    return setting


pytestmark = [pytest.mark.rule("G8"), pytest.mark.asyncio(loop_scope="session")]


async def test_any_way_of_typing_a_number_is_the_same_client(stage: Stage, owner: Owner) -> None:
    async with stage() as scene:
        tokens = [await scene.token(typed) for typed in IN_ANY_WAY]
        for token in tokens:
            assert token.startswith("ct_")
            async with scene.edge.calling(token) as client:
                form = {"name": "Anna", "phone": ANNA, "spots": {"event_id": str(uuid4())}}
                assert (await client.post(scene.path + "/bookings", json=form)).is_success
    chain = scene.edge.chain_id
    [anna] = {who.id: who for who in owner.principals if who.chain_id == chain}.values()
    assert anna.role is Role.CLIENT
    assert anna.phone == "+351912000001"
    assert (anna.chain_id, anna.location_id) == (scene.edge.chain_id, scene.edge.location_id)


async def test_the_token_keeps_to_the_websites_of_the_key_that_it_was_asked_for_with(
    stage: Stage,
) -> None:
    async with stage() as scene:
        token = await scene.token(ANNA)
        async with scene.edge.calling(token) as client:
            elsewhere = await client.get(scene.path, headers={"Origin": "https://evil.example"})
            problem_of(elsewhere, 403, "forbidden")
            assert (await client.get(scene.path)).is_success


async def test_a_code_for_one_way_of_typing_confirms_another(stage: Stage) -> None:
    async with stage() as scene:
        await scene.ask(IN_ANY_WAY[1])
        code = (await scene.inbox.after(0))["code"]
        confirmed = await scene.confirm(IN_ANY_WAY[2], code)
    assert confirmed.status_code == 201
    assert confirmed.json()["phone"] == "+351912000001"


async def test_the_message_says_the_code_and_who_sends_it(stage: Stage) -> None:
    async with stage() as scene:
        await scene.ask(ANNA)
        message = await scene.inbox.after(0)
    assert message["phone"] == "+351912000001"
    assert message["text"].startswith(message["code"])
    assert "Lotus Lisbon" in message["text"]
    assert len(message["code"]) == 6


async def test_whether_a_number_has_a_membership_is_told_to_nobody_unconfirmed(
    stage: Stage, owner: Owner
) -> None:
    async with stage() as scene:
        asked = len(owner.questions)
        known = await scene.ask("+351 912 000 000")
        unknown = await scene.ask("+351 912 999 999")
        assert known.status_code == unknown.status_code == 202
        assert set(known.json()) == set(unknown.json()) == {"expires_at"}
        # Nobody was asked about either number: the location is all that was looked up.
        assert set(owner.questions[asked:]) <= {f"/locations/{scene.edge.location_id}"}
        booking = f"{scene.path}/bookings/{uuid4()}"
        problem_of(await scene.widget.get(booking), 403, "forbidden")
        client = f"/v1/clients/{owner.client_id}/memberships"
        problem_of(await scene.widget.get(client), 403, "forbidden")
        search = f"/v1/chains/{scene.edge.chain_id}/clients"
        found = await scene.widget.get(search, params={"phone": "+351912000000"})
        problem_of(found, 403, "forbidden")


async def test_a_code_has_five_tries(stage: Stage) -> None:
    async with stage() as scene:
        await scene.ask(ANNA)
        code = (await scene.inbox.after(0))["code"]
        wrong = f"{(int(code) + 1) % 10**6:06}"
        tries = await asyncio.gather(*(scene.confirm(ANNA, wrong) for _ in range(5)))
        for answer in (*tries, await scene.confirm(ANNA, code)):
            problem_of(answer, 403, "phone-code-wrong")


async def test_the_fifth_try_may_be_the_right_one(stage: Stage) -> None:
    async with stage() as scene:
        await scene.ask(ANNA)
        code = (await scene.inbox.after(0))["code"]
        for _ in range(4):
            await scene.confirm(ANNA, f"{(int(code) + 1) % 10**6:06}")
        assert (await scene.confirm(ANNA, code)).status_code == 201


async def test_a_code_is_valid_once_for_five_minutes_and_until_the_next(stage: Stage) -> None:
    async with stage() as scene:
        answer = await scene.ask(ANNA)
        valid_for = datetime.fromisoformat(answer.json()["expires_at"]) - datetime.now(UTC)
        assert 290 < valid_for.total_seconds() <= 300
        first = (await scene.inbox.after(0))["code"]
        await scene.ask(ANNA)
        second = (await scene.inbox.after(1))["code"]
        assert first != second
        problem_of(await scene.confirm(ANNA, first), 403, "phone-code-wrong")
        assert (await scene.confirm(ANNA, second)).status_code == 201
        problem_of(await scene.confirm(ANNA, second), 403, "phone-code-wrong")

        await scene.ask(ANNA)
        third = (await scene.inbox.after(2))["code"]
        await scene.edge.database.pool.execute("UPDATE phone_codes SET expires_at = now()")
        problem_of(await scene.confirm(ANNA, third), 403, "phone-code-wrong")


async def test_a_code_is_for_its_phone_and_location(stage: Stage, owner: Owner) -> None:
    async with stage() as scene:
        await scene.ask(ANNA)
        code = (await scene.inbox.after(0))["code"]
        problem_of(await scene.confirm("+351912000002", code), 403, "phone-code-wrong")
        elsewhere = uuid4()
        owner.chain_of[elsewhere] = scene.edge.chain_id
        form = {"phone": ANNA, "code": code}
        async with scene.edge.calling(await scene.edge.key(Role.GATEWAY)) as backend:
            path = f"/v1/locations/{elsewhere}/phone-confirmations"
            problem_of(await backend.post(path, json=form), 403, "phone-code-wrong")


async def test_a_phone_gets_so_many_codes_and_then_none(stage: Stage) -> None:
    async with stage(phone_codes_per_phone=2) as scene:
        answers = await asyncio.gather(*(scene.ask(typed) for typed in IN_ANY_WAY))
        refused = [answer for answer in answers if answer.status_code != 202]
        assert len(refused) == len(IN_ANY_WAY) - 2
        for answer in refused:
            problem_of(answer, 429, "too-many-requests")
            assert 3590 <= int(answer.headers["Retry-After"]) <= 3600
        assert (await scene.ask("+351 912 000 002")).status_code == 202


async def test_a_caller_asks_for_so_many_codes_and_then_none(stage: Stage) -> None:
    async with stage(phone_codes_per_caller=2) as scene:
        numbers = [f"+351 912 000 00{digit}" for digit in range(5)]
        answers = await asyncio.gather(*map(scene.ask, numbers))
        assert sorted(answer.status_code for answer in answers) == [202, 202, 429, 429, 429]
        # A backend asks for all the clients of its chain.
        async with scene.edge.calling(await scene.edge.key(Role.GATEWAY)) as backend:
            for number in numbers:
                form = {"phone": number}
                answer = await backend.post(scene.path + "/phone-codes", json=form)
                assert answer.status_code == 202


@pytest.mark.rule("X4")
@pytest.mark.parametrize("phone", ["hello", "12", "+999 1", "+351 1"])
async def test_what_is_no_number_is_refused(
    edge_of_owner: PublicEdge, phone: str, owner: Owner
) -> None:
    edge = edge_of_owner
    owner.chain_of[edge.location_id] = edge.chain_id
    async with edge.calling(await edge.key(Role.WIDGET)) as widget:
        path = f"/v1/locations/{edge.location_id}/phone-codes"
        document = problem_of(
            await widget.post(path, json={"phone": phone}), 400, "invalid-request"
        )
    assert [error["field"] for error in document["errors"]] == ["phone"]


async def test_a_location_that_does_not_exist_here_has_no_phones(
    edge_of_owner: PublicEdge, owner: Owner
) -> None:
    edge = edge_of_owner
    foreign = uuid4()
    owner.chain_of[foreign] = uuid4()
    async with (
        edge.platform() as platform,
        edge.calling(await edge.key(Role.GATEWAY)) as backend,
    ):
        for caller, location, status in (
            (platform, foreign, 202),
            (backend, foreign, 404),
            (backend, uuid4(), 404),
        ):
            path = f"/v1/locations/{location}/phone-codes"
            assert (await caller.post(path, json={"phone": ANNA})).status_code == status


async def test_nothing_of_a_code_or_its_number_stays_behind(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    number = f"91{uuid4().int % 10**7:07}"
    with caplog.at_level(logging.DEBUG):
        async with stage() as scene:
            await scene.ask(number)
            code = (await scene.inbox.after(0))["code"]

            async def forgotten() -> bool:
                query = "SELECT count(*) = 0 FROM phone_codes WHERE phone IS NOT NULL"
                return await scene.edge.database.pool.fetchval(query)

            await eventually(forgotten)
            row = await scene.edge.database.pool.fetchval(
                "SELECT phone_codes::text FROM phone_codes"
            )
            assert code not in row.split(",")
            assert number not in row
            assert (await scene.confirm(number, code)).status_code == 201
    assert number not in caplog.text
    assert f"{code} is your code" not in caplog.text


async def test_old_codes_are_pruned(stage: Stage) -> None:
    async with stage() as scene:
        await scene.ask(ANNA)
        database = scene.edge.database
        await database.pool.execute("UPDATE phone_codes SET asked_at = now() - interval '25 hours'")
        await store.prune(database)
        assert await database.pool.fetchval("SELECT count(*) FROM phone_codes") == 0


async def test_a_code_that_cannot_be_sent_is_sent_again_and_arrives_once(stage: Stage) -> None:
    async with stage() as scene:
        scene.inbox.refuses = 2
        await scene.ask(ANNA)
        message = await scene.inbox.after(0)
        assert (await scene.confirm(ANNA, message["code"])).status_code == 201
        assert len(scene.inbox.keys) == 3
        assert len(set(scene.inbox.keys)) == 1
        UUID(scene.inbox.keys[0])


async def test_a_code_comes_by_mail_where_a_mail_gateway_sends_texts(stage: Stage) -> None:
    async with Mailbox.of_mail() as (post_office, port):
        smtp = {
            "phone_code_adapter": "smtp",
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
            "smtp_start_tls": False,
            "phone_code_mail_from": "codes@punchcard.test",
            "phone_code_mail_domain": "sms.punchcard.test",
        }
        async with stage(**smtp) as scene:
            await scene.ask(ANNA)
            mail = await post_office.after(0)
            assert mail["to"] == "351912000001@sms.punchcard.test"
            code = mail["text"][:6]
            assert (await scene.confirm(ANNA, code)).status_code == 201


async def test_the_log_shows_codes_to_developers_and_says_so(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage(phone_code_adapter="log") as scene:
        await scene.ask(ANNA)

        async def logged() -> bool:
            return "is your code for Lotus Lisbon" in caplog.text

        await eventually(logged)
    lines = [record.getMessage() for record in caplog.records if record.name.endswith("senders")]
    assert lines
    assert all("development only" in line for line in lines)


async def test_a_token_opens_one_location_for_some_hours(stage: Stage) -> None:
    async with stage() as scene, scene.edge.calling(await scene.token(ANNA)) as client:
        assert (await client.get(scene.path)).is_success
        problem_of(await client.get(f"/v1/locations/{uuid4()}"), 404, "not-found")
    async with (
        stage(client_token_hours=-1) as scene,
        scene.edge.calling(await scene.token(ANNA)) as client,
    ):
        answer = problem_of(await client.get(scene.path), 401, "unauthenticated")
        assert "confirm the phone again" in answer["detail"]
    async with scene.edge.calling("ct_a.b.c") as forger:
        problem_of(await forger.get(scene.path), 401, "unauthenticated")
