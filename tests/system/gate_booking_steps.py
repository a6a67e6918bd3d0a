"""Random steps: memberships are sold, shared and frozen, and services booked and paid."""

from typing import Final

import httpx

import edge
from gate_allocation import Assignment
from gate_attempts import (
    another_time,
    any_event,
    any_of,
    any_start,
    asking,
    attempt,
    booking_form,
    choice_of_payment,
    is_busy,
    new_time,
    note_booking,
)
from gate_refusals import RefusedError, all_of
from gate_scene import Scene
from gate_state import Bucket, Line, Membership, Service
from journeys import until
from studio import selling

_CARD: Final = {"card": "4242424242424242"}


def sell(scene: Scene) -> None:
    """Sell a membership."""
    terms, client = scene.rng.choice(scene.terms), scene.rng.choice(scene.state.clients)
    sale = scene.operator.post(scene.at("/sales"), selling(client, terms.id))
    view = scene.operator.get(f"/memberships/{sale['membership_id']}")
    buckets = [
        Bucket(one["bucket_id"], sessions, services, categories)
        for one, (sessions, services, categories) in zip(
            view["buckets"], terms.buckets, strict=True
        )
    ]
    issued = len(scene.state.memberships)
    membership = Membership(view["membership_id"], terms, client, issued, buckets)
    if not terms.on_first_visit:
        membership.activate(scene.gate.today)
    scene.state.memberships[membership.id] = membership
    scene.told.append(f"{terms.name} {membership.id} is sold to {client}")


def share(scene: Scene) -> None:
    """Share a membership with another client."""
    membership = any_of(scene, list(scene.state.memberships.values()))
    client = scene.rng.choice(scene.state.clients)
    if membership is None or _would_begin_together(scene, membership.owner, client):
        return

    def decide() -> bool:
        if client == membership.owner or client in membership.shared:
            raise RefusedError("conflict")
        membership.shared.append(client)
        return True

    path = f"/memberships/{membership.id}/shared-clients"
    form = {"client_id": client}
    attempt(
        scene,
        f"share {membership.id} with {client}",
        decide,
        lambda: scene.operator.post(path, form),
    )


def freeze(scene: Scene) -> None:
    """Freeze a membership, or unfreeze it."""
    membership = any_of(scene, list(scene.state.memberships.values()))
    if membership is None:
        return
    is_frozen = membership.frozen_on is not None
    verb = scene.rng.choice(["unfreeze"] * 3 + ["freeze"] if is_frozen else ["freeze"])

    def decide() -> bool:
        (scene.gate.freeze if verb == "freeze" else scene.gate.unfreeze)(membership)
        return True

    path = f"/memberships/{membership.id}/{verb}"
    attempt(scene, f"{verb} {membership.id}", decide, lambda: scene.operator.post(path))


def book_spots(scene: Scene) -> None:
    """Book spots in an event, some of them begun or full."""
    client, event = scene.rng.choice(scene.state.clients), any_event(scene)
    if event is None or is_busy(scene, client, event.start):
        return
    service, number = scene.state.services[event.service], scene.rng.choice((1, 1, 1, 2, 3))
    online, confirmed = scene.rng.random() < 0.75, scene.rng.random() < 0.95
    pay = choice_of_payment(scene, [service]) if online else None

    def planned() -> list[Line]:
        lines = scene.gate.lines([service] * number, event.start, online=online, pay=pay)
        scene.gate.pass_gate(lines, online=online, confirmed=confirmed)
        return lines

    def decide() -> tuple[list[Line], Assignment]:
        all_of(planned, lambda: scene.gate.take_spots(event.id, number))
        lines = planned()
        return lines, scene.gate.hold(client, lines)

    form = booking_form(scene, client, online=online, confirmed=confirmed, pay=pay)
    form["spots"] = {"event_id": event.id, "spots": number}
    what = f"{client} books {number} of {service.name} {event.id} {online=} {pay=}"
    ask = asking(scene, online, scene.at("/bookings"), form)
    booked = attempt(scene, what, decide, ask)
    if booked:
        note_booking(scene, client, event.id, *booked[0], booked[1])


def book_slots(scene: Scene) -> None:
    """Book services in a row, with somebody or anybody."""
    individual = [each for each in scene.state.services.values() if each.kind == "individual"]
    services = scene.rng.sample(individual, scene.rng.choice((1, 1, 2)))
    client, start = scene.rng.choice(scene.state.clients), any_start(scene)
    if is_busy(scene, client, start):
        return
    online = scene.rng.random() < 0.75
    pay = choice_of_payment(scene, services) if online else None
    wanted = [_somebody_for(scene, service) for service in services]

    def planned() -> list[Line]:
        return scene.gate.lines(services, start, online=online, pay=pay)

    def decide() -> tuple[list[Line], Assignment]:
        all_of(planned, lambda: scene.gate.take_slots(services, start, wanted))
        lines = planned()
        return lines, scene.gate.hold(client, lines)

    form = booking_form(scene, client, online=online, confirmed=True, pay=pay)
    lines = [
        {"service_id": service.id, "team_member_id": team_member}
        for service, team_member in zip(services, wanted, strict=True)
    ]
    form["appointments"] = [{"start": start.isoformat(), "lines": lines}]
    what = f"{client} books {[each.name for each in services]} at {start} {online=} {pay=}"
    ask = asking(scene, online, scene.at("/bookings"), form)
    booked = attempt(scene, what, decide, ask)
    if booked:
        note_booking(scene, client, None, *booked[0], booked[1])


def repeat(scene: Scene) -> None:
    """Book the same again, under the settings as they are now (rule G11)."""
    old = any_of(scene, scene.state.appointments)
    if old is None:
        return
    time = another_time(scene, old)
    if time is None or is_busy(scene, old.client, time[1]):
        return
    online = scene.rng.random() < 0.75
    services = [scene.state.services[line.service.id] for line in old.lines]
    pay = choice_of_payment(scene, services) if online else None
    event_id, start = time

    def planned() -> list[Line]:
        return scene.gate.lines(services, start, online=online, pay=pay)

    def decide() -> tuple[list[Line], Assignment]:
        all_of(planned, lambda: scene.gate.take_time(old, event_id, start))
        lines = planned()
        return lines, scene.gate.hold(old.client, lines)

    form = new_time(event_id, start) | ({} if pay is None else {"pay_online": pay})
    path = scene.at(f"/appointments/{old.id}/repeat")
    what = f"repeat {old.id} at {start} {online=} {pay=}"
    booked = attempt(scene, what, decide, asking(scene, online, path, form))
    if booked:
        note_booking(scene, old.client, event_id, *booked[0], booked[1])


def pay(scene: Scene) -> None:
    """Pay what waits for it, at the provider's page."""
    waiting = [each for each in scene.state.appointments if each.state == "awaiting_payment"]
    appointment = any_of(scene, waiting)
    if appointment is None or appointment.payment is None:
        return
    pay_at_the_provider(scene, appointment.payment)
    booking = scene.at(f"/bookings/{appointment.booking}")
    until(lambda: scene.operator.get(booking)["state"], lambda state: state == "accepted")
    appointment.state = "accepted"
    scene.told.append(f"{appointment.id} is paid")


def pay_at_the_provider(scene: Scene, payment_id: str) -> None:
    """Pay as soon as there is a page for it; sales hears of it a little later than the client."""
    path = scene.at(f"/payments/{payment_id}")

    def page() -> str | None:
        try:
            return scene.operator.get(path)["checkout_url"]
        except edge.RefusedError:
            return None

    url = until(page, bool)
    assert httpx.post(f"{url}/pay", data=_CARD, timeout=30).status_code == 303


def _would_begin_together(scene: Scene, one: str, other: str) -> bool:
    """Whether two clients who become kin have something that begins at the same instant."""
    if other in scene.state.kin(one):
        return False
    starts = [
        {a.start for a in scene.state.appointments if a.client in scene.state.kin(who)}
        for who in (one, other)
    ]
    return bool(starts[0] & starts[1])


def _somebody_for(scene: Scene, service: Service) -> str | None:
    performing = [who for who, performs in scene.state.team.items() if service.id in performs]
    return scene.rng.choice([None, *performing])
