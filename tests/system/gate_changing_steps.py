"""Random steps: what is booked is changed, and time passes."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from gate_allocation import Assignment
from gate_attempts import (
    another_time,
    any_event,
    any_of,
    any_start,
    asking,
    attempt,
    is_busy,
    new_time,
    note_lines,
)
from gate_picture import must_agree
from gate_refusals import RefusedError
from gate_scene import FEW_EVENTS, Scene, plan_events, service_of
from gate_state import Appointment, Line

_AFTER_A_START: Final = timedelta(minutes=10)


def reschedule(scene: Scene) -> None:
    """Move an appointment to another time (rule G11)."""
    old = any_of(scene, scene.state.appointments)
    if old is None:
        return
    time = another_time(scene, old)
    if time is None or is_busy(scene, old.client, time[1], but=old):
        return
    if _was_paid_otherwise(scene, old):
        return
    (event_id, start), online = time, scene.rng.random() < 0.6

    def decide() -> tuple[list[Line], Assignment]:
        scene.gate.may_reschedule(old, online=online)
        lines = scene.gate.renewed_lines(old, start, online=online)
        scene.gate.take_time(old, event_id, start, but=old)
        return lines, scene.gate.hold(old.client, lines, but=old)

    path = scene.at(f"/appointments/{old.id}/reschedule")
    form = new_time(event_id, start)
    what = f"reschedule {old.id} to {start} {online=}"
    moved = attempt(scene, what, decide, asking(scene, online, path, form))
    if moved:
        (lines, assignment), view = moved
        old.event, old.lines = event_id, lines
        note_lines(scene, lines, assignment, view["lines"], old)


def cancel(scene: Scene) -> None:
    """Cancel an appointment, as the client or the back office does."""
    appointment = any_of(scene, scene.state.appointments)
    if appointment is None:
        return
    online = scene.rng.random() < 0.5
    charge = scene.rng.random() < (0.1 if online else 0.4)

    def decide() -> bool:
        scene.gate.cancel(appointment, online=online, charge=charge)
        return True

    path = scene.at(f"/appointments/{appointment.id}/cancel")
    what = f"cancel {appointment.id} {online=} {charge=}"
    attempt(scene, what, decide, asking(scene, online, path, {"charge": charge}))


def change_service(scene: Scene) -> None:
    """Change the settings of a service; what is booked keeps its own (rule A17)."""
    service = scene.rng.choice(
        [each for each in scene.state.services.values() if each.name in {"Dance", "Advice"}]
    )
    changed = replace(
        service,
        price=scene.rng.choice((1500, 1600)),
        hours=scene.rng.choice((0, 2)),
        automatic_debiting=scene.rng.random() < 0.6,
        membership_booking=scene.rng.random() < 0.6,
    )
    form = {
        "name": changed.name,
        "kind": changed.kind,
        "duration_minutes": changed.minutes,
        "price": changed.price,
        "category_id": changed.category,
        "membership_booking": changed.membership_booking,
        "automatic_debiting": changed.automatic_debiting,
        "free_cancellation_hours": changed.hours,
    }
    answer = scene.operator.put(scene.at(f"/services/{service.id}"), form)
    assert service_of(answer) == changed
    scene.state.services[service.id] = changed
    scene.told.append(f"{service.name} is now {changed}")


def change_event(scene: Scene) -> None:
    """Give an event another capacity, or cancel it as a whole (rule A10)."""
    event = any_event(scene)
    if event is None or event.cancelled:
        return
    path = scene.at(f"/events/{event.id}")
    if scene.rng.random() < 0.3:
        scene.operator.post(f"{path}/cancel")
        scene.gate.cancel_event(event.id)
        scene.told.append(f"event {event.id} is cancelled")
        return
    capacity = scene.rng.randint(1, 5)

    def decide() -> bool:
        if capacity < scene.state.taken(event.id):
            raise RefusedError("conflict")
        event.capacity = capacity
        return True

    attempt(
        scene,
        f"event {event.id} has {capacity} spots",
        decide,
        lambda: scene.operator.put(f"{path}/capacity", {"capacity": capacity}),
    )


def move_event(scene: Scene) -> None:
    """Move an event with all its bookings (rule A10)."""
    event, start = any_event(scene), any_start(scene)
    if event is None or event.cancelled:
        return
    if any(
        each.event == event.id and is_busy(scene, each.client, start)
        for each in scene.state.appointments
    ):
        return

    def decide() -> bool:
        scene.gate.move_event(event.id, start)
        return True

    path = scene.at(f"/events/{event.id}/start")
    attempt(
        scene,
        f"move event {event.id} to {start}",
        decide,
        lambda: scene.operator.put(path, {"start": start.isoformat()}),
    )


def pass_time(scene: Scene) -> None:
    """Let time pass until after the next start, to the next day, or for more than a week."""
    due = scene.gate.due(scene.state.now + timedelta(days=30))
    targets = [scene.local(1, 7, 10), *[start + _AFTER_A_START for start in due[:1]] * 5]
    if scene.rng.random() < 0.04:
        targets = [scene.local(9, 7, 10)]
    target = scene.rng.choice(targets)
    # One start after the other: what begins together among kin has no order.
    stops = {start + _AFTER_A_START for start in scene.gate.due(target)}
    for instant in sorted({stop for stop in stops if stop < target} | {target}):
        scene.told.append(f"time passes until {instant}")
        scene.set_clock(instant)
        must_agree(scene)
    if sum(event.start > scene.state.now for event in scene.state.events.values()) < FEW_EVENTS:
        plan_events(scene)


def _was_paid_otherwise(scene: Scene, old: Appointment) -> bool:
    """Whether money paid a line for which no session was planned then, and one would be now."""
    return any(
        line.payment
        and not (line.service.automatic_debiting or line.service.membership_booking)
        and (now.automatic_debiting or now.membership_booking)
        for line in old.lines
        for now in [scene.state.services[line.service.id]]
    )
