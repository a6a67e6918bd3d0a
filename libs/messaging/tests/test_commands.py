"""A command has one effect and one answer, however often it is submitted."""

import base64
import json
from uuid import uuid4

import pytest

from contracts.reply import Reply
from messaging import operation

from .bench import Bench
from .toy import BUG, Add, Added, Open


@pytest.mark.rule("X3")
async def test_a_repeated_command_gets_the_stored_reply_and_has_one_effect(bench: Bench) -> None:
    command_id, opening = uuid4(), Open(counter_id=uuid4(), amount=5)
    record = bench.command(opening, command_id)
    async with bench.running():
        await bench.tell(record, record)  # in one batch
        await bench.expect("operations WHERE state = 'done'", 1)
        await bench.tell(record)  # later
        await bench.acknowledged()
        replies = await bench.replies(command_id)

    assert await bench.effects() == [5]
    assert len(replies) >= 2
    assert {one.model_dump_json() for one in replies} == {
        Reply(
            command_id=command_id,
            request_hash="hash",
            state="done",
            status=201,
            result={"counter_id": str(opening.counter_id)},
        ).model_dump_json()
    }


@pytest.mark.rule("X3")
async def test_another_request_under_the_same_key_is_refused_with_its_own_hash(
    bench: Bench,
) -> None:
    command_id, opening = uuid4(), Open(counter_id=uuid4())
    async with bench.running():
        await bench.tell(
            bench.command(opening, command_id),
            bench.command(opening, command_id, request_hash="another"),
        )
        await bench.expect("operations WHERE state = 'done'", 1)
        await bench.tell(bench.command(opening, command_id, request_hash="a third"))
        await bench.acknowledged()
        replies = {one.request_hash: one for one in await bench.replies(command_id)}

    assert replies["hash"].state == "done"
    for other in ("another", "a third"):
        problem = replies[other].problem
        assert problem is not None
        assert (replies[other].status, problem.type) == (422, "/problems/idempotency-key-reused")
    assert await bench.effects() == [0]


async def test_a_command_may_be_concluded_by_a_later_message_and_only_once(bench: Bench) -> None:
    command_id, counter_id = uuid4(), uuid4()
    record = bench.command(Open(counter_id=counter_id, guarded=True), command_id)
    async with bench.running():
        await bench.tell(record, record)
        await bench.expect("operations WHERE state = 'pending'", 1)
        await bench.acknowledged()
        assert await bench.replies(command_id) == []

        first = Add(counter_id=counter_id, amount=3, opening=command_id)
        second = Add(counter_id=counter_id, amount=4, opening=command_id)
        await bench.tell(bench.record(first))
        await bench.acknowledged()
        await bench.tell(bench.record(second))
        await bench.acknowledged()
        [reply] = await bench.replies(command_id)

    assert reply.result == {"total": 3}


async def test_an_operation_knows_who_asked_and_what_came_of_it(bench: Bench) -> None:
    command_id, asker, counter_id = uuid4(), uuid4(), uuid4()
    claims = base64.urlsafe_b64encode(json.dumps({"sub": str(asker)}).encode()).decode()
    async with bench.running():
        await bench.tell(
            bench.command(Open(counter_id=counter_id), uuid4(), principal="not a token"),
            bench.command(
                Open(counter_id=counter_id), command_id, principal=f"e30.{claims.rstrip('=')}.x"
            ),
        )
        await bench.expect("operations WHERE concluded_at IS NOT NULL", 2)
        found = await operation(bench.database, command_id)

    assert found is not None
    assert found.principal == asker
    assert found.state == "refused"
    assert found.problem is not None
    assert (found.status, found.problem.type) == (409, "/problems/conflict")
    assert await operation(bench.database, uuid4()) is None


async def test_a_command_that_cannot_be_handled_is_set_aside_and_answered(bench: Bench) -> None:
    command_id = uuid4()
    record = bench.command(Open(counter_id=uuid4(), amount=BUG), command_id)
    async with bench.running():
        await bench.tell(record, record)
        await bench.acknowledged()
        await bench.tell(record)
        await bench.acknowledged()
        replies = await bench.replies(command_id)

    assert {(one.state, one.status) for one in replies} == {("refused", 500)}
    assert await bench.count("dead_letters") == 1
    assert await bench.effects() == []


async def test_what_a_timer_says_is_published_when_it_commits(bench: Bench) -> None:
    counter_id, cause = uuid4(), uuid4()
    async with bench.running(handle=None) as messaging:
        for _ in range(2):
            async with messaging.work() as work:
                work.publish(Added(counter_id=counter_id, total=1, revision=1), cause=cause)
        announced = await bench.totals()

    assert [one.counter_id for one in announced] == [counter_id]
