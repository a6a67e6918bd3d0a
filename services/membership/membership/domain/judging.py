"""Which memberships could pay a line, and why the others could not (rules A13, A14)."""

from collections.abc import Mapping, Sequence
from typing import Final

from membership.domain.memberships import (
    Membership,
    Need,
    Reason,
    why_not_debited,
    why_not_debited_by_hand,
)
from membership.domain.plans import Plan, PlannedLine
from membership.domain.settlements import Judgement

_CLOSENESS: Final[Mapping[Reason, int]] = {
    "no_membership": 0,
    "service_not_covered": 1,
    "location_not_covered": 2,
    "status_not_valid": 3,
    "no_auto_deduction": 4,
    "expired": 5,
    "used_up": 6,
    "frozen": 7,
    "not_enough_sessions": 8,
}
_RULES: Final[Mapping[Reason, str]] = {
    "no_auto_deduction": "A13",
    "visit_status": "A13",
    "frozen": "A14",
    "expired": "A14",
    "cancelled": "A15",
    "rescheduled": "A15",
    "claimed": "A16",
    "already_debited": "A16",
    "paid_online": "A16",
}


class Court:
    """Judges the memberships in a client's reach for the lines of one plan.

    By hand a membership without auto-deduction pays if the client has come, or said so.
    """

    def __init__(
        self,
        plan: Plan,
        reach: Sequence[Membership],
        *,
        by_hand: bool = False,
        has_come: bool = False,
    ) -> None:
        self.plan = plan
        self.reach = reach
        self.day = plan.day
        self._by_hand = by_hand
        self._has_come = has_come

    def need(self, line: PlannedLine) -> Need:
        """Return what a line asks of a membership."""
        return self.plan.need(line, self.day)

    def judge(self, line: PlannedLine) -> tuple[tuple[Judgement, ...], list[Membership]]:
        """Return what is said of each membership, and those that nothing is said against."""
        need = self.need(line)
        judged: list[Judgement] = []
        paying: list[Membership] = []
        for membership in self.reach:
            reason = self._objection(membership, need)
            judged.append(Judgement(membership.membership_id, membership.expires_on, reason))
            if reason is None:
                paying.append(membership)
        return tuple(judged), paying

    def _objection(self, membership: Membership, need: Need) -> Reason | None:
        if not self._by_hand:
            return why_not_debited(membership, need, self.plan.start)
        return why_not_debited_by_hand(membership, need, has_come=self._has_come)


def why_none_pays(judged: Sequence[Judgement]) -> Reason:
    """Return the reason of the membership that came closest to paying."""
    reasons: list[Reason] = [one.reason or "not_enough_sessions" for one in judged]
    return max(reasons, key=lambda reason: _CLOSENESS[reason]) if reasons else "no_membership"


def rule_of(reason: Reason | None) -> str:
    """Return the rule by which a membership does not pay; the order of A5 decides among the rest.

    Without sessions or cover it is what rule G5 asks of every membership.
    """
    return "A5" if reason is None else _RULES.get(reason, "G5")
