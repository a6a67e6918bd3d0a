"""A day at a yoga and massage studio, driven only through the public HTTP edge."""

from datetime import UTC, datetime, timedelta
from typing import Final

from rich.console import Console

from counter import sell_visit, settle_unpaid_visits, tell_history
from edge import Edge, Json
from online import (
    be_refused,
    book,
    book_at_the_desk,
    book_from_several,
    pay_for_spot,
    spots,
    treatments,
)
from start import watch_the_start
from studio import issue_key, open_studio
from tables import show_calendar, show_memberships
from telling import Story, money

_UNTIL_START: Final = timedelta(seconds=8)
_CLIENTS: Final = (
    "Anna", "Ben", "Carla", "Dora", "Emil", "Fay", "Gus", "Iris", "Jon", "Kai",
)  # fmt: skip
_BILLS: Final = {
    "Anna": ("paid_partially", 1200), "Ben": ("unpaid", 1800), "Carla": ("paid_partially", 1800),
    "Emil": ("unpaid", 1800), "Fay": ("paid", 0), "Iris": ("paid", 0),
}  # fmt: skip
_HELD: Final = {"Kai's Single"}
_USED: Final = {
    "Anna's Family 10": 2, "Carla's Single": 1, "Carla's Single (2)": 1, "Dora's Month": 0,
    "Dora's Day pass": 0, "Emil's Month": 1, "Fay's Single": 1,
    "Iris's Massage 5": 1, "Iris's Foot care 3": 1, "Kai's Single": 0,
}  # fmt: skip


def play(url: str, platform_key: str, console: Console, *, can_pay: bool = True) -> Story:
    """Play the whole day; what did not come out right is in `wrong`.

    Without `can_pay`, where the payment provider is a real one, nobody pays online.
    """
    with Edge(url, platform_key) as platform:
        studio = open_studio(platform)
        client_app = Edge(url, issue_key(platform, "gateway", studio.chain))
    story = Story(studio, client_app, console, can_pay)
    console.print(f"\n[bold]A day at Lotus, a yoga and massage studio in {studio.city}[/]")
    _sell_memberships(story)
    start = datetime.now(UTC).replace(microsecond=0) + _UNTIL_START
    tomorrow = story.studio.plan_class(start + timedelta(days=1), capacity=12)
    moved = _book(story, start, tomorrow)
    watch_the_start(story, start)
    _after_the_start(story, tomorrow, moved)
    show_calendar(story)
    show_memberships(story)
    _count_sessions(story)
    for line in story.wrong:
        console.print(f"  [bold red]wrong[/]  {line}")
    return story


def _sell_memberships(story: Story) -> None:
    studio = story.studio
    story.chapter("Memberships are sold in advance")
    studio.foot_care = studio.offer("Foot care", "individual", minutes=30, price=3500)
    studio.bath = studio.offer("Bath", "individual", minutes=30, price=1200, for_members=False)
    studio.employ("Noa", [studio.massage, studio.foot_care])
    studio.employ("Lea", [studio.bath])
    studio.let_classes_be_paid_online()
    for number, name in enumerate(_CLIENTS, start=10):
        studio.enter_client(name, f"+351 912 000 0{number}")
    yoga, massage, feet = [studio.yoga], [studio.massage], [studio.foot_care]
    both = yoga + massage
    studio.offer_membership("Family 10", sessions=10, price=14000, services=both, days=90)
    studio.offer_membership("Single", sessions=1, price=1800, services=yoga, days=30)
    studio.offer_membership("Day pass", sessions=2, price=3000, services=yoga, days=1)
    studio.offer_membership("Month", sessions=None, price=9900, services=yoga, days=30)
    studio.offer_membership("Massage 5", sessions=5, price=29000, services=massage, days=90)
    studio.offer_membership("Foot care 3", sessions=3, price=9000, services=feet, days=90)
    sold = [
        ("Anna", "Family 10", "10 sessions, for yoga and massage"),
        ("Carla", "Single", "1 session"),
        ("Carla", "Single", "1 session, a second one of these"),
        ("Dora", "Month", "unlimited"),
        ("Dora", "Day pass", "2 sessions, expires tomorrow"),
        ("Emil", "Month", "unlimited"),
        ("Fay", "Single", "1 session"),
        ("Iris", "Massage 5", "5 sessions"),
        ("Iris", "Foot care 3", "3 sessions"),
        ("Kai", "Single", "1 session"),
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


def _book(story: Story, start: datetime, tomorrow: str) -> Json:
    """Book what begins at `start`; return the appointment that moves to tomorrow's class."""
    studio = story.studio
    story.chapter(f"Clients book what begins at {start.astimezone(studio.zone):%H:%M:%S}")
    yoga = studio.plan_class(start, capacity=12)
    massage = {"service_id": studio.massage, "team_member_id": studio.masseuse}
    book(story, "Anna", treatments(start, massage, {"service_id": studio.bath}))
    book(story, "Ben", spots(yoga))
    be_refused(story, "Carla", spots(yoga, 3), "not_enough_sessions")
    book_at_the_desk(story, "Carla", yoga, 3)
    book(story, "Dora", spots(yoga))
    book(story, "Emil", spots(yoga))
    month = story.memberships["Emil's Month"]
    studio.operator.post(f"/memberships/{month}/freeze")
    story.say("[bold]Emil[/] has his Month frozen after booking")
    book(story, "Fay", spots(yoga))
    in_a_row = [{"service_id": service} for service in (studio.massage, studio.foot_care)]
    both = ("Iris's Massage 5", "Iris's Foot care 3")
    book_from_several(story, "Iris", treatments(start, *in_a_row), both)
    if story.can_pay:
        pay_for_spot(story, "Jon", yoga)
    moved = book(story, "Kai", spots(yoga))
    _move_to(story, "Kai", moved, tomorrow)
    be_refused(story, "Gus", spots(yoga), "no_membership")
    be_refused(story, "Iris", spots(yoga), "service_not_covered")
    if datetime.now(UTC) > start:
        story.wrong.append("booking took so long that the class had begun")
    return moved


def _move_to(story: Story, client: str, appointment: Json, event: str) -> None:
    """Move a spot to another class; nothing happens when the old one begins (rule G11)."""
    path = f"/locations/{story.studio.location}/appointments/{appointment['appointment_id']}"
    moved = story.studio.operator.post(f"{path}/reschedule", {"event_id": event})
    story.expect(f"{client}'s new class", moved["event_id"], event)
    day = datetime.fromisoformat(moved["start"]).astimezone(story.studio.zone)
    story.say(f"[bold]{client}[/] cannot come: the operator moves it to {day:%A}")


def _after_the_start(story: Story, tomorrow: str, moved: Json) -> None:
    story.chapter("Afterwards")
    _expect_the_old_start_to_be_void(story, moved)
    story.say("[bold]Kai[/] was not debited: Kai's class is tomorrow")
    be_refused(story, "Fay", spots(tomorrow), "used_up")
    _cancel(story, "Dora")
    _undo_the_debit(story, "Ben")
    _look_at_the_bills(story)
    settle_unpaid_visits(story, "Emil", "Emil's Month")
    sell_visit(story, "Ben", _today(story)["Ben"]["visit_id"], "Anna's Family 10")
    tell_history(story, "Anna's Family 10")


def _cancel(story: Story, client: str) -> None:
    """Cancel what was debited from a Day pass: the session comes back to it (rule A10)."""
    appointment = _today(story)[client]["appointment_id"]
    path = f"/locations/{story.studio.location}/appointments/{appointment}/cancel"
    story.studio.operator.post(path, {"charge": False})
    story.say(f"[bold]{client}[/] fell ill, the operator cancels")
    _expect_back(story, f"{client}'s Day pass", available=2)


def _undo_the_debit(story: Story, client: str) -> None:
    """Undo a debit from Family 10; the appointment stands, and is owed (rule A10)."""
    appointment = _today(story)[client]["appointment_id"]
    path = f"/locations/{story.studio.location}/appointments/{appointment}/undo-debit"
    settlement = story.studio.operator.post(path)
    story.expect(f"{client}'s settlement", settlement["outcome"], "reversed")
    story.say(f"[bold]{client}[/] has a voucher at home, so the operator undoes the debit")
    _expect_back(story, "Anna's Family 10", available=9)


def _expect_back(story: Story, name: str, available: int) -> None:
    now = story.until(
        f"a session back in {name}",
        lambda: story.membership(name)["available"],
        lambda now: now == available,
    )
    story.add(f"the session is back: {name} has {now} again [dim](rule A10)[/]")


def _look_at_the_bills(story: Story) -> None:
    def look() -> dict[str, tuple[str, int]]:
        today = _today(story).items()
        return {client: (it["payment_status"], it["owed"]["amount"]) for client, it in today}

    paid_online = dict.fromkeys(story.payers, ("paid", 0))
    story.until("a bill for everybody", look, lambda bills: bills == _BILLS | paid_online)
    for client, appointment in _today(story).items():
        if appointment["owed"]["amount"]:
            status = appointment["payment_status"].replace("_", " ")
            story.say(f"[bold]{client}[/] is {status}, and owes {money(appointment['owed'])}")
    for client in story.payers:
        story.expect(f"{client}'s debit", _today(story)[client]["debit_status"], None)


def _expect_the_old_start_to_be_void(story: Story, moved: Json) -> None:
    operator, appointment = story.studio.operator, moved["appointment_id"]
    settlement = operator.find(f"/appointments/{appointment}/settlement")
    story.expect("what was debited from Kai", settlement, None)
    now = operator.get(f"/locations/{story.studio.location}/appointments/{appointment}")
    story.expect("Kai's debit", now["debit_status"], "automatic_debiting")


def _today(story: Story) -> dict[str, Json]:
    """Return the appointments of today that stand, by client."""
    today = story.appointments_today()
    return {each["client_name"]: each for each in today if each["state"] == "accepted"}


def _count_sessions(story: Story) -> None:
    for name, used in _USED.items():
        membership = story.membership(name)
        story.expect(f"sessions used of {name}", membership["used"], used)
        story.expect(f"sessions held of {name}", membership["held"], 1 if name in _HELD else 0)
