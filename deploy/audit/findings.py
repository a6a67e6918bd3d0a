"""What the evidence contradicts: every check yields sentences, and none when all is well."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID

from evidence import Evidence, Row

_SETTLES_WITHIN: Final = timedelta(seconds=5)
_SIGN: Final = {"granted": 1, "debited": -1, "reversed": 1, "expired": -1, "adjusted": 1}


def findings(evidence: Evidence) -> list[str]:
    """Return all that is wrong."""
    checks = (
        buckets, revisions, holds, settlements, debits, calendar, timers, bills, payments, spots,
        unfinished,
    )  # fmt: skip
    return [finding for check in checks for finding in check(evidence)]


def buckets(evidence: Evidence) -> Iterator[str]:
    """Every bucket equals its ledger, as the public stream tells it (rule X1)."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in _distinct(evidence.ledger, "entry_id"):
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
    for entry in _distinct(evidence.ledger, "entry_id"):
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
        appointment_id = hold["appointment_id"]
        ending = evidence.endings.get(appointment_id)
        if appointment_id in evidence.settlements and hold["automatic_debiting"]:
            yield f"line {line_id} is settled, and still held"
        elif ending is not None and ending["how"] != "charged":
            yield f"line {line_id} is held, though its appointment was {ending['how']}"
        elif evidence.appointments[appointment_id]["state"] == "refused":
            yield f"line {line_id} is held, though its booking was refused"


def settlements(evidence: Evidence) -> Iterator[str]:
    """Every start is settled once; what was called off is not debited (rule A15)."""
    for appointment_id, appointment in evidence.appointments.items():
        settlement = evidence.settlements.get(appointment_id)
        if settlement is None:
            if _is_to_settle(evidence, appointment):
                yield f"appointment {appointment_id} began, and is not settled"
        elif _is_called_off(evidence, appointment_id) and settlement["outcome"] != "reversed":
            yield f"appointment {appointment_id} is called off, and {settlement['outcome']}"


def debits(evidence: Evidence) -> Iterator[str]:
    """What is settled as debited is one session in the ledger, and the other way round."""
    net: Counter[str] = Counter()
    for entry in _distinct(evidence.ledger, "entry_id"):
        if entry["line_id"] is not None and entry["kind"] in {"debited", "reversed"}:
            net[entry["line_id"]] -= _SIGN[entry["kind"]] * entry["sessions"]
    settled = {
        line["line_id"]
        for settlement in _newest_settlements(evidence).values()
        for line in settlement["lines"]
        if line["debited"]
    }
    for line_id, sessions in net.items():
        if sessions != (line_id in settled):
            yield f"line {line_id}: {sessions} sessions net, settled as {line_id in settled}"
    for line_id in settled - net.keys():
        yield f"line {line_id} is settled as debited, and not in the ledger"


def calendar(evidence: Evidence) -> Iterator[str]:
    """The calendar shows what was settled (rule A3)."""
    told = _newest_settlements(evidence)
    for appointment_id, appointment in evidence.appointments.items():
        settlement = told.get(str(appointment_id))
        if settlement is None:
            continue
        outcome = None if settlement["outcome"] == "reversed" else settlement["outcome"]
        if appointment["debit_status"] != outcome:
            shown = appointment["debit_status"]
            yield f"appointment {appointment_id} shows {shown}, and is {settlement['outcome']}"
    for appointment_id, settlement in evidence.settlements.items():
        said = told.get(str(appointment_id))
        if said is None or said["revision"] != settlement["revision"]:
            yield f"settlement of {appointment_id} was not said in its newest revision"


def timers(evidence: Evidence) -> Iterator[str]:
    """Every appointment has its timer; what is past has fired, and none fired early (rule A4)."""
    for appointment_id, appointment in evidence.appointments.items():
        if appointment["state"] != "accepted":
            continue
        timer = evidence.timers.get(appointment_id)
        if timer is None:
            yield f"appointment {appointment_id} has no timer"
            continue
        if timer["starts_at"] != appointment["start_at"]:
            yield f"the timer of {appointment_id} has another time than the start"
        is_past = evidence.now > timer["due_at"] + _SETTLES_WITHIN
        if is_past and timer["state"] != "fired":
            yield f"the timer of {appointment_id} is {timer['state']} after the start"
        if timer["fired_at"] is not None and timer["fired_at"] < timer["due_at"]:
            yield f"the timer of {appointment_id} fired early"


def bills(evidence: Evidence) -> Iterator[str]:
    """Every bill is what its lines cost, less what was paid; the calendar agrees."""
    told = _newest_settlements(evidence)
    total: Counter[UUID] = Counter()
    owed: Counter[UUID] = Counter()
    for appointment_id, appointment in evidence.appointments.items():
        billed = evidence.billed.get(appointment_id)
        if billed is None:
            if appointment["accepted_at"] is not None:
                yield f"appointment {appointment_id} is on no bill"
            continue
        visit_id = billed["visit_id"]
        settlement = told.get(str(appointment_id), {"lines": ()})
        debited = {line["line_id"] for line in settlement["lines"] if line["debited"]}
        standing = _standing_prices(evidence, appointment)
        own_owed = sum(
            price - min(price, _received(evidence, line_id))
            for line_id, price in standing.items()
            if str(line_id) not in debited
        )
        total[visit_id] += sum(standing.values())
        owed[visit_id] += own_owed
        if appointment["owed"] != own_owed:
            shown = appointment["owed"]
            yield f"appointment {appointment_id} shows {shown} as owed, and owes {own_owed}"
    for visit_id, bill in evidence.bills.items():
        if (bill["total"], bill["owed"]) != (total[visit_id], owed[visit_id]):
            yield (
                f"bill {visit_id} says {bill['total']} and {bill['owed']} owed,"
                f" its lines {total[visit_id]} and {owed[visit_id]}"
            )


def payments(evidence: Evidence) -> Iterator[str]:
    """What stands and is paid online was paid; what was paid and does not stand went back once."""
    for appointment in evidence.appointments.values():
        if appointment["state"] == "accepted":
            names = ("line_ids", "prices", "online")
            for line_id, price, is_online in zip(
                *(appointment[name] for name in names), strict=True
            ):
                if is_online and price and not _received(evidence, line_id):
                    yield f"line {line_id} stands as paid online, and nothing was received"
    for line_id, line in evidence.paid.items():
        appointment = evidence.appointments[line["appointment_id"]]
        is_over = appointment["state"] == "refused" or _is_called_off(
            evidence, line["appointment_id"]
        )
        was_received = line["payment_state"] in {"paid", "refunded"} and line["amount"] > 0
        expected = "done" if is_over and was_received else "none"
        if line["refund"] != expected:
            yield f"the refund of line {line_id} is {line['refund']}, expected is {expected}"


def spots(evidence: Evidence) -> Iterator[str]:
    """Every event counts the spots of what stands in it (rule X2)."""
    taken: Counter[UUID] = Counter()
    for appointment in evidence.appointments.values():
        if appointment["event_id"] and appointment["state"] in {"requested", "accepted"}:
            taken[appointment["event_id"]] += len(appointment["line_ids"])
    for event_id, event in evidence.events.items():
        if event["spots_taken"] != taken[event_id]:
            yield f"event {event_id} counts {event['spots_taken']} spots, {taken[event_id]} stand"


def unfinished(evidence: Evidence) -> Iterator[str]:
    """Nothing waits: everything said is published, every command answered, no letter is dead."""
    for service, counts in evidence.unfinished.items():
        for what, count in counts.items():
            if count:
                yield f"{service} has {count} {what.replace('_', ' ')}"


def _distinct(messages: list[Row], key: str) -> Iterator[Row]:
    """Give each message once: deliveries repeat."""
    yield from {message[key]: message for message in messages}.values()


def _newest_settlements(evidence: Evidence) -> dict[str, Row]:
    newest: dict[str, Row] = {}
    for message in evidence.settled:
        known = newest.get(message["appointment_id"])
        if known is None or message["revision"] > known["revision"]:
            newest[message["appointment_id"]] = message
    return newest


def _is_to_settle(evidence: Evidence, appointment: Row) -> bool:
    ending = evidence.endings.get(appointment["appointment_id"])
    stands = appointment["state"] == "accepted" or (ending and ending["how"] == "charged")
    is_past = evidence.now > appointment["start_at"] + _SETTLES_WITHIN
    return bool(stands and is_past and any(appointment["automatic"]))


def _is_called_off(evidence: Evidence, appointment_id: UUID) -> bool:
    ending = evidence.endings.get(appointment_id)
    return ending is not None and ending["how"] != "charged"


def _standing_prices(evidence: Evidence, appointment: Row) -> dict[UUID, int]:
    names = ("line_ids", "prices", "automatic", "online")
    lines = list(zip(*(appointment[name] for name in names), strict=True))
    if appointment["state"] == "accepted":
        return {line_id: price for line_id, price, _, _ in lines}
    ending = evidence.endings.get(appointment["appointment_id"])
    if ending is not None and ending["how"] == "charged":
        return {
            line_id: price for line_id, price, automatic, online in lines if automatic or online
        }
    return {}


def _received(evidence: Evidence, line_id: UUID) -> int:
    """Return what money paid of a line and was not given back."""
    line = evidence.paid.get(line_id)
    if line is None or line["payment_state"] not in {"paid", "refunded"}:
        return 0
    return 0 if line["refund"] == "done" else int(line["amount"])
