"""Reviewing a booking, submitting it, and what became of it."""

from typing import Any
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
    response = guest.page(
        "booking/booked.html",
        booking=booking,
        payment=payment,
        catalogue=await catalogue_of(guest),
        to_pay_there=to_pay_there,
        has_paid=guest.asked.text("outcome") == "paid",
    )
    if payment is not None and payment.state == "open":
        response.set_cookie(on_the_way(guest, booking_id))
    return response


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
