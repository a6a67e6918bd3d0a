"""Why a line was debited from where it was, or not at all (rules A5, A8, A13, A14, A16)."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple
from uuid import UUID

from membership.domain.appointments import Hold
from membership.domain.judging import Court, rule_of, why_none_pays
from membership.domain.memberships import Membership, Reason
from membership.domain.plans import Plan
from membership.domain.settlements import Judgement, SettledLine, Settlement
from membership.domain.wallets import Wallets

LineOutcome = Literal["planned", "debited", "claimed", "not_debited", "reversed", "none"]

_SENTENCES: Final[Mapping[Reason, str]] = {
    "no_membership": "the client has no membership",
    "service_not_covered": "no membership covers the service",
    "location_not_covered": "no membership is taken at the location",
    "status_not_valid": "the membership is voided",
    "used_up": "no session is left",
    "not_enough_sessions": "all sessions that are left are held for other bookings",
    "frozen": "the membership was frozen",
    "expired": "the membership had expired on the day of the visit",
    "no_auto_deduction": "the membership is not debited automatically",
}


class Verdict(NamedTuple):
    """Whether a membership could pay a line, and by which rule it could not."""

    judgement: Judgement
    rule: str
    reason: Reason | None


class ExplainedLine(NamedTuple):
    """What became of a line, in a word and in a sentence; verdicts in the order of rule A5."""

    line: SettledLine
    outcome: LineOutcome
    summary: str
    verdicts: tuple[Verdict, ...]


def explain_settled(wallets: Wallets, settlement: Settlement) -> list[ExplainedLine]:
    """Explain the lines of a settlement by what was judged then."""
    is_void = wallets.is_void(settlement.appointment_id, settlement.appointment_revision)
    names = _names(wallets, settlement.client_id)
    explained: list[ExplainedLine] = []
    for line in settlement.lines:
        outcome = "reversed" if is_void else _outcome(line, has_begun=settlement.has_begun)
        summary = (
            "The appointment was called off, nothing is debited (rule A10)."
            if is_void
            else _summary(line, outcome, names)
        )
        explained.append(ExplainedLine(line, outcome, summary, _verdicts(line)))
    return explained


def explain_held(wallets: Wallets, plan: Plan, holds: Mapping[UUID, Hold]) -> list[ExplainedLine]:
    """Explain the lines of a plan whose start is to come, as they would be judged now."""
    wallet = wallets.by_client[plan.client_id]
    court = Court(plan, wallet.reach(plan.client_id))
    names = _names(wallets, plan.client_id)
    is_void = wallets.is_void(plan.appointment_id, plan.revision)
    explained: list[ExplainedLine] = []
    for planned in plan.lines:
        judged, _ = court.judge(planned)
        hold = holds.get(planned.line_id)
        carrier = wallet.buckets[hold.bucket_id].membership_id if hold else None
        spared = wallets.why_spared(plan.appointment_id, planned.line_id, plan.start)
        line = SettledLine(planned, membership_id=carrier, reason=spared, judged=judged)
        outcome = "none" if is_void else _outcome(line, has_begun=False)
        summary = (
            "The appointment was called off (rule A10)."
            if is_void
            else _summary(line, outcome, names)
        )
        explained.append(ExplainedLine(line, outcome, summary, _verdicts(line)))
    return explained


def _names(wallets: Wallets, client_id: UUID) -> Mapping[UUID, Membership]:
    return wallets.by_client[client_id].memberships


def _outcome(line: SettledLine, *, has_begun: bool) -> LineOutcome:
    if line.is_debited:
        return "debited"
    if line.reason == "claimed":
        return "claimed"
    if line.reason == "debit_undone":
        return "reversed"
    if has_begun:
        return "not_debited"
    return "planned" if line.plan.is_automatic else "none"


def _summary(
    line: SettledLine, outcome: LineOutcome, memberships: Mapping[UUID, Membership]
) -> str:
    payer = memberships.get(line.membership_id) if line.membership_id else None
    name = f"“{payer.name}”" if payer else "no membership"
    match outcome:
        case "debited" if line.by_hand:
            return f"Debited by hand from {name} (rule A13)."
        case "debited":
            return f"Debited from {name}, the first in the order of rule A5 that could pay."
        case "claimed":
            return "Money pays it, so no session does (rule A16)."
        case "reversed":
            return "Its debit was undone, it is owed (rule A10)."
        case "planned" | "none":
            return _planned(name, outcome, is_held=payer is not None)
        case "not_debited":
            return _not_debited(line)


def _planned(name: str, outcome: LineOutcome, *, is_held: bool) -> str:
    held = f"{name} holds a session for it" if is_held else "No session is held for it"
    if outcome == "planned":
        return f"{held}; its start will decide afresh (rules A4, A5)."
    return f"{held}; it is not debited automatically (rule A1)."


def _not_debited(line: SettledLine) -> str:
    if line.reason == "claim_returned":
        return "Its payment was undone after the start, it is owed (rule A16)."
    reason = line.reason or why_none_pays(line.judged)
    why = _SENTENCES.get(reason, reason.replace("_", " "))
    return f"Not debited: {why} (rule {rule_of(reason)})."


def _verdicts(line: SettledLine) -> tuple[Verdict, ...]:
    """Return what is said of each membership; without a payer, sessions were held for others."""
    lacking = line.reason == "not_enough_sessions"
    reasons: Sequence[Reason | None] = [
        one.reason or ("not_enough_sessions" if lacking else None) for one in line.judged
    ]
    return tuple(
        Verdict(judgement, rule_of(reason), reason)
        for judgement, reason in zip(line.judged, reasons, strict=True)
    )
