"""Erasing clients: nothing that is kept names them any more, and all that counts is still there."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaError

from booking.commands.erasing import forget_copies
from booking.commands.phones import typed_somehow
from booking.domain.clients import Client
from booking.errands import forget_copies_now
from booking.store import client_changes, clients, erasures
from contracts.base import Command
from contracts.booking import (
    CancelAppointment,
    CancellationForm,
    CreateTeamMember,
    EraseClient,
    TeamMemberForm,
)
from contracts.booking_views import BookingView, ClientView
from messaging import operation
from postgres import Database
from web import Principal, Role

from .asking import Asking
from .changes import asked_last, not_placed, repeating
from .studio import MONDAY, Studio
from .test_clients import ADA, ADAS_OTHER, changing, entered, merged, merging

HOUR = timedelta(hours=1)
TABLES = """
SELECT format('%I', table_name) FROM information_schema.tables
WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
"""


def erasing(studio: Studio, client_id: UUID) -> EraseClient:
    return EraseClient(client_id=client_id, chain_id=studio.chain_id)


async def erased(studio: Studio, client_id: UUID) -> ClientView:
    record = studio.record(Role.OPERATOR, erasing(studio, client_id))
    await studio.batches.settle([record])
    await studio.batches.settle([record])
    answer = await operation(studio.database, UUID(dict(record.headers)["ce_id"].decode()))
    assert answer is not None
    assert answer.state == "done", answer.problem
    return ClientView.model_validate(answer.result)


async def knowing(database: Database, *texts: str) -> list[tuple[str, str]]:
    """Return the rows of all tables that have one of these texts in them, bytes included."""
    found: list[tuple[str, str]] = []
    encoded = [text.encode().hex() for text in texts]
    for [table] in await database.pool.fetch(TABLES):
        rows = await database.pool.fetch(
            f"SELECT one::text FROM {table} AS one WHERE one::text LIKE ANY($1)",
            [f"%{text}%" for text in (*texts, *encoded)],
        )
        found += [(table, row["one"]) for row in rows]
    return found


async def visited(studio: Studio, phone: str = ADA) -> BookingView:
    """Book for a client, and let the appointment be over."""
    massage = await studio.service()
    await studio.team_member(massage)
    booking = await studio.booked(studio.submit(massage, phone=phone))
    await over(studio)
    return booking


async def over(studio: Studio) -> None:
    """Let all appointments be of long ago."""
    long_ago = "UPDATE {} SET start_at = start_at - interval '9 years'"
    for table in ("appointments", "appointment_lines"):
        await studio.database.pool.execute(long_ago.format(table))


async def set_aside(studio: Studio, command: Command, *, body: bytes | None = None) -> None:
    """Let a command become a dead letter: it is not what its headers say, or has another body."""
    record = studio.record(Role.OPERATOR, command)
    if body is None:
        kind = ("ce_type", b"booking.make_tea.v1")
        headers = [kind if name == "ce_type" else (name, value) for name, value in record.headers]
        record = _with(record, headers=headers)
    else:
        record = _with(record, value=body)
    await studio.batches.settle([record])


def _with(record: "ConsumerRecord[bytes, bytes]", **changes: Any) -> "ConsumerRecord[bytes, bytes]":
    return replace(record, **changes)


@pytest.mark.rule("X4", "G8")
async def test_whoever_was_erased_has_neither_name_nor_number_and_bookings_stay(
    studio: Studio, asking: Asking
) -> None:
    booking = await visited(studio)
    view = await erased(studio, booking.client_id)
    assert (view.name, view.phone, view.erased) == (None, None, True)
    here = f"/chains/{studio.chain_id}"
    found = await asking.get(f"{here}/clients/{booking.client_id}")
    assert ClientView.model_validate(found) == view
    assert (await asking.get(f"{here}/clients"))["clients"] == []
    names = await asking.get(f"{here}/client-names", client_id=booking.client_id)
    assert names == {"names": {}}
    shown = await asking.here(f"/bookings/{booking.booking_id}")
    assert (shown["state"], shown["client_id"]) == ("accepted", str(booking.client_id))
    assert shown["appointments"][0]["client_name"] == ""
    mine = await asking.here("/my-bookings", studio.client(ADA))
    assert mine == {"client_id": None, "appointments": []}
    assert await erased(studio, booking.client_id) == view  # as often as one likes


@pytest.mark.rule("G8")
async def test_the_number_of_whoever_was_erased_is_free_for_somebody_new(studio: Studio) -> None:
    booking = await visited(studio)
    await erased(studio, booking.client_id)
    massage = await studio.service()
    await studio.team_member(massage)
    again = await studio.booked(studio.submit(massage, start=MONDAY + HOUR))
    assert again.client_id != booking.client_id


@pytest.mark.rule("X4")
async def test_of_whoever_was_erased_nothing_can_be_changed_any_more(studio: Studio) -> None:
    booking = await visited(studio)
    ben = await entered(studio, "Ben", ADAS_OTHER)
    await erased(studio, booking.client_id)
    for command in (
        changing(studio, booking.client_id, "Ada", ADA),
        merging(studio, ben, booking.client_id),
        merging(studio, booking.client_id, ben),
        repeating(studio, booking.appointments[0], MONDAY + HOUR),
    ):
        assert (await studio.refused(Role.OPERATOR, command))[0] == "conflict"


@pytest.mark.rule("X4")
async def test_a_client_who_is_still_waited_for_is_not_erased_and_the_appointments_are_named(
    studio: Studio, asking: Asking
) -> None:
    yoga = await studio.service(automatic_debiting=True)
    await studio.team_member(yoga)
    await studio.ask(Role.OPERATOR, studio.submit(yoga))
    waiting = await asked_last(studio)
    [answer] = await studio.ask(Role.OPERATOR, erasing(studio, waiting.client_id))
    assert answer.problem is not None
    assert answer.problem.type == "/problems/conflict"
    assert [each["booking_id"] for each in answer.problem.reasons] == [str(waiting.booking_id)]
    await studio.hear(not_placed(waiting))
    massage = await studio.service()
    await studio.team_member(massage)
    booking = await studio.booked(studio.submit(massage))
    assert (await studio.refused(Role.OPERATOR, erasing(studio, booking.client_id)))[
        0
    ] == "conflict"
    page = await asking.get(f"/chains/{studio.chain_id}/clients", phone=ADA)
    assert [each["name"] for each in page["clients"]] == ["Ada"]


@pytest.mark.rule("X4")
async def test_no_table_knows_whoever_was_erased(studio: Studio) -> None:
    ada = await entered(studio, "Zuzana Zetová", "0170 5550001")
    other = await entered(studio, "Z. Zetová", "0170 5550002")
    await studio.done(Role.OPERATOR, changing(studio, ada, "Zuzana Zetová-Ek", "0170 5550003"))
    await merged(studio, ada, other)
    massage = await studio.service()
    await studio.team_member(massage)
    named = studio.submit(massage, phone="0170/555 00 02")
    named = named.model_copy(
        update={"booking": named.booking.model_copy(update={"name": "Zuzi Zetová"})}
    )
    await studio.booked(named, Role.WIDGET)  # a name that was typed, and the number of the other
    await over(studio)
    await set_aside(studio, changing(studio, ada, "Zetová", "0170 5550009"))
    await set_aside(studio, named)
    await set_aside(studio, named, body=b'{"phone": "(0170) 555-00.03", "name": ')
    await set_aside(studio, named, body='{"name": "zuzana zetová-ek"}'.encode())
    assert await knowing(studio.database, "Zetová", "zetová", "5550003", "5550002")

    await erased(studio, other)  # the one or the other id

    assert not await knowing(
        studio.database, "Zetová", "zetová", "5550001", "5550002", "5550003", "5550009"
    )
    assert not await knowing(studio.database, "555 00 02", "555-00.03", "Zuz")
    states = await studio.database.pool.fetch("SELECT DISTINCT state FROM dead_letters")
    assert [row["state"] for row in states] == ["discarded"]


@pytest.mark.rule("X4", "G8")
async def test_no_dead_letter_keeps_the_token_of_whoever_was_erased(studio: Studio) -> None:
    booking = await visited(studio)
    token = await cancelled_in_vain(studio, booking, studio.client(ADA))
    others = await cancelled_in_vain(studio, booking, studio.client(ADAS_OTHER))
    assert await knowing(studio.database, token)
    await erased(studio, booking.client_id)
    assert not await knowing(studio.database, token)
    assert await knowing(studio.database, others)


async def cancelled_in_vain(studio: Studio, booking: BookingView, client: Principal) -> str:
    """Let a client's cancel become a dead letter; return its token, which has the number."""
    command = CancelAppointment(
        location_id=studio.location_id,
        appointment_id=booking.appointments[0].appointment_id,
        cancellation=CancellationForm(),
    )
    record = _with(studio.record(client, command), value=b"{")
    await studio.batches.settle([record])
    return dict(record.headers)["ce_principal"].decode()


@pytest.mark.rule("X4")
async def test_others_of_the_same_name_keep_theirs(studio: Studio) -> None:
    ada = await entered(studio, "Ada", ADA)
    other = await entered(studio, "Ada", ADAS_OTHER)
    waiting = changing(studio, other, "Ada", ADAS_OTHER)
    await set_aside(studio, waiting)
    before = await studio.database.pool.fetch("SELECT * FROM dead_letters")
    await erased(studio, ada)
    assert await studio.database.pool.fetch("SELECT * FROM dead_letters") == before
    rows = await studio.database.pool.fetch(
        "SELECT result ->> 'client_id' AS id, result ->> 'name' AS name FROM operations"
        " WHERE result ? 'phone'"
    )
    assert {(row["id"], row["name"]) for row in rows} == {(str(ada), None), (str(other), "Ada")}


@pytest.mark.rule("X3")
async def test_what_one_batch_enters_changes_and_erases_is_not_known_either(
    studio: Studio,
) -> None:
    ada = await entered(studio, "Zuzana", ADA)
    commands = (changing(studio, ada, "Zuzana Ek", ADAS_OTHER), erasing(studio, ada))
    answers = await studio.ask(Role.OPERATOR, *commands)
    assert [each.state for each in answers] == ["done", "done"]
    assert answers[0].result["client_id"] == str(ada)
    assert not await knowing(studio.database, "Zuzana", ADA[3:], ADAS_OTHER[3:])


async def test_a_dead_letter_about_somebody_else_of_that_name_is_still_to_be_decided(
    studio: Studio,
) -> None:
    ada = await entered(studio, "Ada", ADA)
    form = TeamMemberForm(name="Ada", service_ids=(uuid4(),), working_hours=())
    command = CreateTeamMember(
        team_member_id=uuid4(), location_id=studio.location_id, team_member=form
    )
    broken = command.model_dump_json().replace("service_ids", "services").encode()
    await set_aside(studio, command, body=broken)
    before = await studio.database.pool.fetch("SELECT * FROM dead_letters")
    await erased(studio, ada)
    assert await studio.database.pool.fetch("SELECT * FROM dead_letters") == before


@pytest.mark.rule("X2", "X4")
async def test_whoever_books_meanwhile_is_waited_for_or_is_somebody_new(studio: Studio) -> None:
    ada = await entered(studio, "Ada", ADA)
    number = (studio.chain_id, ADA)
    nobody = Client(uuid4(), "Ada", (ADA,))
    async with studio.database.transaction() as booking, studio.database.transaction() as erasure:
        known = await clients.find_or_add(booking, {number: nobody})
        assert known[number].client_id == ada
        await erasure.execute("SET LOCAL lock_timeout = '50ms'")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await client_changes.standing(erasure, studio.chain_id, known[number])
    async with studio.database.transaction() as booking:
        async with studio.database.transaction() as erasure:
            await client_changes.erase(erasure, known[number])
            waiting = asyncio.create_task(clients.find_or_add(booking, {number: nobody}))
            await asyncio.wait([waiting], timeout=0.2)
            assert not waiting.done()
        assert (await waiting)[number] == nobody


@pytest.mark.rule("X4")
async def test_a_transaction_under_way_is_waited_for_and_its_copies_are_found(
    studio: Studio,
) -> None:
    booking = await visited(studio)
    pool = studio.database.pool
    async with studio.database.transaction() as late:
        await late.execute("SELECT pg_current_xact_id()")
        await erased(studio, booking.client_id)
        async with studio.database.transaction() as look:
            assert await erasures.settled(look) == set()
        await late.execute(
            "UPDATE operations SET result = jsonb_set(result, '{name}', '\"Ada\"')"
            " WHERE result ->> 'client_id' = $1",
            str(booking.client_id),
        )
    assert await pool.fetchval("SELECT count(*) FROM erasures") == 1
    while not await _settled(studio):  # noqa: ASYNC110 — there is no event to wait for
        await asyncio.sleep(0.05)  # other databases of the server have transactions, too
    async with studio.messaging.work() as work:
        await forget_copies(work, {booking.client_id})
    assert not await knowing(studio.database, "Ada")


@pytest.mark.rule("X4")
async def test_who_read_a_name_while_it_was_erased_is_waited_for_too(studio: Studio) -> None:
    booking = await visited(studio)
    ada = Client(booking.client_id, "Ada", (ADA,))
    async with studio.database.transaction() as late:
        async with studio.database.transaction() as erasure:
            await client_changes.erase(erasure, ada)
            await late.execute("SELECT pg_current_xact_id()")  # later than the erasure's
            assert await late.fetchval("SELECT name FROM clients WHERE phone = $1", ADA) == "Ada"
        for _ in range(3):
            assert await _settled(studio) == set()


@pytest.mark.rule("X4")
async def test_what_is_left_in_the_topics_is_remembered_until_a_broker_has_deleted_it(
    studio: Studio,
) -> None:
    booking = await visited(studio)
    await erased(studio, booking.client_id)
    while not await _settled(studio):  # noqa: ASYNC110 — there is no event to wait for
        await asyncio.sleep(0.05)
    await studio.database.pool.execute("UPDATE outbox SET published_at = now()")
    with pytest.raises(KafkaError):
        await forget_copies_now(studio.messaging, "127.0.0.1:1", "booking")
    assert await _settled(studio) == {booking.client_id}


async def _settled(studio: Studio) -> set[UUID]:
    async with studio.messaging.work() as work:
        return await erasures.settled(work.transaction)


def test_a_number_is_known_however_it_was_typed() -> None:
    pattern = typed_somehow(["+4930901820", "+12125550123"])
    for typed in (
        "+49 30 90-18-20",
        "030/901820",
        "(030) 90 18 20",
        "0049.30.901820",
        "+49\u00a030 90\u201318\u201320",  # as a word processor writes it
        "030~90\u200b1820",
        "2125550123",
    ):
        assert pattern.search(typed), typed
    for other in ("030 9018201", "030 901821", "+12125550124"):
        assert not pattern.search(other), other
