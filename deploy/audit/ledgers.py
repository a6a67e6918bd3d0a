"""What contradicts the ledgers: buckets, holds, debits and settlements."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from evidence import Evidence, Row, lines_of

KEPT_AFTER_VISIT: Final = timedelta(days=7)
SETTLES_WITHIN: Final = timedelta(seconds=5)
_RELEASES_WITHIN: Final = timedelta(minutes=5)
_SIGN: Final = {"granted": 1, "debited": -1, "reversed": 1, "expired": -1, "adjusted": 1}


def buckets(evidence: Evidence) -> Iterator[str]:
    """Every bucket equals its ledger, as the public stream tells it (rule X1)."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in evidence.entries:
        kinds[entry["bucket_id"]][entry["kind"]] += entry["sessions"]
    for bucket_id, bucket in evidence.buckets.items():
        told = kinds[str(bucket_id)]
        expected = {
            "granted": told["granted"],
            "debited": told["debited"] - told["reversed"],
            "expired": told["expired"],
            "adjusted": told["adjusted"],
        }
        written = {name: bucket[name] or 0 for name in expected}
        if written != expected:
            yield f"bucket {bucket_id} is {written}, its ledger says {expected}"
    for bucket_id in kinds.keys() - {str(one) for one in evidence.buckets}:
        yield f"the ledger speaks of bucket {bucket_id}, which is not there"


def revisions(evidence: Evidence) -> Iterator[str]:
    """The entries of a membership are numbered without a gap, and their balances add up."""
    entries: dict[str, list[Row]] = defaultdict(list)
    for entry in evidence.entries:
        entries[entry["membership_id"]].append(entry)
    for membership_id, own in entries.items():
        own.sort(key=lambda entry: entry["revision"])
        if [entry["revision"] for entry in own] != list(range(1, len(own) + 1)):
            yield f"the revisions of membership {membership_id} have gaps or repeat"
        balances: Counter[str] = Counter()
        for entry in own:
            balances[entry["bucket_id"]] += _SIGN[entry["kind"]] * entry["sessions"]
            if entry["balance"] not in (None, balances[entry["bucket_id"]]):
                yield f"entry {entry['entry_id']} has a balance that does not add up"


def holds(evidence: Evidence) -> Iterator[str]:
    """Each bucket counts its open holds, and each of these is for something to come (rule X6)."""
    held = Counter(hold["bucket_id"] for hold in evidence.open_holds.values())
    for bucket_id, bucket in evidence.buckets.items():
        if bucket["held"] != held[bucket_id]:
            yield f"bucket {bucket_id} counts {bucket['held']} held, there are {held[bucket_id]}"
    for line_id, hold in evidence.open_holds.items():
        appointment = evidence.appointments[hold["appointment_id"]]
        wrong = _wrong_with_hold(evidence, hold, appointment)
        if wrong:
            yield f"line {line_id} {wrong}"


def _wrong_with_hold(evidence: Evidence, hold: Row, appointment: Row) -> str | None:
    """Return why a hold should have ended, or be another."""
    appointment_id = appointment["appointment_id"]
    settlement = evidence.settlements.get(appointment_id)
    is_settled = settlement and settlement["outcome"] not in {"planned", "reversed"}
    if is_settled and hold["automatic_debiting"]:
        return "is settled, and still held"
    if evidence.is_called_off(appointment_id):
        return f"is held, though its appointment was {evidence.endings[appointment_id]['how']}"
    if appointment["state"] == "refused":
        return "is held, though its booking was refused"
    passed = hold["starts_at"] + KEPT_AFTER_VISIT + _RELEASES_WITHIN
    if not hold["automatic_debiting"] and evidence.now_at(appointment) > passed:
        return "is still held, long after the visit"
    if appointment["state"] == "accepted" and appointment_id not in evidence.moving:
        return _wrong_with_plan(hold, appointment)
    return None


def _wrong_with_plan(hold: Row, appointment: Row) -> str | None:
    """Return how a hold differs from the plan that is in force (rule G11)."""
    if hold["reschedule_id"] is not None:
        return "is held for another time that nobody waits for"
    if (hold["revision"], hold["starts_at"]) != (appointment["revision"], appointment["start_at"]):
        return "is held for another time than the appointment's"
    if hold["line_id"] not in appointment["line_ids"]:
        return "is held, and in no appointment"
    return None


def carriers(evidence: Evidence) -> Iterator[str]:
    """The calendar names the membership that holds for a line, and what was released (X6)."""
    for appointment_id, appointment in evidence.appointments.items():
        if appointment["state"] != "accepted" or appointment_id in evidence.moving:
            continue
        fields = lines_of(appointment, "line_ids", "membership_ids", "hold_released")
        for line_id, membership_id, released in fields:
            hold = evidence.open_holds.get(line_id)
            if hold is None:
                continue
            if released:
                yield f"line {line_id} is shown as released, and is held"
            holding = evidence.buckets[hold["bucket_id"]]["membership_id"]
            if membership_id != holding:
                yield f"line {line_id} shows membership {membership_id}, and {holding} holds it"


def settlements(evidence: Evidence) -> Iterator[str]:
    """Every start is settled once; what was called off or moved is not debited (rule A15)."""
    for appointment_id, appointment in evidence.appointments.items():
        settlement = evidence.settlements.get(appointment_id)
        if settlement is None or evidence.has_another_plan(appointment, settlement):
            if settlement is not None and settlement["outcome"] != "reversed":
                yield f"appointment {appointment_id} was moved, and {settlement['outcome']}"
            if _is_to_settle(evidence, appointment):
                yield f"appointment {appointment_id} began, and is not settled"
        elif settlement["outcome"] == "planned" and _is_to_settle(evidence, appointment):
            yield f"appointment {appointment_id} began, and is only planned to be debited"
        elif evidence.is_called_off(appointment_id) and settlement["outcome"] != "reversed":
            yield f"appointment {appointment_id} is called off, and {settlement['outcome']}"


def _is_to_settle(evidence: Evidence, appointment: Row) -> bool:
    is_past = evidence.now_at(appointment) > appointment["start_at"] + SETTLES_WITHIN
    return bool(evidence.is_to_begin(appointment) and is_past and any(appointment["automatic"]))


def debits(evidence: Evidence) -> Iterator[str]:
    """What is settled as debited is one session in the ledger, and the other way round."""
    net: Counter[str] = Counter()
    for entry in evidence.entries:
        if entry["line_id"] is not None and entry["kind"] in {"debited", "reversed"}:
            net[entry["line_id"]] -= _SIGN[entry["kind"]] * entry["sessions"]
    settled = {
        line["line_id"]
        for settlement in evidence.newest_settlements.values()
        for line in settlement["lines"]
        if line["debited"]
    }
    for line_id, sessions in net.items():
        if sessions != (line_id in settled):
            yield f"line {line_id}: {sessions} sessions net, settled as {line_id in settled}"
    for line_id in settled - net.keys():
        yield f"line {line_id} is settled as debited, and not in the ledger"
