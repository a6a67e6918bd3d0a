"""What the back office sees: the calendar of the day, and the memberships."""

from datetime import datetime
from typing import Final

from rich.table import Table

from edge import Json
from telling import Story, debit, money, services

_COUNTS: Final = ("granted", "used", "held", "available")


def show_calendar(story: Story) -> None:
    """Print today's calendar."""
    table = Table(title="The calendar", title_justify="left", title_style="bold", box=None)
    for heading in ("Start", "Client", "Service", "Debit", "Payment"):
        table.add_column(heading, no_wrap=True)
    table.add_column("Owed", justify="right", no_wrap=True)
    for appointment in story.appointments_today():
        start = datetime.fromisoformat(appointment["start"]).astimezone(story.studio.zone)
        cancelled = appointment["state"] == "cancelled"
        table.add_row(
            start.strftime("%H:%M:%S"),
            appointment["client_name"],
            services(appointment),
            "cancelled" if cancelled else debit(appointment),
            "–" if cancelled else _payment(appointment),
            money(appointment["owed"]),
        )
    story.console.print()
    story.console.print(table)


def show_memberships(story: Story) -> None:
    """Print what is left on every membership."""
    table = Table(title="The memberships", title_justify="left", title_style="bold", box=None)
    table.add_column("Membership", no_wrap=True)
    table.add_column("Status")
    for count in _COUNTS:
        table.add_column(count.capitalize(), justify="right")
    table.add_column("Expires")
    for name in story.memberships:
        membership = story.membership(name)
        counts = [membership[count] for count in _COUNTS]
        shown = ["∞" if count is None else str(count) for count in counts]
        table.add_row(name, membership["status"], *shown, membership["expires_on"])
    story.console.print()
    story.console.print(table)


def _payment(appointment: Json) -> str:
    status = appointment["payment_status"].replace("_", " ")
    online = all(line["paid_online"] for line in appointment["lines"])
    return f"{status} online" if online else status
