"""Why a booking is refused: a reason per membership and rule (rule G7)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from membership.domain.allocator import Ask
from membership.domain.hold_requests import HoldRequest, Line
from membership.domain.memberships import Membership, Reason, why_not_held
from membership.domain.wallet import Wallet, hold_places


class WhyNot(NamedTuple):
    """Why a membership does not carry a service; without an id: why none does."""

    membership_id: UUID | None
    service_id: UUID
    rule: str
    reason: Reason


def reasons(
    wallet: Wallet, request: HoldRequest, reach: Sequence[Membership], lacking: Iterable[Line]
) -> Iterable[WhyNot]:
    """Say for each service without cover why each membership in reach does not carry it.

    The rule is G5, which the membership itself breaks; or G6, where each service could be carried
    but not all of the booking's together.
    """
    by_service = {line.service_id: line for line in lacking}
    for service_id, line in by_service.items():
        if not reach:
            yield WhyNot(None, service_id, "G5", "no_membership")
        together = _rule_of_sessions(wallet, request, reach, line)
        for membership in reach:
            reason = why_not_held(membership, request.need(line), request.today)
            yield WhyNot(
                membership.membership_id,
                service_id,
                "G5" if reason else together,
                reason or "not_enough_sessions",
            )


def _rule_of_sessions(
    wallet: Wallet, request: HoldRequest, reach: Sequence[Membership], line: Line
) -> str:
    """Return the rule by which there are not enough sessions for a line."""
    if len({other.service_id for other in request.lines}) == 1:
        return "G5"
    places = hold_places(
        reach, request.need(line), request.today, automatic=line.automatic_debiting
    )
    alone = wallet.allocate([Ask(line.line_id, places, required=True)], request.today)
    return "G5" if alone.uncovered else "G6"
