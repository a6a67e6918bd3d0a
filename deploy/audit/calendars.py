"""What contradicts the calendar: what it shows, its timers, spots, and what stays undecided."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID

from evidence import Evidence, Row, lines_of
from ledgers import SETTLES_WITHIN

_DECIDES_WITHIN: Final = timedelta(seconds=15)


def calendar(evidence: Evidence) -> Iterator[str]:
    """The calendar shows what was settled (rule A3), if the start that was settled is in force."""
    told = evidence.newest_settlements
    for appointment_id, appointment in evidence.appointments.items():
        settlement = told.get(str(appointment_id))
        if settlement is None:
            continue
        shown, right = appointment["debit_status"], _debit_status(evidence, settlement, appointment)
        if shown != right:
            outcome = settlement["outcome"]
            yield f"appointment {appointment_id} shows {shown}, not {right}, and is {outcome}"
    for appointment_id, settlement in evidence.settlements.items():
        said = told.get(str(appointment_id))
        if said is None or said["revision"] != settlement["revision"]:
            yield f"settlement of {appointment_id} was not said in its newest revision"


def _debit_status(evidence: Evidence, settlement: Row, appointment: Row) -> str | None:
    """Sum up the lines with automatic debiting; what money was taken for has none (rule A16)."""
    told = {line["line_id"]: line for line in settlement["lines"]}
    is_to_come = settlement["outcome"] == "planned"
    if evidence.has_another_plan(appointment, settlement):
        told, is_to_come = {}, True
    is_to_begin = evidence.is_to_begin(appointment)
    statuses: set[str | None] = set()
    for line_id, automatic in lines_of(appointment, "line_ids", "automatic"):
        if automatic:
            line = told.get(str(line_id), {"debited": False, "reason": None})
            is_due = is_to_begin and line["reason"] != "claimed"
            open_ = "automatic_debiting" if is_to_come else "not_debited"
            statuses.add("debited" if line["debited"] else open_ if is_due else None)
    order = ("not_debited", "automatic_debiting", "debited")
    return next((status for status in order if status in statuses), None)


def timers(evidence: Evidence) -> Iterator[str]:
    """Every appointment has its timer; what is past has fired, and none fired early (rule A4)."""
    for appointment_id, appointment in evidence.appointments.items():
        if appointment["state"] != "accepted":
            continue
        timer = evidence.timers.get(appointment_id)
        if timer is None:
            yield f"appointment {appointment_id} has no timer"
            continue
        plan = appointment["revision"], appointment["start_at"]
        if (timer["revision"], timer["starts_at"]) != plan:
            yield f"the timer of {appointment_id} is for another time than the appointment"
        is_past = evidence.now > timer["due_at"] + SETTLES_WITHIN
        if is_past and timer["state"] != "fired":
            yield f"the timer of {appointment_id} is {timer['state']} after the start"
        if timer["fired_at"] is not None and timer["fired_at"] < timer["due_at"]:
            yield f"the timer of {appointment_id} fired early"


def spots(evidence: Evidence) -> Iterator[str]:
    """Every event counts the spots of what stands in it, or waits to move into it (rule X2)."""
    taken = _taken(evidence)
    for event_id, event in evidence.events.items():
        if event["spots_taken"] != taken[event_id]:
            yield f"event {event_id} counts {event['spots_taken']} spots, {taken[event_id]} stand"
        if event["spots_taken"] > event["capacity"]:
            yield f"event {event_id} has more spots taken than there are"
        if event["cancelled"] and taken[event_id]:
            yield f"event {event_id} is cancelled, and {taken[event_id]} spots stand"


def _taken(evidence: Evidence) -> Counter[UUID]:
    taken: Counter[UUID] = Counter()
    for appointment in evidence.appointments.values():
        if appointment["event_id"] and appointment["state"] in {"requested", "accepted"}:
            taken[appointment["event_id"]] += len(appointment["line_ids"])
    for reschedule in evidence.reschedules.values():
        if reschedule["event_id"]:
            taken[reschedule["event_id"]] += reschedule["lines"]
    return taken


def starts(evidence: Evidence) -> Iterator[str]:
    """What takes part in an event begins with it (rule A10)."""
    for appointment_id, appointment in evidence.appointments.items():
        event = evidence.events.get(appointment["event_id"])
        stands = appointment["state"] in {"requested", "accepted"}
        if event and stands and appointment["start_at"] != event["start_at"]:
            yield f"appointment {appointment_id} begins at another time than its event"


def undecided(evidence: Evidence) -> Iterator[str]:
    """Bookings, payments and new times are decided in time (rule X7)."""
    late = evidence.now - _DECIDES_WITHIN
    for booking_id, booking in evidence.bookings.items():
        waits = booking["state"] in {"requested", "awaiting_payment"}
        if waits and booking["decide_by"] < late:
            yield f"booking {booking_id} is still {booking['state']}"
    for reschedule_id, reschedule in evidence.reschedules.items():
        if reschedule["decide_by"] < late:
            yield f"another time, {reschedule_id}, is still undecided"


def clocks(evidence: Evidence) -> Iterator[str]:
    """Everybody has the same clocks for the sandboxes."""
    for service, known in evidence.clocks.items():
        for chain_id, clock in evidence.clocks["booking"].items():
            if chain_id not in known or known[chain_id]["ahead"] != clock["ahead"]:
                yield f"{service} has another time in chain {chain_id} than booking"
