"""What contradicts the money: bills, and online payments with their refunds."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID

from evidence import Evidence, Row, lines_of

_DONE_WITHIN: Final = timedelta(seconds=30)
_ENDED: Final = {
    "requested": (),
    "awaiting_payment": ("created", "open"),
    "accepted": ("paid", "refunded"),
    "refused": ("failed", "expired", "refunded"),
}
"""What a payment may be, by the state of its booking."""
_SOLD: Final = {"completed", "refunding", "refunded_partially", "refunded"}


def bills(evidence: Evidence) -> Iterator[str]:
    """Every bill is what its lines cost, less what sessions and money paid (rule A16)."""
    sums: dict[UUID, Counter[str]] = defaultdict(Counter)
    for appointment_id, appointment in evidence.appointments.items():
        billed = evidence.billed.get(appointment_id)
        if billed is None:
            if appointment["accepted_at"] is not None:
                yield f"appointment {appointment_id} is on no bill"
            continue
        own = _bill_of(evidence, appointment)
        sums[billed["visit_id"]].update(own)
        if appointment["owed"] != own["owed"]:
            shown = appointment["owed"]
            yield f"appointment {appointment_id} shows {shown} as owed, and owes {own['owed']}"
    for visit_id, bill in evidence.bills.items():
        right = {name: sums[visit_id][name] for name in ("total", "debited", "paid", "owed")}
        written = {name: bill[name] for name in right}
        if written != right:
            yield f"bill {visit_id} says {written}, its lines {right}"


def _bill_of(evidence: Evidence, appointment: Row) -> Counter[str]:
    """Return what an appointment costs, and who pays it, in minor units."""
    told = evidence.newest_settlements.get(str(appointment["appointment_id"]), {"lines": ()})
    debited = {line["line_id"] for line in told["lines"] if line["debited"]}
    bill: Counter[str] = Counter()
    for line_id, price in _standing_prices(evidence, appointment).items():
        if str(line_id) in debited:
            bill.update(total=price, debited=price)
        else:
            total = price - _discount(evidence, line_id, price)
            paid = _received(evidence, line_id)
            bill.update(total=total, paid=paid, owed=total - paid)
    return bill


def _standing_prices(evidence: Evidence, appointment: Row) -> dict[UUID, int]:
    lines = lines_of(appointment, "line_ids", "prices", "automatic", "paid_online")
    if appointment["state"] == "accepted":
        return {line_id: price for line_id, price, _, _ in lines}
    if evidence.is_charged(appointment["appointment_id"]):
        return {line_id: price for line_id, price, automatic, paid in lines if automatic or paid}
    return {}


def _discount(evidence: Evidence, line_id: UUID, price: int) -> int:
    """Return what is not asked for of a line's price, for a sale took money for the rest."""
    counter = evidence.counter_lines.get(line_id)
    return min(price, int(counter["discount"])) if counter else 0


def _received(evidence: Evidence, line_id: UUID) -> int:
    """Return what came in for a line, online or at the counter, and did not go back."""
    online, counter = evidence.paid_lines.get(line_id), evidence.counter_lines.get(line_id)
    received = int(counter["amount"]) if counter else 0
    if online and online["state"] in {"paid", "refunded"} and online["refund"] != "done":
        received += int(online["amount"])
    return received


def paid_once(evidence: Evidence) -> Iterator[str]:
    """What a session pays has no money at the counter too, nor more than its price (rule A16)."""
    prices: dict[UUID, int] = {}
    for appointment in evidence.appointments.values():
        prices.update(_standing_prices(evidence, appointment))
    debited = {
        line["line_id"]
        for settlement in evidence.newest_settlements.values()
        for line in settlement["lines"]
        if line["debited"]
    }
    for line_id in evidence.counter_lines.keys() & prices.keys():
        received = _received(evidence, line_id)
        if str(line_id) in debited:
            yield f"line {line_id} is debited, and {received} was taken for it"
        price = prices[line_id] - _discount(evidence, line_id, prices[line_id])
        if received > price:
            yield f"line {line_id} costs {price}, and {received} was taken for it"


def sales(evidence: Evidence) -> Iterator[str]:
    """The money of a sale is that of its lines: what it took for a visit stands at the counter."""
    sold = {
        (line["sale_id"], line["line_id"]): line
        for line in evidence.sale_lines.values()
        if line["kind"] == "visit" and line["payer"] == "money" and line["refund"] != "done"
    }
    taken = {
        (line["sale_id"], line_id): line
        for line_id, line in evidence.counter_lines.items()
        if line["sale_id"] is not None
    }
    for (sale_id, line_id), line in sold.items():
        is_paid = (sale_id, line_id) in taken
        if is_paid != (line["state"] in _SOLD):
            no = "" if is_paid else "no "
            yield f"sale {sale_id} is {line['state']}, and {no}money of it stands for {line_id}"
    for name in taken.keys() - sold.keys():
        yield f"sale {name[0]} has no line for which it took money, of {name[1]}"
    for name in taken.keys() & sold.keys():
        amounts = taken[name]["amount"], taken[name]["discount"]
        if amounts != (sold[name]["price"] - sold[name]["discount"], sold[name]["discount"]):
            yield f"sale {name[0]} took {amounts[0]} for {name[1]}, which is not what its line says"


def payments(evidence: Evidence) -> Iterator[str]:
    """A booking that stands is paid, and one that does not has its money back."""
    amounts: Counter[UUID] = Counter()
    for line in evidence.paid_lines.values():
        amounts[line["payment_id"]] += line["amount"]
    for payment_id, payment in evidence.payments.items():
        if amounts[payment_id] != payment["amount"]:
            yield f"payment {payment_id} is not the sum of its lines"
        if payment["sale_id"] is not None:
            continue
        booking = evidence.bookings.get(payment["booking_id"])
        if booking is None:
            yield f"payment {payment_id} is of no booking"
        elif payment["state"] not in _ENDED[booking["state"]]:
            yield f"payment {payment_id} is {payment['state']}, its booking {booking['state']}"


def paid_lines(evidence: Evidence) -> Iterator[str]:
    """What is shown as paid online has a payment of its price, given back if it is called off."""
    for appointment_id, appointment in evidence.appointments.items():
        if evidence.bookings[appointment["booking_id"]]["state"] == "refused":
            continue
        for line_id, price, is_paid in lines_of(appointment, "line_ids", "prices", "paid_online"):
            line = evidence.paid_lines.get(line_id)
            if is_paid != (line is not None):
                yield f"line {line_id} is {'' if is_paid else 'not '}paid online, by its booking"
            elif line is not None and line["amount"] != price:
                yield f"line {line_id} costs {price}, its payment is of {line['amount']}"
            elif line is not None and line["state"] in {"paid", "refunded"}:
                yield from _refund(evidence, line, appointment_id)


def _refund(evidence: Evidence, line: Row, appointment_id: UUID) -> Iterator[str]:
    appointment = evidence.appointments[appointment_id]
    is_due = appointment["state"] == "cancelled" and not evidence.is_charged(appointment_id)
    if line["refund"] != ("done" if is_due else "none"):
        yield f"line {line['line_id']} is {appointment['state']}, its refund {line['refund']}"


def errands(evidence: Evidence) -> Iterator[str]:
    """What the payment provider is to be asked is asked in time, and succeeds."""
    for errand_id, errand in evidence.errands.items():
        is_late = evidence.now > errand["due_at"] + _DONE_WITHIN
        if errand["state"] == "failed" or (errand["state"] == "waiting" and is_late):
            yield f"errand {errand_id} ({errand['kind']}) is {errand['state']}"
