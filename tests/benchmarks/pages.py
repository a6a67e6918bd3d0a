"""How fast pages answer when the studio is a big one: every page, asked for again and again."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from statistics import quantiles
from time import perf_counter
from typing import Final

import httpx
from rich.progress import Progress

from devstack import Stack
from edge import Edge, Json
from load import Caller, created
from scene import Scene, name_of, open_scene, phone_of
from studio import issue_key

_DAYS: Final = 250
_CLASSES_A_DAY: Final = 20
_SPOTS: Final = 20
_AT_ONCE: Final = 256
_STAFF: Final = {"email": "olivia@bench.example", "password": "as fast as can be"}
_WARMED_UP: Final = 3

Milliseconds = dict[str, list[float]]


async def measure_pages(
    stack: Stack, progress: Progress, clients: int, bookings: int, times: int
) -> dict[str, float]:
    """Return the p95 of every page, in milliseconds, with so many clients and bookings there."""
    scene = await asyncio.to_thread(open_scene, stack, progress, sessions=2 * bookings // clients)
    await scene.enter_members(clients)
    await _book(scene, bookings)
    took = await asyncio.to_thread(_look_at_all, scene, times)
    return {name: quantiles(ms, n=20)[18] for name, ms in took.items()}


async def _book(scene: Scene, number: int) -> None:
    """Fill a year of classes: each member books as often as the others."""
    task = scene.progress.add_task("bookings of a big studio", total=number)
    first = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    starts = [
        first + timedelta(days=day, minutes=40 * one)
        for day in range(_DAYS)
        for one in range(_CLASSES_A_DAY)
    ]
    events = await scene.plan_classes(starts[: -(-number // _SPOTS)], _SPOTS)
    forms = [_booking(scene, one % scene.members, events[one // _SPOTS]) for one in range(number)]
    with Edge(scene.stack.service_url("gateway"), scene.stack.platform_key) as platform:
        app = Caller(platform.url, issue_key(platform, "gateway", scene.studio.chain))
    answers = await app.post_all(
        forms, at_once=_AT_ONCE, answered=lambda done: scene.progress.advance(task, done)
    )
    created(answers, "booking_id")


def _booking(scene: Scene, member: int, event: str) -> tuple[str, Json]:
    form = {"name": name_of(member), "phone": phone_of(member), "phone_confirmed": True}
    path = f"/locations/{scene.studio.location}/bookings"
    return path, form | {"spots": {"event_id": event}}


def _look_at_all(scene: Scene, times: int) -> Milliseconds:
    url, studio = scene.stack.service_url("gateway"), scene.studio
    with Edge(url, scene.stack.platform_key) as platform:
        form = _STAFF | {"name": "Olivia", "role": "owner"}
        platform.post(f"/chains/{studio.chain}/staff", form)
    pages = _pages(scene)
    task = scene.progress.add_task("pages", total=times * len(pages))
    took: Milliseconds = {name: [] for name in pages}
    with httpx.Client(base_url=url, timeout=30) as browser:
        assert browser.post("/office/sign-in", data=_STAFF).status_code == 303
        for number in range(times + _WARMED_UP):
            for name, path_of in pages.items():
                ms = _answered(browser, path_of(number))
                if number >= _WARMED_UP:
                    took[name].append(ms)
                    scene.progress.advance(task)
    return took


def _answered(browser: httpx.Client, path: str) -> float:
    began = perf_counter()
    answer = browser.get(path)
    ms = 1000 * (perf_counter() - began)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:300]}")
    return ms


def _pages(scene: Scene) -> dict[str, Callable[[int], str]]:
    """Return how the n-th request of each page is addressed: about other people and days."""
    office, hosted = f"/office/{scene.studio.location}", f"/book/{scene.studio.location}"
    today = datetime.now(scene.studio.zone).date() + timedelta(days=1)
    clients, appointments, visits, memberships, classes = _things(scene)

    def day(number: int) -> str:
        return (today + timedelta(days=number % 20)).isoformat()

    return {
        "calendar of a day": lambda n: f"{office}/calendar?date={day(n)}",
        "calendar of a week": lambda n: f"{office}/calendar?view=week&date={day(n)}",
        "appointment": lambda n: f"{office}/appointments/{appointments[n]}",
        "class": lambda n: f"{office}/classes/{classes[n % len(classes)]}",
        "clients": lambda _: f"{office}/clients",
        "clients by name": lambda n: f"{office}/clients?q=Member+{n}",
        "client": lambda n: f"{office}/clients/{clients[n]}",
        "memberships of a client": lambda n: f"{office}/clients/{clients[n]}?tab=memberships",
        "issued memberships": lambda _: f"{office}/memberships",
        "membership": lambda n: f"{office}/memberships/{memberships[n]}",
        "sale of a visit": lambda n: f"{office}/visits/{visits[n]}/sale",
        "sales": lambda _: f"{office}/sales",
        "services": lambda _: f"{office}/services",
        "service": lambda _: f"{office}/services/{scene.studio.yoga}?tab=advanced",
        "membership types": lambda _: f"{office}/membership-types",
        "reports": lambda _: f"{office}/reports",
        "audit list": lambda _: f"{office}/audit",
        "hosted booking": lambda _: hosted,
    }


def _things(scene: Scene) -> tuple[list[str], ...]:
    """Return ids of clients, appointments, visits, memberships and classes that are there."""
    studio = scene.studio
    path = f"/locations/{studio.location}/calendar"
    tomorrow = (datetime.now(studio.zone) + timedelta(days=1)).date().isoformat()
    events = studio.operator.get(path, date=tomorrow)["events"]
    all_of_them: Iterator[Json] = (one for event in events for one in event["appointments"])
    appointments = list(islice(all_of_them, 200))
    clients = [one["client_id"] for one in appointments]
    memberships = [one["lines"][0]["membership_id"] for one in appointments]
    return (
        clients,
        [one["appointment_id"] for one in appointments],
        [one["visit_id"] for one in appointments],
        memberships,
        [event["event"]["event_id"] for event in events],
    )
