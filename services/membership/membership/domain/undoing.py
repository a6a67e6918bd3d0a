"""A debit is undone, and the appointment stands (rule A10)."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from membership.domain.refusals import Conflict, NotFound
from membership.domain.replanning import plan_again
from membership.domain.reversing import Settled, give_back
from membership.domain.settlements import SettledLine, Settlement
from membership.domain.wallets import Wallets


class Undo(NamedTuple):
    """Give back the sessions of these lines of an appointment, or of all, as of `at`."""

    appointment_id: UUID
    client_id: UUID
    chain_id: UUID
    location_id: UUID
    line_ids: tuple[UUID, ...]
    at: datetime


def undo(wallets: Wallets, request: Undo, now: datetime) -> list[Settled]:
    """Give sessions back; raises `Conflict` for what is not debited, `NotFound` for others' own.

    Undone before the start, a line returns to its plan; from the start on it is owed, and is not
    debited automatically any more.
    """
    settlement = _find(wallets, request)
    undone = _debited(settlement, request)
    wallet = wallets.by_client[request.client_id]
    events = give_back(wallet, settlement, undone, now)
    is_early = request.at < settlement.start
    lines = [
        _undone(line, request.at) if line in undone else line
        for line in settlement.lines
        if not (is_early and line in undone)
    ]
    after = settlement.changed(lines, now)
    wallets.settle(after)
    events.append(after)
    if is_early:
        plan = wallets.newest(settlement.plan)
        events += plan_again(wallets, plan, {line.line_id for line in undone}, request.at, now)
    return events


def _undone(line: SettledLine, at: datetime) -> SettledLine:
    return line.without_debit()._replace(reason="debit_undone", undone_at=at)


def _find(wallets: Wallets, request: Undo) -> Settlement:
    settlement = wallets.settlements.get(request.appointment_id)
    if settlement is None:
        raise Conflict("Nothing is debited for this appointment.")
    own = settlement.client_id, settlement.chain_id, settlement.location_id
    if own != (request.client_id, request.chain_id, request.location_id):
        raise NotFound("appointment")
    return settlement


def _debited(settlement: Settlement, request: Undo) -> list[SettledLine]:
    """Return the lines to undo."""
    debited = settlement.debited
    if not debited:
        raise Conflict("Nothing is debited for this appointment.")
    if unknown := set(request.line_ids) - {line.line_id for line in debited}:
        raise Conflict(f"Nothing is debited for the lines {', '.join(sorted(map(str, unknown)))}.")
    return [line for line in debited if not request.line_ids or line.line_id in request.line_ids]
