"""A debit is undone, and the appointment stands (rule A10)."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from membership.domain.plans import Plan
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


class ReversalRequest(NamedTuple):
    """What paid these lines of an appointment is refunded as of `at`: sessions go back."""

    reversal_id: UUID
    plan: Plan
    line_ids: tuple[UUID, ...]
    at: datetime

    @property
    def appointment_id(self) -> UUID:
        """Which appointment it is."""
        return self.plan.appointment_id

    @property
    def client_id(self) -> UUID:
        """Whose appointment it is."""
        return self.plan.client_id

    @property
    def chain_id(self) -> UUID:
        """In which chain it is."""
        return self.plan.chain_id


class LinesReversed(NamedTuple):
    """The lines that were debited until then, and the settlement that shows it, if there is one."""

    request: ReversalRequest
    line_ids: tuple[UUID, ...]
    settlement_revision: int | None


def undo(wallets: Wallets, request: Undo, now: datetime) -> list[Settled]:
    """Give sessions back; raises `Conflict` for what is not debited, `NotFound` for others' own.

    Undone before the start, a line returns to its plan; from the start on it is owed, and is not
    debited automatically any more.
    """
    settlement = _find(wallets, request)
    return _undo(wallets, settlement, _debited(settlement, request), request.at, now)


def reverse_lines(
    wallets: Wallets, request: ReversalRequest, now: datetime
) -> list[Settled | LinesReversed]:
    """Give back what was debited for lines, as `undo` does; a line without a debit stays as it is.

    It is answered whatever there was, so that a refund that asks again goes on.
    """
    settlement = wallets.settlements.get(request.appointment_id)
    if settlement is None:
        return [LinesReversed(request, (), None)]
    debited = [line for line in settlement.debited if line.line_id in request.line_ids]
    events: list[Settled | LinesReversed] = []
    if debited:
        events += _undo(wallets, settlement, debited, request.at, now)
    revision = wallets.settlements[request.appointment_id].revision
    return [*events, LinesReversed(request, tuple(line.line_id for line in debited), revision)]


def _undo(
    wallets: Wallets,
    settlement: Settlement,
    undone: Collection[SettledLine],
    at: datetime,
    now: datetime,
) -> list[Settled]:
    wallet = wallets.by_client[settlement.client_id]
    events = give_back(wallet, settlement, undone, now)
    is_early = at < settlement.start
    lines = [
        _without_debit(line, at) if line in undone else line
        for line in settlement.lines
        if not (is_early and line in undone)
    ]
    after = settlement.changed(lines, now)
    wallets.settle(after)
    events.append(after)
    if is_early:
        plan = wallets.newest(settlement.plan)
        events += plan_again(wallets, plan, {line.line_id for line in undone}, at, now)
    return events


def _without_debit(line: SettledLine, at: datetime) -> SettledLine:
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
