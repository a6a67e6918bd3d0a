"""Facts in every order: what was decided of them, and the state that they end in."""

from collections.abc import Sequence
from typing import Any

from membership.domain.claiming import Claimed, NotClaimed, Return
from membership.domain.debiting import Debited, NotDebited
from membership.domain.hold_requests import Line
from membership.domain.refusals import Conflict
from membership.domain.undoing import LinesReversed, Undo
from membership.domain.wallets import Wallets

from .given import counts, tell


def decisions(wallets: Wallets, messages: Sequence[object]) -> tuple[str, ...]:
    """Tell everything, twice; return what was decided of what may be refused, in that order."""
    decided: list[str] = []
    for message in messages:
        decided += filter(None, [decision(wallets, message)])
        decision(wallets, message)
        assert all(
            b.free >= 0 for wallet in wallets.by_client.values() for b in wallet.buckets.values()
        )
    return tuple(decided)


def decision(wallets: Wallets, message: object) -> str | None:
    """Tell a message; return what was decided if it asks for something that may be refused."""
    try:
        events = tell(wallets, message)
    except Conflict:
        return "not undone"
    if isinstance(message, Undo):
        return "undone"
    if isinstance(message, Return):
        return "returned"
    answer = events[-1] if events else None
    if isinstance(answer, LinesReversed):
        return f"{len(answer.line_ids)} reversed"
    asked = isinstance(answer, Claimed | NotClaimed | Debited | NotDebited)
    return type(answer).__name__ if asked else None


def end_of(wallets: Wallets, line: Line) -> Any:
    """Return what is held until when, and what pays, by line."""
    (wallet,) = {id(one): one for one in wallets.by_client.values()}.values()
    held = {
        hold.line_id: (hold.revision, hold.starts_at, hold.bucket_id)
        for hold in wallet.holds.values()
    }
    settlement = wallets.settlements.get(line.appointment_id)
    is_over = settlement is None or wallets.is_void(
        line.appointment_id, settlement.appointment_revision
    )
    lines = {
        one.line_id: (one.bucket_id, one.reason, one.is_short)
        for one in (() if settlement is None or is_over else settlement.lines)
    }
    outcome = None if settlement is None or is_over else settlement.outcome
    return held, lines, outcome, {id_: counts(m) for id_, m in wallet.memberships.items()}
