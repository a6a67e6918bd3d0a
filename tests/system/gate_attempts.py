"""Taking a step in the model and at the edge: both must say the same."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

import edge
from edge import Json
from gate_allocation import Assignment
from gate_refusals import RefusedError
from gate_scene import Scene
from gate_state import Appointment, Event, Line, Service

T = TypeVar("T")
_SOON: Final = timedelta(minutes=15)


def attempt(
    scene: Scene, what: str, decide: Callable[[], T], ask: Callable[[], Json]
) -> tuple[T, Json] | None:
    """Decide in the model, and ask the edge; return both answers, or nothing when both refuse."""
    expected: RefusedError | None = None
    decided: T | None = None
    try:
        decided = decide()
    except RefusedError as error:
        expected = error
    outcome = "refused" if expected else "done"
    scene.told.append(f"{scene.state.now:%m-%d %H:%M} {what}: {expected or outcome}")
    try:
        answer = ask()
    except edge.RefusedError as refused:
        _must_be_the_refusal(refused.problem, expected)
        return None
    assert expected is None, (expected, answer)
    assert decided is not None
    return decided, answer


def _must_be_the_refusal(problem: Json, expected: RefusedError | None) -> None:
    assert expected is not None, problem
    assert problem["type"].removeprefix("/problems/") in expected.types, (problem, expected.types)
    if not expected.reasons:
        return
    given = {
        (reason["membership_id"], reason["service_id"]): reason["reason"]
        for reason in problem["reasons"]
    }
    assert given.keys() == expected.reasons.keys(), (problem, expected.reasons)
    for about, reason in given.items():
        assert reason in expected.reasons[about], (problem, expected.reasons)


def asking(scene: Scene, online: bool, path: str, form: Json) -> Callable[[], Json]:
    """Return how the clients' app asks, or the back office."""
    caller = scene.app if online else scene.operator
    return lambda: caller.post(path, form)


def any_of(scene: Scene, among: Sequence[T]) -> T | None:
    return scene.rng.choice(among) if among else None


def any_event(scene: Scene, service_id: str | None = None) -> Event | None:
    """Return an event that is mostly still to come."""
    events = [
        event
        for event in scene.state.events.values()
        if service_id in {None, event.service}
        and (event.start > scene.state.now or scene.rng.random() < 0.05)
    ]
    return any_of(scene, events)


def any_start(scene: Scene) -> datetime:
    start = scene.local(scene.rng.randrange(4), scene.rng.randrange(8, 20), 30)
    return start if start > scene.state.now + _SOON else start + timedelta(days=1)


def another_time(scene: Scene, old: Appointment) -> tuple[str | None, datetime] | None:
    """Return another event of the same service, or another start."""
    if old.event is None:
        return None, any_start(scene)
    event = any_event(scene, old.lines[0].service.id)
    return None if event is None or event.id == old.event else (event.id, event.start)


def is_busy(scene: Scene, client: str, start: datetime, but: Appointment | None = None) -> bool:
    """Whether kin of the client has something that begins at that very instant."""
    kin = scene.state.kin(client)
    return any(
        each.client in kin and each.start == start and not each.is_settled and each is not but
        for each in scene.state.appointments
    )


def choice_of_payment(scene: Scene, services: Sequence[Service]) -> bool | None:
    """Choose how to pay, mostly where there is a choice."""
    if any(service.online != "off" for service in services):
        return scene.rng.choice((True, True, False, None))
    return True if scene.rng.random() < 0.03 else None


def booking_form(
    scene: Scene, client: str, *, online: bool, confirmed: bool, pay: bool | None
) -> Json:
    form: Json = {"name": "Somebody", "phone": scene.phones[client]}
    if online:
        form["phone_confirmed"] = confirmed
    return form if pay is None else form | {"pay_online": pay}


def new_time(event_id: str | None, start: datetime) -> Json:
    return {"event_id": event_id} if event_id else {"start": start.isoformat()}


def note_booking(
    scene: Scene,
    client: str,
    event_id: str | None,
    lines: list[Line],
    assignment: Assignment,
    view: Json,
) -> None:
    """Let the model know a booking as the edge has answered it."""
    [shown] = view["appointments"]
    appointment = Appointment(client, event_id, lines)
    appointment.id, appointment.booking = shown["appointment_id"], view["booking_id"]
    to_pay = any(line.pays_online for line in lines)
    assert view["state"] == ("awaiting_payment" if to_pay else "accepted"), view
    if to_pay:
        appointment.state, appointment.payment = "awaiting_payment", view["payment_id"]
        appointment.pay_until = datetime.fromisoformat(view["pay_until"])
        assert appointment.pay_until - scene.state.now < 2 * scene.gate.paid_within
    note_lines(scene, lines, assignment, shown["lines"])
    scene.state.appointments.append(appointment)
    scene.told[-1] += f" = {appointment.id}"


def note_lines(
    scene: Scene,
    lines: Sequence[Line],
    assignment: Assignment,
    shown: Sequence[Json],
    but: Appointment | None = None,
) -> None:
    """Let the model know the ids and team members of lines, and what they hold.

    `but` is the appointment that had them before: it is in nobody's way.
    """
    for line, view in zip(lines, shown, strict=True):
        line.id = view["line_id"]
        if view["team_member_id"] is not None:
            assert scene.gate.can_perform(view["team_member_id"], line, but), "booked twice"
            line.team_member = view["team_member_id"]
    scene.gate.note_holds(lines, assignment)
