"""The audit finds nothing in a healthy studio, and whatever somebody tampers with."""

import asyncio
import copy
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import pytest

import gate_booking_steps as booking
from calendars import calendar
from devstack import Stack
from edge import Edge, Json
from evidence import Evidence, Row, gather
from findings import findings
from gate_scene import Scene, open_scene
from journeys import until
from studio import selling

Tamper = Callable[[Evidence], object]


@pytest.fixture(scope="module")
def healthy(system: Stack) -> Iterator[Evidence]:
    """What is written down of a studio: held and debited sessions, and a paid booking."""
    with ExitStack() as closing:
        platform = closing.enter_context(Edge(system.service_url("gateway"), system.platform_key))
        scene = open_scene(platform, Random("audit"), closing)
        _play(scene)
        yield until(lambda: _of(system, scene), lambda evidence: not findings(evidence))


def _play(scene: Scene) -> None:
    """Sell a membership, and book: what begins, what is to come, and what is paid online."""
    services = {each.name: each.id for each in scene.state.services.values()}
    [client, *_] = scene.state.clients
    [five] = [each.id for each in scene.terms if each.name == "Five"]
    sale = selling(client, five)
    membership = scene.operator.post(scene.at("/sales"), sale)["membership_id"]
    booked: dict[str, Json] = {}
    for name, pays in (("Yoga", None), ("Dance", None), ("Talk", True)):
        event = {
            "service_id": services[name],
            "start": scene.local(0 if name == "Yoga" else 1, 12, 0).isoformat(),
            "capacity": 5,
        }
        event_id = scene.operator.post(scene.at("/events"), event)["event_id"]
        form: Json = {"name": "Ana", "phone": scene.phones[client], "phone_confirmed": True}
        form |= {"spots": {"event_id": event_id}} | ({"pay_online": True} if pays else {})
        booked[name] = scene.app.post(scene.at("/bookings"), form)
    booking.pay_at_the_provider(scene, booked["Talk"]["payment_id"])
    [talk] = booked["Talk"]["appointments"]  # which stands before its time to be paid is over
    talk_path = scene.at(f"/appointments/{talk['appointment_id']}")
    until(lambda: scene.operator.get(talk_path)["state"], lambda state: state == "accepted")
    scene.set_clock(scene.local(0, 13, 0))
    membership_path = f"/memberships/{membership}"
    until(lambda: scene.operator.get(membership_path)["used"], lambda used: used == 1)


def _of(system: Stack, scene: Scene) -> Evidence:
    """Return what is written down of this studio alone: others are at work in the same system."""
    whole = asyncio.run(gather(system.database, system.bootstrap_servers))
    chain = UUID(scene.chain)
    appointments = _of_chain(whole.appointments, chain)
    ours = {appointment["booking_id"] for appointment in appointments.values()}
    settlements = _of_chain(whole.settlements, chain)
    bills, payments = _of_chain(whole.bills, chain), _of_chain(whole.payments, chain)
    [membership] = {
        one["membership_id"]
        for client in scene.state.clients
        for one in scene.operator.get(f"/clients/{client}/memberships")["memberships"]
    }
    return replace(
        whole,
        appointments=appointments,
        bookings=_among(whole.bookings, ours),
        reschedules={},
        events={
            event_id: event
            for event_id, event in whole.events.items()
            if event["location_id"] == UUID(scene.location)
        },
        buckets={
            bucket_id: bucket
            for bucket_id, bucket in whole.buckets.items()
            if bucket["membership_id"] == UUID(membership)
        },
        open_holds={
            line_id: hold
            for line_id, hold in whole.open_holds.items()
            if hold["appointment_id"] in appointments
        },
        settlements=settlements,
        endings=_among(whole.endings, appointments),
        timers=_among(whole.timers, appointments),
        bills=bills,
        billed=_among(whole.billed, appointments),
        counter_lines={
            line_id: line
            for line_id, line in whole.counter_lines.items()
            if line["appointment_id"] in appointments
        },
        sale_lines=_of_chain(whole.sale_lines, chain),
        payments=payments,
        paid_lines={
            line_id: line
            for line_id, line in whole.paid_lines.items()
            if line["payment_id"] in payments
        },
        errands={
            errand_id: errand
            for errand_id, errand in whole.errands.items()
            if errand["payment_id"] in payments
        },
        clocks={name: _among(known, {chain}) for name, known in whole.clocks.items()},
        unfinished={},
        ledger=[one for one in whole.ledger if one["membership_id"] == membership],
        settled=[one for one in whole.settled if one["chain_id"] == scene.chain],
    )


def _of_chain(rows: dict[UUID, Row], chain: UUID) -> dict[UUID, Row]:
    return {key: row for key, row in rows.items() if row["chain_id"] == chain}


def _among(rows: dict[UUID, Row], keys: Collection[UUID]) -> dict[UUID, Row]:
    return {key: row for key, row in rows.items() if key in keys}


def test_a_healthy_studio_has_everything_and_nothing_differs(healthy: Evidence) -> None:
    assert findings(healthy) == []
    assert len(healthy.appointments) == 3
    assert len(healthy.settlements) == len(healthy.open_holds) == len(healthy.payments) == 1
    assert [one["kind"] for one in healthy.ledger] == ["granted", "debited"]


@pytest.mark.rule("A2", "A15")
def test_what_is_moved_and_then_cancelled_with_charge_waits_for_its_new_start(
    healthy: Evidence,
) -> None:
    moved = replace(copy.deepcopy(healthy))  # which has computed nothing yet
    for appointment_id in moved.settlements:
        moved.endings[appointment_id] = {"how": "charged", "revision": 3}
        shown: Row = {"state": "cancelled", "revision": 3, "debit_status": "automatic_debiting"}
        moved.appointments[appointment_id].update(shown)
    moved.settled[-1].update(outcome="reversed", lines=[])
    assert list(calendar(moved)) == []


def _set(rows: dict[UUID, Row], **values: Any) -> None:
    """Write something else into the rows."""
    for row in rows.values():
        row.update(values)


def _add(rows: dict[UUID, Row], **values: Any) -> None:
    for row in rows.values():
        row.update({name: row[name] + value for name, value in values.items()})


def _call_off(evidence: Evidence) -> None:
    for appointment_id in evidence.appointments:
        evidence.endings[appointment_id] = {"how": "cancelled", "revision": 9}


def _wait_for_another_time(evidence: Evidence) -> None:
    [appointment_id, *_] = evidence.appointments
    late = evidence.now - timedelta(hours=1)
    evidence.reschedules[uuid4()] = {
        "appointment_id": appointment_id,
        "decide_by": late,
        "event_id": None,
        "lines": 1,
    }


def _sell(
    e: Evidence, *, state: str = "refused", amount: int | None = None, payer: str = "money"
) -> None:
    """Write down a sale of one line of a visit, for 10.00, and what stands at the counter."""
    sale_id, line_id = uuid4(), uuid4()
    line = {"sale_id": sale_id, "line_id": line_id, "kind": "visit", "payer": payer}
    line |= {"refund": "none", "price": 1000, "discount": 0, "state": state}
    e.sale_lines[uuid4()] = line
    if amount is not None:
        e.counter_lines[line_id] = {"sale_id": sale_id, "amount": amount, "discount": 0}


_HOUR: Final = timedelta(hours=1)
_WEEKS: Final = timedelta(weeks=2)
TAMPERINGS: Final[dict[str, tuple[Tamper, str]]] = {
    "a debit": (lambda e: _add(e.buckets, debited=1), "its ledger says"),
    "a held count": (lambda e: _add(e.buckets, held=1), "held, there are"),
    "an entry": (lambda e: e.ledger.pop(), "its ledger says"),
    "a gap": (lambda e: e.ledger[-1].update(revision=9), "have gaps"),
    "a balance": (lambda e: e.ledger[-1].update(balance=9), "does not add up"),
    "a hold called off": (_call_off, "is held, though"),
    "a hold's time": (lambda e: _add(e.open_holds, starts_at=_HOUR), "another time"),
    "a hold's revision": (lambda e: _add(e.open_holds, revision=1), "another time"),
    "a hold for a new time": (
        lambda e: _set(e.open_holds, reschedule_id=uuid4()),
        "nobody waits for",
    ),
    "a hold of long ago": (
        lambda e: _set(e.open_holds, automatic_debiting=False, starts_at=e.now - _WEEKS),
        "long after the visit",
    ),
    "a carrier": (lambda e: _set(e.appointments, membership_ids=[uuid4()]), "holds it"),
    "a release": (lambda e: _set(e.appointments, hold_released=[True]), "shown as released"),
    "a settlement": (lambda e: e.settlements.clear(), "is not settled"),
    "a void start": (lambda e: _set(e.settlements, appointment_revision=0), "was moved, and"),
    "a debit said": (lambda e: e.settled[-1].update(lines=[]), "sessions net"),
    "a debit status": (lambda e: _set(e.appointments, debit_status="not_debited"), "shows"),
    "a timer": (lambda e: e.timers.clear(), "has no timer"),
    "a timer's plan": (lambda e: _add(e.timers, revision=1), "is for another time"),
    "a timer's time": (lambda e: _add(e.timers, starts_at=_HOUR), "is for another time"),
    "an early start": (lambda e: _set(e.timers, fired_at=e.now - _WEEKS), "fired early"),
    "a spot": (lambda e: _add(e.events, spots_taken=1), "spots"),
    "a capacity": (lambda e: _set(e.events, capacity=0), "more spots taken"),
    "an event": (lambda e: _set(e.events, cancelled=True), "is cancelled, and"),
    "an event's start": (lambda e: _add(e.events, start_at=_HOUR), "than its event"),
    "a decision": (
        lambda e: _set(e.bookings, state="requested", decide_by=e.now - _HOUR),
        "is still requested",
    ),
    "another time": (_wait_for_another_time, "still undecided"),
    "a clock": (lambda e: e.clocks["sales"].clear(), "another time in chain"),
    "a bill": (lambda e: _add(e.bills, owed=1), "its lines"),
    "what is owed": (lambda e: _add(e.appointments, owed=1), "and owes"),
    "a bill's visit": (lambda e: e.billed.clear(), "is on no bill"),
    "a payment's state": (lambda e: _set(e.payments, state="open"), "is open, its booking"),
    "a payment's amount": (lambda e: _add(e.payments, amount=1), "not the sum"),
    "a paid line": (lambda e: e.paid_lines.clear(), "is paid online, by its booking"),
    "a paid line's amount": (lambda e: _add(e.paid_lines, amount=1), "its payment is of"),
    "a refund": (lambda e: _set(e.paid_lines, refund="asked"), "its refund"),
    "a sale's money": (lambda e: _sell(e, state="completed"), "no money of it"),
    "money of a sale": (lambda e: _sell(e, amount=1000), "and money of it"),
    "an amount of a sale": (lambda e: _sell(e, state="completed", amount=999), "its line says"),
    "a sale's line": (lambda e: _sell(e, amount=1000, payer="membership"), "has no line"),
    "an errand": (lambda e: _set(e.errands, state="failed"), "is failed"),
    "a dead letter": (
        lambda e: e.unfinished.update(booking={"dead_letters": 1}),
        "1 dead letters",
    ),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_somebody_tampers_with_is_found(healthy: Evidence, what: str) -> None:
    tamper, finding = TAMPERINGS[what]
    tampered = replace(copy.deepcopy(healthy))  # which has computed nothing yet
    tamper(tampered)
    assert any(finding in found for found in findings(tampered)), findings(tampered)
