"""Claims: money is taken for lines, so that no session pays them (rule A16)."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from membership.domain.appointments import Claim
from membership.domain.plans import Plan
from membership.domain.replanning import plan_again
from membership.domain.reversing import Settled
from membership.domain.showing import show_plan
from membership.domain.wallets import Wallets


class ClaimRequest(NamedTuple):
    """Money is about to be taken for lines of an appointment, whose plan may be told with it."""

    claim_id: UUID
    appointment_id: UUID
    visit_id: UUID
    client_id: UUID
    line_ids: tuple[UUID, ...]
    plan: Plan | None = None

    @property
    def chain_id(self) -> UUID | None:
        """In which chain it is, if that is told."""
        return self.plan.chain_id if self.plan else None


class Return(NamedTuple):
    """The payment of a claim was undone, as of `at`."""

    claim_id: UUID
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


class Claimed(NamedTuple):
    """No session will pay the lines."""

    request: ClaimRequest


class NotClaimed(NamedTuple):
    """Sessions, or another claim, have the lines already."""

    request: ClaimRequest
    taken: tuple[UUID, ...]


def claim(
    wallets: Wallets, request: ClaimRequest, now: datetime
) -> list[Settled | Claimed | NotClaimed]:
    """Claim all of the lines, or none if one is debited or claimed; their holds end.

    The settlement says so from now on, before the start and after it.
    """
    known = wallets.claims.get(request.appointment_id, {})
    own = known.get(request.claim_id)
    if own is not None:
        return [Claimed(request) if own.is_open else NotClaimed(request, ())]
    if taken := _taken(wallets, request):
        return [NotClaimed(request, taken)]
    wallets.claim(Claim(request.claim_id, request.appointment_id, request.line_ids))
    wallet = wallets.by_client[request.client_id]
    released = [line_id for line_id in request.line_ids if wallet.release(line_id)]
    settlement = wallets.settlements.get(request.appointment_id)
    plan = request.plan or (settlement.plan if settlement else None)
    if plan is None:
        return [Claimed(request)]
    plan = wallets.newest(plan)
    shown = show_plan(wallets, plan, now, holds_changed=bool(released))
    return [*shown, Claimed(request)]


def _taken(wallets: Wallets, request: ClaimRequest) -> tuple[UUID, ...]:
    settlement = wallets.settlements.get(request.appointment_id)
    taken = {line.line_id for line in settlement.debited} if settlement else set[UUID]()
    for other in wallets.claims.get(request.appointment_id, {}).values():
        if other.is_open:
            taken.update(other.line_ids)
    return tuple(line_id for line_id in request.line_ids if line_id in taken)


def return_claim(wallets: Wallets, request: Return, now: datetime) -> list[Settled]:
    """End a claim: before the start its lines are planned again, from then on they are owed.

    One that is returned before it is heard of will not be granted.
    """
    known = wallets.claims.get(request.appointment_id, {}).get(request.claim_id)
    if known is None:
        known = Claim(request.claim_id, request.appointment_id, ())
    if not known.is_open:
        return []
    wallets.claim(known._replace(returned_at=request.at))
    plan = wallets.newest(request.plan)
    again = plan_again(wallets, plan, known.line_ids, request.at, now)
    return [*again, *show_plan(wallets, plan, now, holds_changed=bool(again))]
