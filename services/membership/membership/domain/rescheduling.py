"""Another time for an appointment: accepted or refused, in every order of arrival (G11, A15)."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from membership.domain.appointments import Hold
from membership.domain.hold_requests import HoldRequest, Line
from membership.domain.holding import HoldsPlaced, hold_sessions
from membership.domain.settling import Settled, reverse
from membership.domain.wallets import Wallet, Wallets


class Reschedule(NamedTuple):
    """An appointment has another plan; `asked` are its lines that a membership is to pay.

    None of them is required: what has no session any more stands without one.
    """

    appointment_id: UUID
    revision: int
    asked: HoldRequest

    @property
    def client_id(self) -> UUID:
        """Whose appointment it is."""
        return self.asked.client_id

    @property
    def chain_id(self) -> UUID:
        """In which chain it is."""
        return self.asked.chain_id


class RescheduleRefusal(NamedTuple):
    """An appointment stays as it was."""

    reschedule_id: UUID
    appointment_id: UUID
    client_id: UUID


def reschedule(wallets: Wallets, change: Reschedule, now: datetime) -> list[Settled]:
    """Hold the sessions for the new plan; what the old one's start debited comes back (rule A15).

    What booking does not know yet, the memberships that carry lines held anew, is said.
    """
    appointment_id, revision = change.appointment_id, change.revision
    if wallets.is_void(appointment_id, revision):
        return []
    if wallets.moved.get(appointment_id, 0) >= revision:
        return []
    wallets.move_to(appointment_id, revision)
    wallet = wallets.by_client[change.client_id]
    settlement = wallets.settlements.get(appointment_id)
    events: list[Settled] = []
    if settlement is not None and settlement.appointment_revision < revision:
        events = reverse(wallets, wallet, appointment_id, now)
    _renew_holds(wallet, change)
    before = set(wallet.holds)
    answer = hold_sessions(wallets, change.asked)
    assert isinstance(answer, HoldsPlaced), "no line is required"
    events += answer.moved
    held_anew = (line_id for line_id, _ in answer.carried if line_id not in before)
    events += [wallet.carried(wallet.holds[id_]) for id_ in held_anew if id_ in wallet.holds]
    return events


def _renew_holds(wallet: Wallet, change: Reschedule) -> None:
    """Let holds follow the plan, and release those of lines that need none any more."""
    wanted = {line.line_id: line for line in change.asked.lines}
    for hold in wallet.holds_of(change.appointment_id):
        line = wanted.get(hold.line_id)
        if line is None:
            wallet.release(hold.line_id)
        else:
            _follow(hold, line, change.asked)
            wallet.renew(hold)


def _follow(hold: Hold, line: Line, asked: HoldRequest) -> None:
    need = asked.need(line)
    hold.revision, hold.starts_at = line.revision, line.starts_at
    hold.service_id, hold.category_id = need.service_id, need.category_id
    hold.location_id, hold.visit_day = need.location_id, need.visit_day
    hold.automatic_debiting = line.automatic_debiting
    hold.reschedule_id = None


def refuse_reschedule(wallets: Wallets, refusal: RescheduleRefusal) -> None:
    """Release what is held for a time that was refused, and for it alone."""
    wallets.refuse_reschedule(refusal.reschedule_id)
    wallet = wallets.by_client[refusal.client_id]
    for hold in wallet.holds_of(refusal.appointment_id):
        if hold.reschedule_id == refusal.reschedule_id:
            wallet.release(hold.line_id)
