"""Another time for an appointment: accepted or refused, in every order of arrival (G11, A15)."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from membership.domain.appointments import Hold
from membership.domain.hold_requests import HoldRequest, Line
from membership.domain.holding import HoldsRefused, hold_sessions
from membership.domain.plans import Plan
from membership.domain.reversing import Settled, follow_plan
from membership.domain.showing import show_plan
from membership.domain.wallet import Wallet
from membership.domain.wallets import Wallets


class Reschedule(NamedTuple):
    """An appointment has another plan, as of `at`.

    None of its lines is required: what has no session any more stands without one.
    """

    plan: Plan
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


class RescheduleRefusal(NamedTuple):
    """An appointment stays as it was."""

    reschedule_id: UUID
    appointment_id: UUID
    client_id: UUID


def reschedule(wallets: Wallets, change: Reschedule, now: datetime) -> list[Settled]:
    """Hold the sessions for the new plan; what the old one's start debited comes back (rule A15).

    What booking does not know yet, the memberships that carry lines held anew, is said; and of an
    appointment that has a settlement, what is debited, claimed and held at the new time.
    """
    plan = change.plan
    known = wallets.moved.get(plan.appointment_id)
    if wallets.is_void(plan.appointment_id, plan.revision):
        return []
    if known is not None and known.revision >= plan.revision:
        return []
    wallets.move_to(plan)
    wallet = wallets.by_client[plan.client_id]
    events = follow_plan(wallets, wallet, plan, now)
    asked = plan.hold_request(change.at)
    released = _renew_holds(wallet, asked, plan.appointment_id)
    held = hold_again(wallets, asked)
    return [*events, *held, *show_plan(wallets, plan, now, holds_changed=bool(released or held))]


def hold_again(wallets: Wallets, asked: HoldRequest) -> list[Settled]:
    """Hold for lines as far as there are sessions, and say which memberships carry them now."""
    wallet = wallets.by_client[asked.client_id]
    before = set(wallet.holds)
    answer = hold_sessions(wallets, asked)
    if isinstance(answer, HoldsRefused):
        return []  # their appointment has ended
    held_anew = (line_id for line_id, _ in answer.carried if line_id not in before)
    carried = (wallet.carried(wallet.holds[id_]) for id_ in held_anew if id_ in wallet.holds)
    return [*answer.moved, *carried]


def _renew_holds(wallet: Wallet, asked: HoldRequest, appointment_id: UUID) -> list[Hold]:
    """Let holds follow the plan; release and return those of lines that need none any more."""
    released: list[Hold] = []
    wanted = {line.line_id: line for line in asked.lines}
    for hold in wallet.holds_of(appointment_id):
        line = wanted.get(hold.line_id)
        if line is None:
            wallet.release(hold.line_id)
            released.append(hold)
        else:
            _follow(hold, line, asked)
            wallet.renew(hold)
    return released


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
