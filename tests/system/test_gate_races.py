"""Many want what is there for few: exactly so many get it, and the others hear why not."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest

from contracts.problems import MEMBERSHIP_REFUSAL
from edge import Edge, Json
from journeys import form_of, later, massage, member, membership_of, spots
from load import Answer, Caller, created
from studio import Client, Studio, issue_key, selling

CLIENTS = 200
SPOTS = 20
PAIRS = 8
SHARING = 64
SESSIONS = 5


@pytest.fixture
def caller(platform: Edge, studio: Studio) -> Caller:
    """The clients' app, which calls over many connections at once."""
    return Caller(platform.url, issue_key(platform, "gateway", studio.chain))


@pytest.mark.rule("X2")
def test_of_200_clients_for_20_spots_20_get_one(studio: Studio, caller: Caller) -> None:
    passes = _many_members(studio, caller, CLIENTS)
    event = studio.plan_class(later(), capacity=SPOTS)

    answers = _book(caller, studio, [form_of(studio, name, spots(event)) for name in passes])

    assert _outcomes(answers) == {"accepted": SPOTS, "/problems/event-full": CLIENTS - SPOTS}
    shown = studio.operator.get(f"/locations/{studio.location}/events/{event}")
    assert shown["spots_taken"] == SPOTS
    for membership, answer in zip(passes.values(), answers, strict=True):
        assert membership_of(studio, membership)["held"] == (answer.status == 201)


@pytest.mark.rule("X2")
def test_of_two_clients_for_one_slot_one_gets_it(studio: Studio, caller: Caller) -> None:
    member(studio, "Ana", sessions=PAIRS)
    member(studio, "Ben", sessions=PAIRS)
    starts = [later() + timedelta(hours=number) for number in range(PAIRS)]
    forms = [
        form_of(studio, name, massage(studio, start)) for start in starts for name in ("Ana", "Ben")
    ]

    answers = _book(caller, studio, forms)

    for number in range(PAIRS):
        pair = answers[2 * number : 2 * number + 2]
        assert _outcomes(pair) == {"accepted": 1, "/problems/slot-taken": 1}


@pytest.mark.rule("S6", "S7", "G7")
def test_of_owner_and_shared_client_one_gets_the_last_session(
    studio: Studio, caller: Caller
) -> None:
    events = [
        (studio.plan_class(later(), capacity=5), studio.plan_class(later(), capacity=5))
        for _ in range(PAIRS)
    ]
    forms: list[Json] = []
    passes: list[str] = []
    for number, (one, other) in enumerate(events):
        owner, shared = f"Owner {number}", f"Shared {number}"
        passes += member(studio, owner, sessions=1)
        studio.enter_client(shared, f"+351 914 {number:06}")
        with_whom = {"client_id": studio.clients[shared].client_id}
        studio.operator.post(f"/memberships/{passes[-1]}/shared-clients", with_whom)
        forms += [form_of(studio, owner, spots(one)), form_of(studio, shared, spots(other))]

    answers = _book(caller, studio, forms)

    for number, membership in enumerate(passes):
        pair = answers[2 * number : 2 * number + 2]
        assert _outcomes(pair) == {"accepted": 1, "/problems/no-suitable-membership": 1}
        [loser] = [answer.body for answer in pair if answer.status != 201]
        assert loser["detail"] == MEMBERSHIP_REFUSAL
        reasons = [(one["membership_id"], one["reason"]) for one in loser["reasons"]]
        assert reasons == [(membership, "not_enough_sessions")]
        counts = membership_of(studio, membership)
        assert (counts["held"], counts["available"]) == (1, 0)


@pytest.mark.rule("S7", "X1")
def test_of_64_clients_of_one_membership_as_many_get_a_session_as_there_are(
    studio: Studio, caller: Caller
) -> None:
    [family] = member(studio, "Owner", sessions=SESSIONS)
    forms: list[tuple[str, Json]] = [
        (f"/chains/{studio.chain}/clients", {"name": f"Friend {one}", "phone": f"+351915{one:06}"})
        for one in range(1, SHARING)
    ]
    friends = created(_post(caller, forms), "client_id")
    path = f"/memberships/{family}/shared-clients"
    shared = _post(caller, [(path, {"client_id": client_id}) for client_id in friends])
    assert {answer.status for answer in shared} == {200}
    phones = {form["name"]: form["phone"] for _, form in forms}
    studio.clients |= {name: Client(name, phone) for name, phone in phones.items()}
    event = studio.plan_class(later(), capacity=SHARING)

    answers = _book(
        caller, studio, [form_of(studio, name, spots(event)) for name in ("Owner", *phones)]
    )

    assert _outcomes(answers) == {
        "accepted": SESSIONS,
        "/problems/no-suitable-membership": SHARING - SESSIONS,
    }
    counts = membership_of(studio, family)
    assert (counts["held"], counts["available"], counts["used"]) == (SESSIONS, 0, 0)


def _many_members(studio: Studio, caller: Caller, number: int) -> dict[str, str]:
    """Enter clients who buy a membership each; return the memberships by the clients' names."""
    studio.offer_membership("One", sessions=1, price=1800, services=[studio.yoga], days=30)
    forms: list[tuple[str, Json]] = [
        (
            f"/chains/{studio.chain}/clients",
            {"name": f"Member {one}", "phone": f"+351913{one:06}"},
        )
        for one in range(number)
    ]
    clients = created(_post(caller, forms), "client_id")
    for (_, form), client_id in zip(forms, clients, strict=True):
        studio.clients[form["name"]] = Client(form["name"], form["phone"], client_id)
    sales: list[tuple[str, Json]] = [
        (
            f"/locations/{studio.location}/sales",
            selling(client_id, studio.membership_types["One"]),
        )
        for client_id in clients
    ]
    sold = created(_post(caller, sales), "membership_id")
    return dict(zip((form["name"] for _, form in forms), sold, strict=True))


def _book(caller: Caller, studio: Studio, forms: Sequence[Json]) -> list[Answer]:
    """Submit bookings, all at once."""
    path = f"/locations/{studio.location}/bookings"
    return asyncio.run(caller.post_all([(path, form) for form in forms], at_once=len(forms)))


def _post(caller: Caller, requests: Sequence[tuple[str, Json]]) -> list[Answer]:
    return asyncio.run(caller.post_all(requests, at_once=32))


def _outcomes(answers: Sequence[Answer]) -> Counter[str]:
    """Count the states of what was booked, and the problem types of what was not."""
    return Counter(
        str(answer.body.get("state" if answer.status == 201 else "type", answer.status))
        for answer in answers
    )
