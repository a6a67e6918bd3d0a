"""A day at a yoga and massage studio, driven only through the public HTTP edge."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain

from rich.console import Console
from rich.table import Table

from edge import Edge, Json, RefusedError
from studio import Studio, issue_key, open_studio

REFUSAL = "Sorry, but it appears that your membership is either not suitable or has expired."
_UNTIL_START = timedelta(seconds=8)
_PATIENCE_SECONDS = 30


@dataclass
class Story:
    """The studio's day, and what did not come out as it should."""

    studio: Studio
    client_app: Edge
    console: Console
    memberships: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        """Print a line with the studio's time of day."""
        now = datetime.now(self.studio.zone).strftime("%H:%M:%S.%f")[:-3]
        self.console.print(f"  [dim]{now}[/]  {line}")

    def expect(self, what: str, seen: object, wanted: object) -> None:
        """Note it when something is not what the story promises."""
        if seen != wanted:
            self.wrong.append(f"{what}: {seen!r} instead of {wanted!r}")


def play(url: str, platform_key: str, console: Console) -> bool:
    """Play the whole day; return whether everything came out right."""
    with Edge(url, platform_key) as platform:
        studio = open_studio(platform)
        client_app = Edge(url, issue_key(platform, "gateway", studio.chain))
    console.print(f"\n[bold]A day at Lotus, a yoga and massage studio in {studio.city}[/]\n")
    story = Story(studio, client_app, console)
    _sell_memberships(story)
    start = datetime.now(UTC).replace(microsecond=0) + _UNTIL_START
    late_class = _book(story, start)
    _watch_the_start(story, start)
    _after_the_start(story, late_class)
    _show_calendar(story)
    _show_balances(story)
    for line in story.wrong:
        console.print(f"  [bold red]wrong[/]  {line}")
    return not story.wrong


def _sell_memberships(story: Story) -> None:
    studio = story.studio
    story.console.print("[bold]Memberships are sold in advance[/]")
    for number, name in enumerate(("Anna", "Ben", "Carla", "Dora", "Emil", "Fay", "Gus")):
        studio.enter_client(name, f"+351 912 000 00{number}")
    both = [studio.yoga, studio.massage]
    studio.offer_membership("Family 10", sessions=10, price=14000, services=both, days=90)
    studio.offer_membership("Single", sessions=1, price=1800, services=[studio.yoga], days=30)
    studio.offer_membership("Day pass", sessions=2, price=3000, services=[studio.yoga], days=1)
    studio.offer_membership("Month", sessions=None, price=9900, services=[studio.yoga], days=30)
    sold = [
        ("Anna", "Family 10", "10 sessions, for yoga and massage"),
        ("Carla", "Single", "1 session"),
        ("Carla", "Single", "1 session, a second one of these"),
        ("Dora", "Month", "unlimited"),
        ("Dora", "Day pass", "2 sessions, expires tomorrow"),
        ("Emil", "Month", "unlimited"),
        ("Fay", "Single", "1 session"),
    ]
    for client, kind, what in sold:
        name = f"{client}'s {kind}"
        name = f"{name} (2)" if name in story.memberships else name
        story.memberships[name] = studio.sell(client, kind)
        story.say(f"[bold]{client}[/] buys {kind}: {what}")
    family = story.memberships["Anna's Family 10"]
    studio.operator.post(
        f"/memberships/{family}/shared-clients", {"client_id": studio.clients["Ben"].client_id}
    )
    story.say("[bold]Anna[/] shares Family 10 with [bold]Ben[/]")


def _book(story: Story, start: datetime) -> str:
    """Book a class and a massage that begin at `start`; return a class of tomorrow."""
    studio = story.studio
    local = start.astimezone(studio.zone).strftime("%H:%M:%S")
    story.console.print(f"\n[bold]Clients book yoga and a massage that begin at {local}[/]")
    yoga = studio.plan_class(start, capacity=12)
    tomorrow = studio.plan_class(start + timedelta(days=1), capacity=12)
    line = {"service_id": studio.massage, "team_member_id": studio.masseuse}
    _submit(story, "Anna", {"appointments": [{"start": start.isoformat(), "lines": [line]}]})
    _submit(story, "Ben", {"spots": {"event_id": yoga}})
    _submit(story, "Carla", {"spots": {"event_id": yoga, "spots": 2}})
    _submit(story, "Dora", {"spots": {"event_id": yoga}})
    _submit(story, "Emil", {"spots": {"event_id": yoga}})
    emil = story.memberships["Emil's Month"]
    studio.operator.post(f"/memberships/{emil}/freeze")
    story.say("[bold]Emil[/] has his Month frozen after booking")
    _submit(story, "Fay", {"spots": {"event_id": yoga}})
    _submit(story, "Gus", {"spots": {"event_id": yoga}}, refused_because="no_membership")
    if datetime.now(UTC) > start:
        story.wrong.append("booking took so long that the class had begun")
    return tomorrow


def _submit(story: Story, client: str, what: Json, *, refused_because: str | None = None) -> None:
    person = story.studio.clients[client]
    form = {"name": person.name, "phone": person.phone, "phone_confirmed": True} | what
    try:
        booking = story.client_app.post(f"/locations/{story.studio.location}/bookings", form)
    except RefusedError as refusal:
        problem = refusal.problem
        reasons = sorted({reason["reason"] for reason in problem.get("reasons", ())})
        story.say(f"[bold]{client}[/] [red]is refused[/] ({', '.join(reasons)})")
        story.console.print(f"                “{problem['detail']}”", style="italic")
        story.expect(f"{client}'s refusal", problem["detail"], REFUSAL)
        story.expect(f"{client}'s reasons", reasons, [refused_because])
        return
    story.expect(
        f"{client}'s booking", booking["state"], "refused" if refused_because else "accepted"
    )
    appointment = booking["appointments"][0]
    lines = appointment["lines"]
    spots = f", {len(lines)} spots" if len(lines) > 1 else ""
    story.say(f"[bold]{client}[/] books {lines[0]['service_name']}{spots}: {_status(appointment)}")


def _watch_the_start(story: Story, start: datetime) -> None:
    """Look at the calendar until every debit is decided, and tell each change as it happens."""
    story.console.print("\n[bold]The class and the massage begin[/]")
    expected = {
        "Anna": "debited", "Ben": "debited", "Carla": "debited",
        "Dora": "debited", "Emil": "not_debited", "Fay": "debited",
    }  # fmt: skip
    seen: dict[str, str] = {}
    give_up = time.monotonic() + _UNTIL_START.total_seconds() + _PATIENCE_SECONDS
    while len(seen) < len(expected) and time.monotonic() < give_up:
        for appointment in _appointments_today(story):
            client = appointment["client_name"]
            if appointment["debit_status"] in ("debited", "not_debited") and client not in seen:
                seen[client] = appointment["debit_status"]
                _tell_debit(story, appointment, start)
        time.sleep(0.02)
    story.expect("the debits", seen, expected)


def _tell_debit(story: Story, appointment: Json, start: datetime) -> None:
    path = f"/appointments/{appointment['appointment_id']}/settlement"
    settlement = story.studio.operator.get(path)
    names = {membership_id: name for name, membership_id in story.memberships.items()}
    sources = " and ".join(
        names[line["membership_id"]] for line in settlement["lines"] if line["debited"]
    )
    reasons = {line["reason"] for line in settlement["lines"] if line["reason"]}
    outcome = f"from {sources}" if sources else f"({', '.join(sorted(reasons))})"
    decided = datetime.fromisoformat(settlement["settled_at"]) - start
    story.expect(f"{appointment['client_name']} debited early", decided < timedelta(0), False)
    story.say(
        f"[bold]{appointment['client_name']}[/] {_status(appointment)} {outcome}"
        f" [dim]{decided.total_seconds() * 1000:.0f} ms after the start[/]"
    )


def _after_the_start(story: Story, tomorrow: str) -> None:
    story.console.print("\n[bold]Afterwards[/]")
    _submit(story, "Fay", {"spots": {"event_id": tomorrow}}, refused_because="used_up")
    dora = next(a for a in _appointments_today(story) if a["client_name"] == "Dora")
    path = f"/locations/{story.studio.location}/appointments/{dora['appointment_id']}/cancel"
    story.studio.operator.post(path, {"charge": False})
    story.say("[bold]Dora[/] fell ill: the operator cancels, and her session comes back")
    _wait_for_balance(story, "Dora's Day pass", 2)


def _wait_for_balance(story: Story, name: str, available: int) -> None:
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < give_up:
        if _membership(story, name)["available"] == available:
            return
        time.sleep(0.02)
    story.wrong.append(f"{name} did not come to {available} available sessions")


def _show_calendar(story: Story) -> None:
    table = Table(title="The calendar", title_justify="left", title_style="bold", box=None)
    for heading in ("Start", "Client", "Service", "Visit", "Debit", "Payment"):
        table.add_column(heading)
    table.add_column("Owed", justify="right")
    for appointment in _appointments_today(story):
        start = datetime.fromisoformat(appointment["start"]).astimezone(story.studio.zone)
        lines, owed = appointment["lines"], appointment["owed"]
        spots = f" × {len(lines)}" if len(lines) > 1 else ""
        cancelled = appointment["state"] == "cancelled"
        state = "cancelled" if cancelled else _status(appointment)
        payment = "–" if cancelled else appointment["payment_status"].replace("_", " ")
        table.add_row(
            start.strftime("%H:%M:%S"),
            appointment["client_name"],
            lines[0]["service_name"] + spots,
            appointment["visit_status"],
            state,
            payment,
            f"{owed['amount'] / 100:.2f} {owed['currency']}",
        )
    story.console.print()
    story.console.print(table)


def _show_balances(story: Story) -> None:
    table = Table(title="The memberships", title_justify="left", title_style="bold", box=None)
    table.add_column("Membership")
    table.add_column("Status")
    for heading in ("Granted", "Used", "Held", "Available"):
        table.add_column(heading, justify="right")
    table.add_column("Expires")
    expected_used = {
        "Anna's Family 10": 2, "Carla's Single": 1, "Carla's Single (2)": 1, "Dora's Month": 0,
        "Dora's Day pass": 0, "Emil's Month": 0, "Fay's Single": 1,
    }  # fmt: skip
    for name in story.memberships:
        membership = _membership(story, name)
        counts = [membership[count] for count in ("granted", "used", "held", "available")]
        shown = ["∞" if count is None else str(count) for count in counts]
        table.add_row(name, membership["status"], *shown, membership["expires_on"])
        story.expect(f"sessions used of {name}", membership["used"], expected_used[name])
        story.expect(f"sessions held of {name}", membership["held"], 0)
    story.console.print()
    story.console.print(table)


def _membership(story: Story, name: str) -> Json:
    return story.studio.operator.get(f"/memberships/{story.memberships[name]}")


def _appointments_today(story: Story) -> list[Json]:
    path = f"/locations/{story.studio.location}/calendar"
    day = story.studio.operator.get(path, date=story.studio.today())
    in_events = (event["appointments"] for event in day["events"])
    return [*day["appointments"], *chain.from_iterable(in_events)]


def _status(appointment: Json) -> str:
    status = appointment["debit_status"]
    colour = {"automatic_debiting": "cyan", "debited": "green", "not_debited": "yellow"}
    if status is None:
        return "–"
    return f"[{colour[status]}]{status.replace('_', ' ')}[/]"
