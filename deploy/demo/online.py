"""How clients book in the story: with memberships, paying online, at the desk, or in vain."""

from collections.abc import Sequence
from datetime import datetime

import httpx

from edge import Json, RefusedError
from telling import Story, debit, money, services

REFUSAL = "Sorry, but it appears that your membership is either not suitable or has expired."


def spots(event: str, number: int = 1) -> Json:
    """Return what is booked: spots in a class, with a membership."""
    return {"spots": {"event_id": event, "spots": number}, "pay_online": False}


def treatments(start: datetime, *lines: Json) -> Json:
    """Return what is booked: services in a row from `start` on."""
    return {"appointments": [{"start": start.isoformat(), "lines": list(lines)}]}


def book(story: Story, client: str, what: Json) -> Json:
    """Book with a membership; return the appointment."""
    booking = _submit(story, client, what)
    story.expect(f"{client}'s booking", booking["state"], "accepted")
    appointment = booking["appointments"][0]
    story.say(f"[bold]{client}[/] books {services(appointment)}: {debit(appointment)}")
    story.expect(f"{client}'s tag", appointment["booked_with_membership"], True)
    return appointment


def book_from_several(story: Story, client: str, what: Json, memberships: Sequence[str]) -> None:
    """Book services in a row, each of which is paid by another membership (rule G6)."""
    lines = book(story, client, what)["lines"]
    for line in lines:
        story.add(f"[dim]{line['service_name']} from {story.name_of(line['membership_id'])}[/]")
    held = [story.name_of(line["membership_id"]) for line in lines]
    story.expect(f"what {client} books with", held, list(memberships))


def book_at_the_desk(story: Story, client: str, event: str, number: int) -> None:
    """Have an operator book, who may book more than the memberships pay (rule G4)."""
    person, what = story.studio.clients[client], {"spots": {"event_id": event, "spots": number}}
    form = {"name": person.name, "phone": person.phone} | what
    path = f"/locations/{story.studio.location}/bookings"
    booking = story.studio.operator.post(path, form)
    story.expect(f"{client}'s booking at the desk", booking["state"], "accepted")
    appointment = booking["appointments"][0]
    story.say(f"[bold]{client}[/] books {services(appointment)} at the desk: {debit(appointment)}")


def pay_for_spot(story: Story, client: str, event: str) -> None:
    """Pay a class online instead of having a membership (rule G3)."""
    booking = _submit(story, client, spots(event) | {"pay_online": True})
    appointment = booking["appointments"][0]
    story.expect(f"{client}'s booking", booking["state"], "awaiting_payment")
    location = f"/locations/{story.studio.location}"
    payment = story.until(
        f"{client}'s checkout",
        lambda: story.client_app.find(f"{location}/payments/{booking['payment_id']}") or {},
        lambda payment: payment.get("checkout_url") is not None,
    )
    story.say(
        f"[bold]{client}[/] has no membership, and chooses to pay {services(appointment)} online:"
        f" {money(payment['amount'])}"
    )
    pressed = httpx.post(f"{payment['checkout_url']}/pay")
    story.expect(f"{client}'s way back from the checkout", pressed.status_code, 303)
    paid = story.until(
        f"{client}'s payment",
        lambda: story.client_app.get(f"{location}/bookings/{booking['booking_id']}"),
        lambda booking: booking["state"] != "awaiting_payment",
    )
    story.expect(f"{client}'s paid booking", paid["state"], "accepted")
    line = paid["appointments"][0]["lines"][0]
    story.expect(f"{client}'s spot is paid online", line["paid_online"], True)
    story.payers.append(client)
    story.say(f"[bold]{client}[/] pays at the checkout, and has the spot")


def be_refused(story: Story, client: str, what: Json, because: str) -> None:
    """Book without a suitable membership, and hear why not (rule G7)."""
    try:
        booking = _submit(story, client, what)
    except RefusedError as refusal:
        problem = refusal.problem
    else:
        story.expect(f"{client}'s booking", booking["state"], "refused")
        return
    story.say(f"[bold]{client}[/] [red]is refused[/]")
    story.add(f"[italic]“{problem['detail']}”[/]")
    for reason in problem["reasons"]:
        of = f", {story.name_of(reason['membership_id'])}" if reason["membership_id"] else ""
        story.add(f"reason: {reason['reason']}{of} [dim](rule {reason['rule']})[/]")
    story.expect(f"{client}'s refusal", problem["detail"], REFUSAL)
    reasons = {reason["reason"] for reason in problem["reasons"]}
    story.expect(f"{client}'s reasons", reasons, {because})


def _submit(story: Story, client: str, what: Json) -> Json:
    person = story.studio.clients[client]
    form = {"name": person.name, "phone": person.phone, "phone_confirmed": True} | what
    return story.client_app.post(f"/locations/{story.studio.location}/bookings", form)
