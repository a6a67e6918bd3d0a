"""What the edge shows of a studio, and what the model says that it must show."""

from datetime import date, datetime
from typing import Any

from edge import Json
from gate_scene import Scene
from gate_state import Appointment, Line, Membership
from journeys import until

Picture = dict[str, Any]


def must_agree(scene: Scene) -> None:
    """Wait until all that the edge shows is what the model says; raise with what differs."""

    def differences() -> list[str]:
        shown, right = _shown(scene), _right(scene)
        return [
            f"{what}: shown {shown.get(what)!r}, right is {right.get(what)!r}"
            for what in sorted(shown.keys() | right.keys())
            if shown.get(what) != right.get(what)
        ]

    until(differences, lambda found: not found)
    _must_be_sound(scene)


def _must_be_sound(scene: Scene) -> None:
    """No bucket is overdrawn, none holds more than is left, no event is too full (X1, X2)."""
    held = [line.hold for _, line in scene.state.held_lines()]
    for bucket in scene.state.buckets():
        assert 0 <= held.count(bucket.id) <= bucket.balance, bucket
    for event in scene.state.events.values():
        assert scene.state.taken(event.id) <= event.capacity, event


def _right(scene: Scene) -> Picture:
    right: Picture = {}
    for client in scene.state.clients:
        right[f"memberships of {client}"] = [
            _membership(scene, membership) for membership in scene.gate.reach(client)
        ]
    for event in scene.state.events.values():
        taken = scene.state.taken(event.id)
        right[f"event {event.id}"] = (event.capacity, taken, event.cancelled)
    for appointment in scene.state.appointments:
        if appointment.state != "refused":
            right[f"appointment {appointment.id}"] = _appointment(scene, appointment)
    return right


def _membership(scene: Scene, membership: Membership) -> Picture:
    held = [line.hold for _, line in scene.state.held_lines()]
    return {
        "id": membership.id,
        "owner": membership.owner,
        "shared": set(membership.shared),
        "status": membership.status(scene.gate.today),
        "expires_on": membership.expires_on and membership.expires_on.isoformat(),
        "buckets": [
            (
                None if bucket.sessions is None else bucket.sessions - bucket.expired,
                bucket.used,
                held.count(bucket.id),
            )
            for bucket in membership.buckets
        ],
        "uses": sum(bucket.used for bucket in membership.buckets),
    }


def _appointment(scene: Scene, appointment: Appointment) -> Picture:
    state = "requested" if appointment.state == "awaiting_payment" else appointment.state
    picture: Picture = {
        "client": appointment.client,
        "event": appointment.event,
        "start": appointment.start.timestamp(),
        "state": state,
    }
    if appointment.state == "accepted" or appointment.charged:
        picture |= {"debit": _debit_status(appointment), "owed": appointment.owed}
    elif appointment.state == "cancelled":
        picture |= {"debit": None, "owed": 0}
    if appointment.state == "accepted":
        picture["lines"] = [_line(scene, line) for line in appointment.lines]
    return picture


def _debit_status(appointment: Appointment) -> str | None:
    automatic = [line for line in appointment.lines if line.automatic]
    unpaid = [line for line in automatic if not line.payment]
    if any(not line.debit for line in unpaid):
        return "not_debited" if appointment.is_settled else "automatic_debiting"
    return "debited" if unpaid else None


def _line(scene: Scene, line: Line) -> Picture:
    bucket = line.hold or line.debit
    return {
        "membership": bucket and scene.state.membership_of(bucket).id,
        "released": line.released,
        "paid_online": line.pays_online,
    }


def _shown(scene: Scene) -> Picture:
    shown: Picture = {}
    for client in scene.state.clients:
        answer = scene.operator.get(f"/clients/{client}/memberships")
        shown[f"memberships of {client}"] = [
            _shown_membership(scene, m) for m in answer["memberships"]
        ]
    for day in _days(scene):
        calendar = scene.operator.get(scene.at("/calendar"), date=day.isoformat())
        appointments: list[Json] = list(calendar["appointments"])
        for entry in calendar["events"]:
            event = entry["event"]
            shown[f"event {event['event_id']}"] = tuple(
                event[name] for name in ("capacity", "spots_taken", "cancelled")
            )
            appointments += entry["appointments"]
        for one in appointments:
            shown[f"appointment {one['appointment_id']}"] = _shown_appointment(scene, one)
    return shown


def _days(scene: Scene) -> list[date]:
    starts = [each.start for each in (*scene.state.events.values(), *scene.state.appointments)]
    return sorted({start.astimezone(scene.gate.zone).date() for start in starts})


def _shown_membership(scene: Scene, view: Json) -> Picture:
    uses = scene.operator.get(f"/memberships/{view['membership_id']}/uses", limit="100")["uses"]
    assert view["uses"] == uses[:20]
    return {
        "id": view["membership_id"],
        "owner": view["owner_client_id"],
        "shared": set(view["shared_client_ids"]),
        "status": view["status"],
        "expires_on": view["expires_on"],
        "buckets": [(one["granted"], one["used"], one["held"]) for one in view["buckets"]],
        "uses": sum(use["sessions"] for use in uses if not use["reversed_at"]),
    }


def _shown_appointment(scene: Scene, view: Json) -> Picture:
    picture: Picture = {
        "client": view["client_id"],
        "event": view["event_id"],
        "start": datetime.fromisoformat(view["start"]).timestamp(),
        "state": view["state"],
    }
    known = scene.state.appointment(view["appointment_id"])
    if known is None:
        return picture
    if known.state in {"accepted", "cancelled"}:
        picture |= {"debit": view["debit_status"], "owed": view["owed"]["amount"]}
    if known.state == "accepted":
        picture["lines"] = [
            {
                "membership": line["membership_id"],
                "released": line["hold_released"],
                "paid_online": line["paid_online"],
            }
            for line in view["lines"]
        ]
    return picture
