"""How the story is told: what is printed, what is promised, and what did not come out right."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from rich.console import Console

from edge import Edge, Json
from studio import Studio

T = TypeVar("T")

PATIENCE_SECONDS = 30
_INDENT = " " * 16


@dataclass
class Story:
    """The studio's day: memberships sold, by name; who paid online; what went wrong."""

    studio: Studio
    client_app: Edge
    console: Console
    can_pay: bool
    """Whether the payment provider is the stand-in, which charges nobody."""
    memberships: dict[str, str] = field(default_factory=dict)
    payers: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def chapter(self, title: str) -> None:
        """Print the title of what comes next."""
        self.console.print(f"\n[bold]{title}[/]")

    def say(self, line: str) -> None:
        """Print a line with the studio's time of day."""
        now = datetime.now(self.studio.zone).strftime("%H:%M:%S.%f")[:-3]
        self.console.print(f"  [dim]{now}[/]  {line}")

    def add(self, line: str) -> None:
        """Print more of what was said."""
        self.console.print(_INDENT + line)

    def expect(self, what: str, seen: object, wanted: object) -> None:
        """Note it when something is not what the story promises."""
        if seen != wanted:
            self.wrong.append(f"{what}: {seen!r} instead of {wanted!r}")

    def until(self, what: str, ask: Callable[[], T], wanted: Callable[[T], bool]) -> T:
        """Ask until the answer is the wanted one; note it if that takes too long."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        answer = ask()
        while not wanted(answer):
            if time.monotonic() > give_up:
                self.wrong.append(f"{what} did not happen in {PATIENCE_SECONDS} s: {answer!r}")
                break
            time.sleep(0.02)
            answer = ask()
        return answer

    def name_of(self, membership_id: str | None) -> str:
        """Return what the story calls a membership."""
        names = {known: name for name, known in self.memberships.items()}
        return "" if membership_id is None else names[membership_id]

    def membership(self, name: str) -> Json:
        """Return a membership as it is now."""
        return self.studio.operator.get(f"/memberships/{self.memberships[name]}")

    def appointments_today(self) -> list[Json]:
        """Return what the calendar has of today."""
        path = f"/locations/{self.studio.location}/calendar"
        day = self.studio.operator.get(path, date=self.studio.today())
        in_events = [each for event in day["events"] for each in event["appointments"]]
        return [*day["appointments"], *in_events]


def debit(appointment: Json) -> str:
    """Return the debit status for people, in colour."""
    colours = {"automatic_debiting": "cyan", "debited": "green", "not_debited": "yellow"}
    status = appointment["debit_status"]
    return f"[{colours[status]}]{status.replace('_', ' ')}[/]" if status else "–"


def services(appointment: Json) -> str:
    """Return the services of an appointment, or its spots in a class."""
    names = [line["service_name"] for line in appointment["lines"]]
    if len(names) > 1 and len(set(names)) == 1:
        return f"{names[0]} × {len(names)}"
    return " + ".join(names)


def money(amount: Json) -> str:
    """Return an amount of money for people."""
    return f"{amount['amount'] / 100:.2f} {amount['currency']}"
