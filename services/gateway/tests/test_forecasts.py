"""What would become of a booking, said to whom it may be told."""

from typing import Any
from uuid import uuid4

import pytest

from contracts.booking_views import AppointmentView, BookingPlan, BookingView
from contracts.membership import HeldLine, HoldAppointment, HoldLine, HoldSessions, RefusalDetail
from contracts.membership_views import HoldPlan
from contracts.problems import INVALID_REQUEST, MEMBERSHIP_REFUSAL, PHONE_NOT_CONFIRMED, SLOT_TAKEN
from contracts.values import Money
from gateway.api.examples import ANSWERS
from web.identity import Role

from .owner import Owner
from .public_edge import PublicEdge, problem_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANNA = "+351912000000"
BOOKING = BookingView.model_validate(ANSWERS[BookingView])
APPOINTMENT = AppointmentView.model_validate(ANSWERS[AppointmentView])
[LINE] = APPOINTMENT.lines
MEMBERSHIP = uuid4()


def plan(*, required: bool, to_pay: Money | None = None, with_hold: bool = True) -> dict[str, Any]:
    """Return what booking would do with one line; `required` is that of the gate."""
    line = HoldLine(
        line_id=LINE.line_id,
        ordinal=0,
        service_id=LINE.service_id,
        required=required,
        automatic_debiting=True,
    )
    hold = HoldSessions(
        booking_id=BOOKING.booking_id,
        chain_id=uuid4(),
        location_id=BOOKING.location_id,
        time_zone="Europe/Lisbon",
        client_id=BOOKING.client_id,
        submitted_at=BOOKING.submitted_at,
        appointments=(
            HoldAppointment(
                appointment_id=APPOINTMENT.appointment_id,
                revision=1,
                start=APPOINTMENT.start,
                lines=(line,),
            ),
        ),
    )
    planned = BookingPlan(booking=BOOKING, hold=hold if with_hold else None, to_pay=to_pay)
    return planned.model_dump(mode="json")


def covered() -> dict[str, Any]:
    held = HeldLine(line_id=LINE.line_id, membership_id=MEMBERSHIP)
    return HoldPlan(lines=(held,), names={MEMBERSHIP: "Family 10"}).model_dump(mode="json")


def not_covered() -> dict[str, Any]:
    reason = RefusalDetail(
        membership_id=MEMBERSHIP, service_id=LINE.service_id, rule="G5", reason="used_up"
    )
    return HoldPlan(refused=True, reasons=(reason,)).model_dump(mode="json")


async def forecast(
    edge: PublicEdge, owner: Owner, role: Role, *, phone: str = ANNA, confirmed: bool = False
) -> dict[str, Any]:
    owner.chain_of[edge.location_id] = edge.chain_id
    form = {
        "name": "Anna",
        "phone": phone,
        "phone_confirmed": confirmed,
        "spots": {"event_id": str(uuid4())},
    }
    async with edge.calling(await edge.key(role)) as caller:
        path = f"/v1/locations/{edge.location_id}/booking-forecasts"
        answer = await caller.post(path, json=form, headers={"X-Without-Key": "yes"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def memberships(answer: dict[str, Any]) -> list[str | None]:
    return [
        line["membership_id"]
        for appointment in answer["booking"]["appointments"]
        for line in appointment["lines"]
    ]


@pytest.mark.rule("G7", "G8")
@pytest.mark.parametrize(
    ("role", "confirmed"),
    [(Role.CLIENT, False), (Role.GATEWAY, True), (Role.OPERATOR, False), (Role.PLATFORM, False)],
)
async def test_the_confirmed_client_and_staff_see_the_membership_and_the_reasons(
    edge_of_owner: PublicEdge, owner: Owner, role: Role, confirmed: bool
) -> None:
    owner.plan, owner.hold_plan = plan(required=True), covered()
    answer = await forecast(edge_of_owner, owner, role, confirmed=confirmed)
    assert answer["outcome"] == "accepted"
    assert memberships(answer) == [str(MEMBERSHIP)]
    assert answer["names"] == {str(MEMBERSHIP): "Family 10"}

    owner.hold_plan = not_covered()
    answer = await forecast(edge_of_owner, owner, role, confirmed=confirmed)
    assert answer["outcome"] == "refused"
    assert answer["names"] == {}
    assert answer["problem"]["type"] == "/problems/no-suitable-membership"
    assert answer["problem"]["detail"] == MEMBERSHIP_REFUSAL
    [reason] = answer["problem"]["reasons"]
    assert reason["reason"] == "used_up"
    # Nothing was changed: nobody was asked to do anything.
    assert not owner.heard


@pytest.mark.rule("G8")
@pytest.mark.parametrize("role", [Role.WIDGET, Role.GATEWAY])
async def test_whether_a_number_has_a_membership_is_not_told_to_an_unconfirmed_caller(
    edge_of_owner: PublicEdge, owner: Owner, role: Role
) -> None:
    answers: list[dict[str, Any]] = []
    for owner.hold_plan in (covered(), not_covered()):
        owner.plan = plan(required=True)
        answers.append(await forecast(edge_of_owner, owner, role))
        owner.plan = plan(required=False)
        answers.append(await forecast(edge_of_owner, owner, role))
    refused, accepted = answers[:2]
    assert answers[2:] == [refused, accepted]
    assert refused["problem"]["type"] == "/problems/phone-not-confirmed"
    assert memberships(accepted) == [None]
    # Membership was never asked.
    assert all("phone" in form for form in owner.planned)


@pytest.mark.rule("G8")
async def test_a_client_with_another_number_than_the_confirmed_one_is_told_nothing(
    edge_of_owner: PublicEdge, owner: Owner
) -> None:
    owner.plan, owner.hold_plan = plan(required=True), covered()
    answer = await forecast(edge_of_owner, owner, Role.CLIENT, phone="+351 912 999 999")
    assert answer["problem"]["type"] == "/problems/phone-not-confirmed"
    assert not owner.planned
    same = await forecast(edge_of_owner, owner, Role.CLIENT, phone="912 000 000")
    assert same["outcome"] == "accepted"


async def test_what_is_to_be_paid_online_waits_for_the_payment(
    edge_of_owner: PublicEdge, owner: Owner
) -> None:
    price = Money(amount=1800, currency="EUR")
    owner.plan = plan(required=False, to_pay=price, with_hold=False)
    answer = await forecast(edge_of_owner, owner, Role.WIDGET)
    assert answer["outcome"] == "awaiting_payment"
    assert answer["to_pay"] == {"amount": 1800, "currency": "EUR"}


@pytest.mark.parametrize("kind", [SLOT_TAKEN, PHONE_NOT_CONFIRMED])
async def test_a_refusal_is_the_problem_that_the_submission_would_meet(
    edge_of_owner: PublicEdge, owner: Owner, kind: Any
) -> None:
    owner.refusal = kind.problem("As it would be.")
    answer = await forecast(edge_of_owner, owner, Role.WIDGET)
    assert answer["outcome"] == "refused"
    assert answer["problem"]["type"] == kind.uri
    assert answer["problem"]["detail"] == "As it would be."


@pytest.mark.rule("X4")
async def test_a_wrong_form_is_answered_as_such(edge_of_owner: PublicEdge, owner: Owner) -> None:
    edge = edge_of_owner
    owner.chain_of[edge.location_id] = edge.chain_id
    owner.refusal = INVALID_REQUEST.problem("There is no such event.")
    path = f"/v1/locations/{edge.location_id}/booking-forecasts"
    async with edge.platform() as platform:
        form = {"name": "Anna", "phone": ANNA, "spots": {"event_id": str(uuid4())}}
        problem_of(await platform.post(path, json=form), 400, "invalid-request")
        problem_of(await platform.post(path, json={}), 400, "invalid-request")


@pytest.mark.rule("G8")
async def test_a_client_books_with_the_confirmed_phone_only(
    edge_of_owner: PublicEdge, owner: Owner
) -> None:
    edge = edge_of_owner
    owner.chain_of[edge.location_id] = edge.chain_id
    path = f"/v1/locations/{edge.location_id}/bookings"
    async with edge.calling(await edge.key(Role.CLIENT)) as client:
        for phone, status in (("+351 912 999 999", 403), ("00351 912-000-000", 201)):
            form = {"name": "Anna", "phone": phone, "spots": {"event_id": str(uuid4())}}
            answer = await client.post(path, json=form)
            assert answer.status_code == status
    assert len(owner.heard) == 1
