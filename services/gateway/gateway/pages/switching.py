"""Which membership pays which line of a sale, when the operator has switched some (rule S5)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from contracts.membership_views import Candidate
from contracts.sales_views import ProposedLine


def choices(line: ProposedLine, lines: Sequence[ProposedLine]) -> list[Candidate]:
    """Return the memberships that an operator may switch a line to.

    Among them are those whose last sessions are proposed for other lines, which may give way.
    """
    proposed = {each.membership_id for each in lines}
    return [
        one
        for one in line.candidates
        if _may_be_chosen(one, is_proposed=one.membership_id in proposed)
    ]


def applied(
    lines: Sequence[ProposedLine], chosen: Mapping[UUID, UUID | None]
) -> dict[UUID, UUID | None]:
    """Return what pays each line, None for money; `chosen` is what the operator switched to.

    Without choices it is the proposal. Otherwise what was chosen has its sessions first, and the
    others keep what was proposed, or take the next membership that has one left. What is shown is
    what will be asked for, so a session that is not there after all leads to a refusal, and never
    to another sum.
    """
    taken = Counter(membership_id for membership_id in chosen.values() if membership_id)
    before = Counter[UUID]()
    result: dict[UUID, UUID | None] = {}
    for line in lines:
        if line.line_id in chosen:
            result[line.line_id] = chosen[line.line_id]
        else:
            payer = _payer(line, lines, taken, before)
            result[line.line_id] = payer
            taken.update([payer] if payer else [])
        before.update([line.membership_id] if line.membership_id else [])
    return result


def _payer(
    line: ProposedLine,
    lines: Sequence[ProposedLine],
    taken: Counter[UUID],
    before: Counter[UUID],
) -> UUID | None:
    """Return the membership that is proposed, or else the first, that has a session left."""
    proposed = [one for one in line.candidates if one.membership_id == line.membership_id]
    for candidate in (*proposed, *choices(line, lines)):
        used = taken[candidate.membership_id] - before[candidate.membership_id]
        if candidate.available is None or used < candidate.available:
            return candidate.membership_id
    return None


def _may_be_chosen(candidate: Candidate, *, is_proposed: bool) -> bool:
    gives_way = is_proposed and candidate.reason == "used_up"
    return gives_way or candidate.reason in {None, "not_enough_sessions"}
