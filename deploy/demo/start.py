"""The start: what is debited then, from which membership, and why not (the A-rules)."""

import time
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from edge import Json
from telling import Story, debit


class Outcome(NamedTuple):
    """What a start leads to: `sources` are memberships, `reasons` of what they did not pay."""

    status: str
    sources: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


_OUTCOMES: Final = {
    "Anna": Outcome("debited", ("Anna's Family 10",)),
    "Ben": Outcome("debited", ("Anna's Family 10",)),
    "Carla": Outcome("not_debited", ("Carla's Single", "Carla's Single (2)"), ("used_up",)),
    "Dora": Outcome("debited", ("Dora's Day pass",)),
    "Emil": Outcome("not_debited", (), ("frozen",)),
    "Fay": Outcome("debited", ("Fay's Single",)),
    "Iris": Outcome("debited", ("Iris's Massage 5", "Iris's Foot care 3")),
}
_POINTS: Final = {
    "Anna": "the massage alone, her bath is to be paid (rule A9)",
    "Carla": "spot by spot, the third is to be paid (rule A8)",
    "Dora": "it expires earlier than her Month (rule A5)",
    "Emil": "a frozen membership is passed over (rule A14)",
}


def watch_the_start(story: Story, start: datetime) -> None:
    """Look at the calendar until every debit is decided, and tell each change as it happens."""
    story.chapter("The class and the massages begin")
    seen: dict[str, Outcome] = {}

    def look() -> dict[str, Outcome]:
        for appointment in story.appointments_today():
            client, status = appointment["client_name"], appointment["debit_status"]
            if status in {"debited", "not_debited"} and client not in seen:
                seen[client] = _tell_outcome(story, appointment, start)
        return seen

    time.sleep(max((start - datetime.now(UTC)).total_seconds(), 0))
    story.until("a debit of everybody", look, lambda seen: len(seen) >= len(_OUTCOMES))
    for client in sorted(seen.keys() | _OUTCOMES.keys()):
        story.expect(f"{client}'s debit", seen.get(client), _OUTCOMES.get(client))


def _tell_outcome(story: Story, appointment: Json, start: datetime) -> Outcome:
    client = appointment["client_name"]
    path = f"/appointments/{appointment['appointment_id']}/settlement"
    settlement = story.studio.operator.get(path)
    lines = settlement["lines"]
    sources = [story.name_of(line["membership_id"]) for line in lines if line["debited"]]
    reasons = [line["reason"] for line in lines if not line["debited"]]
    decided = datetime.fromisoformat(settlement["settled_at"]) - start
    story.expect(f"{client} debited early", decided < timedelta(0), False)
    story.say(
        f"[bold]{client}[/] {debit(appointment)} {_why(sources, reasons)},"
        f" [dim]{decided.total_seconds() * 1000:.0f} ms after the start[/]"
    )
    if client in _POINTS:
        story.add(f"[dim]{_POINTS[client]}[/]")
    return Outcome(appointment["debit_status"], tuple(sources), tuple(reasons))


def _why(sources: list[str], reasons: list[str]) -> str:
    paid = f"from {' and '.join(sources)}"
    if not reasons:
        return paid
    because = " and ".join(reasons).replace("_", " ")
    return f"in full ({because}), {len(sources)} {paid}" if sources else f"because {because}"
