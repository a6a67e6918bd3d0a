"""The main job through the public edge: gate, hold, debit at the start, calendar, bill."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from edge import Edge, Json, RefusedError
from journeys import (
    appointment_of,
    bill_of,
    book,
    form_of,
    later,
    massage,
    member,
    membership_of,
    refusal,
    settled,
    soon,
    spots,
    until,
)
from studio import Studio

REFUSAL = "Sorry, but it appears that your membership is either not suitable or has expired."


@pytest.mark.rule("A3", "A4", "G10")
def test_a_session_is_debited_when_the_appointment_begins(studio: Studio, app: Edge) -> None:
    [pass_] = member(studio, "Ana", sessions=5)
    start = soon()
    booked = book(app, studio, "Ana", massage(studio, start))
    assert booked["debit_status"] == "automatic_debiting"
    assert booked["booked_with_membership"]
    assert membership_of(studio, pass_)["held"] == 1

    after = settled(studio, booked)

    assert after["debit_status"] == "debited"
    assert after["payment_status"] == "paid"
    assert after["owed"] == {"amount": 0, "currency": "EUR"}
    settlement = studio.operator.get(f"/appointments/{booked['appointment_id']}/settlement")
    assert datetime.fromisoformat(settlement["settled_at"]) >= start
    counts = membership_of(studio, pass_)
    assert (counts["used"], counts["held"], counts["available"]) == (1, 0, 4)
    assert [use["client_id"] for use in counts["uses"]] == [studio.clients["Ana"].client_id]


@pytest.mark.rule("G4", "G7")
def test_without_a_membership_nobody_books_online(studio: Studio, app: Edge) -> None:
    studio.enter_client("Rui", "+351 912 345 678")
    event = studio.plan_class(later(), capacity=10)

    problem = refusal(app, studio, "Rui", spots(event))

    assert problem["detail"] == REFUSAL
    assert {reason["reason"] for reason in problem["reasons"]} == {"no_membership"}
    free = studio.operator.get(f"/locations/{studio.location}/events/{event}")
    assert free["spots_taken"] == 0


@pytest.mark.rule("G4")
def test_an_operator_books_without_a_membership(studio: Studio) -> None:
    studio.enter_client("Rui", "+351 912 345 678")
    event = studio.plan_class(later(), capacity=10)
    assert book(studio.operator, studio, "Rui", spots(event))["state"] == "accepted"


@pytest.mark.rule("G8")
def test_an_unconfirmed_phone_does_not_spend_sessions(studio: Studio, app: Edge) -> None:
    member(studio, "Ana", sessions=5)
    event = studio.plan_class(later(), capacity=10)
    problem = refusal(app, studio, "Ana", spots(event), confirmed=False)
    assert problem["type"] == "/problems/phone-not-confirmed"


@pytest.mark.rule("S1", "S6")
def test_a_shared_client_books_with_a_phone_of_their_own(studio: Studio, app: Edge) -> None:
    [pass_] = member(studio, "Ana", sessions=5)
    studio.enter_client("Ben", "+351 913 000 001")
    ben = studio.clients["Ben"].client_id
    shared = studio.operator.post(f"/memberships/{pass_}/shared-clients", {"client_id": ben})
    assert shared["shared_client_ids"] == [ben]

    booked = book(app, studio, "Ben", spots(studio.plan_class(soon(), capacity=5)))

    assert settled(studio, booked)["debit_status"] == "debited"
    [use] = membership_of(studio, pass_)["uses"]
    assert use["client_id"] == ben


@pytest.mark.rule("A8")
def test_spots_are_debited_one_after_the_other_and_the_rest_is_owed(studio: Studio) -> None:
    first, second = member(studio, "Ana", sessions=1, memberships=2)
    event = studio.plan_class(soon(), capacity=5)
    booked = book(studio.operator, studio, "Ana", spots(event, 3))

    after = settled(studio, booked)

    assert after["debit_status"] == "not_debited"
    assert after["payment_status"] == "paid_partially"
    assert after["owed"] == {"amount": 1800, "currency": "EUR"}
    assert [membership_of(studio, one)["used"] for one in (first, second)] == [1, 1]


@pytest.mark.rule("A10", "A15")
@pytest.mark.parametrize("begun", [False, True])
def test_a_cancelled_appointment_nets_to_zero_sessions(
    studio: Studio, app: Edge, *, begun: bool
) -> None:
    [pass_] = member(studio, "Ana", sessions=2)
    booked = book(app, studio, "Ana", massage(studio, soon() if begun else later()))
    if begun:
        settled(studio, booked)
    path = f"/locations/{studio.location}/appointments/{booked['appointment_id']}/cancel"

    studio.operator.post(path, {"charge": False})

    until(
        lambda: membership_of(studio, pass_),
        lambda now: (now["available"], now["used"], now["held"]) == (2, 0, 0),
    )
    until(
        lambda: bill_of(studio, booked),
        lambda bill: bill is not None and bill["owed"]["amount"] == bill["debited"]["amount"] == 0,
    )
    assert appointment_of(studio, booked)["state"] == "cancelled"


@pytest.mark.rule("A6", "A7")
def test_a_debit_leaves_the_visit_status_alone(studio: Studio, app: Edge) -> None:
    member(studio, "Ana", sessions=1)
    booked = book(app, studio, "Ana", massage(studio, soon()))
    path = f"/locations/{studio.location}/appointments/{booked['appointment_id']}/visit-status"
    studio.operator.put(path, {"visit_status": "no_show"})

    after = settled(studio, booked)

    assert (after["debit_status"], after["visit_status"]) == ("debited", "no_show")


@pytest.mark.rule("A14")
def test_a_membership_frozen_at_the_start_is_not_debited(studio: Studio, app: Edge) -> None:
    [pass_] = member(studio, "Ana", sessions=3)
    booked = book(app, studio, "Ana", massage(studio, soon()))
    studio.operator.post(f"/memberships/{pass_}/freeze")

    assert settled(studio, booked)["debit_status"] == "not_debited"

    settlement = studio.operator.get(f"/appointments/{booked['appointment_id']}/settlement")
    assert [line["reason"] for line in settlement["lines"]] == ["frozen"]
    assert membership_of(studio, pass_)["used"] == 0


@pytest.mark.rule("X3")
def test_a_repeated_submission_has_one_effect_and_one_answer(studio: Studio, app: Edge) -> None:
    [pass_] = member(studio, "Ana", sessions=5)
    form = form_of(studio, "Ana", spots(studio.plan_class(later(), capacity=5)))
    path = f"/locations/{studio.location}/bookings"

    answers = [app.post(path, form, idempotency_key="once") for _ in range(3)]

    assert answers[0] == answers[1] == answers[2]
    assert membership_of(studio, pass_)["held"] == 1
    with pytest.raises(RefusedError) as refused:
        app.post(path, form | {"name": "Another"}, idempotency_key="once")
    assert refused.value.problem["type"] == "/problems/idempotency-key-reused"


@pytest.mark.rule("S7", "G5")
def test_of_many_who_want_the_last_session_one_gets_it(studio: Studio, app: Edge) -> None:
    [pass_] = member(studio, "Ana", sessions=1)
    event = studio.plan_class(later(), capacity=50)

    outcomes = _at_once(16, app, studio, spots(event))

    assert outcomes.count("accepted") == 1
    assert set(outcomes) == {"accepted", "/problems/no-suitable-membership"}
    counts = membership_of(studio, pass_)
    assert (counts["held"], counts["available"]) == (1, 0)


@pytest.mark.rule("X2")
def test_of_many_who_want_one_slot_one_gets_it(studio: Studio, app: Edge) -> None:
    member(studio, "Ana", sessions=50)
    outcomes = _at_once(8, app, studio, massage(studio, later()))
    assert outcomes.count("accepted") == 1
    assert set(outcomes) == {"accepted", "/problems/slot-taken"}


@pytest.mark.rule("X2")
def test_an_event_is_not_filled_past_its_capacity(studio: Studio, app: Edge) -> None:
    member(studio, "Ana", sessions=50)
    outcomes = _at_once(8, app, studio, spots(studio.plan_class(later(), capacity=3)))
    assert outcomes.count("accepted") == 3
    assert set(outcomes) == {"accepted", "/problems/event-full"}


@pytest.mark.rule("X5")
def test_a_membership_is_sold_in_the_currency_of_the_location(studio: Studio) -> None:
    studio.enter_client("Ana", "+351 912 345 678")
    bucket = {"sessions": 5, "service_ids": [studio.yoga]}
    form = {"name": "Ten", "price": 9000, "currency": "USD", "buckets": [bucket]}
    article = studio.operator.post(f"/chains/{studio.chain}/membership-types", form)
    studio.membership_types["Ten"] = article["membership_type_id"]
    with pytest.raises(RefusedError) as refused:
        studio.sell("Ana", "Ten")
    [error] = refused.value.problem["errors"]
    assert error["field"] == "lines.0.membership_type_id"


def _at_once(number: int, app: Edge, studio: Studio, what: Json) -> list[str]:
    """Submit the same booking many times at once; return the states and problem types."""

    def submit(_: int) -> str:
        try:
            form = form_of(studio, "Ana", what)
            answer = app.post(f"/locations/{studio.location}/bookings", form)
        except RefusedError as refused:
            return str(refused.problem["type"])
        return str(answer["state"])

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(submit, range(number)))
