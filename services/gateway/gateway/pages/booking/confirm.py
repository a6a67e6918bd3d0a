"""Reviewing a booking, submitting it, and what became of it."""

import re
from typing import Any, Final, Literal
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from contracts.booking_views import BookingForecast, BookingView
from contracts.problems import BOOKING_TIMED_OUT, SERVICE_UNAVAILABLE
from contracts.reply import Problem
from contracts.sales_views import PaymentView
from gateway.pages.booking.catalogue import catalogue_of, choice_beside_paying
from gateway.pages.booking.checkout import on_the_way
from gateway.pages.booking.guard import PhoneNeeded
from gateway.pages.booking.guest import Guest
from gateway.pages.booking.money import to_pay_there
from gateway.pages.booking.refused import refusal
from gateway.pages.booking.wish import Wish
from gateway.pages.forms import Form, submitted
from web.problems import ProblemError

AnyRequest = Request[Any, Any, Any]
Stage = Literal["accepted", "refused", "failed", "to_pay", "waits"]
_TIMES: Final = re.compile(r"[0-9]{1,2}")
_LOOKS: Final = 20


@get("/review")
async def review_wish(guest: NamedDependency[Guest]) -> Response[str] | Redirect:
    """Show what would be booked, and what would pay it; nothing is booked yet."""
    wish = Wish.of(guest.asked)
    if wish.event is None and (wish.start is None or not wish.services):
        return guest.go(guest.here)
    if guest.client is None or not guest.name:
        raise PhoneNeeded
    return await _review(guest, wish)


@post("/bookings")
async def submit_wish(
    request: AnyRequest, guest: NamedDependency[Guest]
) -> Response[str] | Redirect:
    """Book, once, however often the form is sent; refused, say why and what can be done."""
    form = await submitted(request)
    wish = Wish.of(form)
    try:
        path, booking = f"{guest.there}/bookings", wish.as_booking(form.text("name"), guest.phone)
        booked = await guest.api.post(path, booking, BookingView, key=form.key)
    except ProblemError as refused:
        if refused.problem.type == SERVICE_UNAVAILABLE.uri:
            return await _review(guest, wish, refused.problem, form)
        return await refusal(guest, wish, refused.problem)
    return guest.go(f"{guest.here}/bookings/{booked.booking_id}")


@get("/bookings/{booking_id:uuid}")
async def show_own_booking(
    booking_id: FromPath[UUID], guest: NamedDependency[Guest]
) -> Response[str]:
    """Show a booking of one's own: booked, to be paid, or why not."""
    if guest.client is None:
        raise PhoneNeeded
    booking = await guest.api.get(f"{guest.there}/bookings/{booking_id}", BookingView)
    payment = await _payment(guest, booking)
    has_paid = guest.asked.text("outcome") == "paid"
    response = guest.page(
        "booking/booked.html",
        booking=booking,
        payment=payment,
        catalogue=await catalogue_of(guest),
        to_pay_there=to_pay_there,
        stage=_stage(booking, payment, has_paid=has_paid),
        has_paid=has_paid,
        look_again=_look_again(guest),
    )
    if payment is not None and payment.state == "open":
        response.set_cookie(on_the_way(guest, booking_id))
    return response


def _stage(booking: BookingView, payment: PaymentView | None, *, has_paid: bool) -> Stage:
    """Return how far a booking is; who comes back from the checkout waits for its confirmation."""
    if booking.state in {"accepted", "refused"}:
        return "accepted" if booking.state == "accepted" else "refused"
    if payment is not None and payment.state in {"failed", "expired"}:
        return "failed"
    return "to_pay" if payment is not None and payment.state == "open" and not has_paid else "waits"


def _look_again(guest: Guest) -> str:
    """Return the address at which a page that waits looks again by itself, some times."""
    looked = guest.asked.text("looked")
    times = int(looked) if _TIMES.fullmatch(looked) else 0
    outcome = {"outcome": "paid"} if guest.asked.text("outcome") == "paid" else {}
    query = urlencode(outcome | {"looked": times + 1})
    return f"{guest.request.url.path}?{query}" if times < _LOOKS else ""


async def _review(
    guest: Guest, wish: Wish, problem: Problem | None = None, form: Form | None = None
) -> Response[str] | Redirect:
    path = f"{guest.there}/booking-forecasts"
    booking = wish.as_booking(guest.name, guest.phone)
    try:
        forecast = await guest.api.post(path, booking, BookingForecast, key=Form().key)
    except ProblemError as refused:
        if any(each.field == "pay_online" for each in refused.problem.errors):
            return guest.go(f"{guest.here}/options?{wish.but(pay='').query}")
        return await refusal(guest, wish, refused.problem)
    if forecast.problem is not None:
        return await refusal(guest, wish, forecast.problem)
    catalogue = await catalogue_of(guest)
    has_options = wish.event or choice_beside_paying(catalogue.chosen(wish.services))
    return guest.page(
        "booking/review.html",
        status=problem.status if problem else 200,
        step=5,
        wish=wish,
        booking=forecast.booking,
        to_pay=forecast.to_pay,
        catalogue=catalogue,
        to_pay_there=to_pay_there,
        key=_key_again(problem, form),
        step_before="options" if has_options else "times",
        problem=problem,
    )


def _key_again(problem: Problem | None, form: Form | None) -> str:
    """Return the key of a form whose outcome is not known: to send it again has one effect."""
    is_undecided = problem is not None and problem.type != BOOKING_TIMED_OUT.uri
    return form.key if form is not None and is_undecided else Form().key


async def _payment(guest: Guest, booking: BookingView) -> PaymentView | None:
    """Return the payment of a booking; one that sales has not heard of yet is none."""
    if booking.payment_id is None:
        return None
    try:
        return await guest.api.get(f"{guest.there}/payments/{booking.payment_id}", PaymentView)
    except ProblemError as refused:
        if refused.problem.status == 404:
            return None
        raise
