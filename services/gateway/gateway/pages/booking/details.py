"""Who: the name, the phone, and the code that shows whose the phone is (rule G8)."""

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from contracts.base import Value
from contracts.problems import INVALID_REQUEST, PHONE_CODE_WRONG
from contracts.reply import FieldError, Problem
from contracts.values import Instant
from gateway.pages.booking.guest import Guest
from gateway.pages.booking.wish import Wish
from gateway.pages.forms import Form, submitted
from gateway.pages.guard import OPEN
from web.problems import ProblemError

AnyRequest = Request[Any, Any, Any]
_UNTIL_CONFIRMED: Final = 1800  # seconds


class _CodeSent(Value):
    expires_at: Instant


class _ConfirmedPhone(Value):
    token: str
    phone: str
    expires_at: Instant


@get("/details")
async def ask_for_phone(guest: NamedDependency[Guest]) -> Response[str]:
    """Ask for the phone, and for a booking for the name."""
    return _details(guest, guest.asked, name=guest.name, phone=guest.phone)


@post("/details", opt={OPEN: True})
async def send_code(request: AnyRequest, guest: NamedDependency[Guest]) -> Response[str] | Redirect:
    """Send a code to the phone; one that is confirmed already needs none."""
    form = await submitted(request)
    wanted = guest.own_path(form.text("next"))
    name, phone = form.text("name", guest.name), form.text("phone", guest.phone)
    problem = _nameless() if _is_for_booking(guest, wanted) and not name else None
    if problem is None and guest.client is None:
        problem = await _refusal_to_send(guest, phone, form.key)
    if problem is not None:
        return _details(guest, form, name=name, phone=phone, problem=problem)
    known = guest.known_as(name, phone, seconds=_UNTIL_CONFIRMED)
    step = wanted if guest.client else f"{guest.here}/code?{_next(wanted)}"
    return guest.go(step, cookies=[known])


@get("/code")
async def ask_for_code(guest: NamedDependency[Guest]) -> Response[str] | Redirect:
    """Ask for the code that was sent."""
    wanted = guest.own_path(guest.asked.text("next"))
    if guest.client is not None:
        return guest.go(wanted)
    if not guest.phone:
        return guest.go(f"{guest.here}/details?{_next(wanted)}")
    return _code(guest, wanted, guest.phone)


@post("/code", opt={OPEN: True})
async def confirm_code(
    request: AnyRequest, guest: NamedDependency[Guest]
) -> Response[str] | Redirect:
    """Confirm the phone with the code; from then on this browser is the client's."""
    form = await submitted(request)
    wanted, phone = guest.own_path(form.text("next")), form.text("phone")
    fields = {"phone": phone, "code": "".join(form.text("code").split())}
    try:
        path = f"{guest.there}/phone-confirmations"
        confirmed = await guest.anonymous.post(path, fields, _ConfirmedPhone, key=form.key)
    except ProblemError as refused:
        return _code(guest, wanted, phone, refused.problem)
    seconds = int((confirmed.expires_at - datetime.now(UTC)).total_seconds())
    cookies = [
        guest.confirmed_with(confirmed.token, seconds=seconds),
        guest.known_as(guest.name, confirmed.phone, seconds=seconds),
    ]
    return guest.go(wanted, cookies=cookies)


@post("/sign-out")
async def sign_client_out(request: AnyRequest, guest: NamedDependency[Guest]) -> Redirect:
    """Forget in this browser who books."""
    form = await submitted(request)
    step = f"{guest.here}/details?{_next(form.text('next'))}" if form.has("next") else guest.here
    return guest.go(step, said="You are signed out.", cookies=guest.forgotten())


def _details(
    guest: Guest, form: Form, *, name: str, phone: str, problem: Problem | None = None
) -> Response[str]:
    wanted = guest.own_path(form.text("next"))
    is_for_booking = _is_for_booking(guest, wanted)
    return guest.page(
        "booking/details.html",
        status=problem.status if problem else 200,
        step=4 if is_for_booking else 0,
        next=wanted,
        name=name,
        phone=phone,
        wish=Wish.in_address(wanted) if is_for_booking else None,
        problem=problem,
    )


def _code(guest: Guest, wanted: str, phone: str, problem: Problem | None = None) -> Response[str]:
    is_wrong = problem is not None and problem.type == PHONE_CODE_WRONG.uri
    is_for_booking = _is_for_booking(guest, wanted)
    return guest.page(
        "booking/code.html",
        status=problem.status if problem else 200,
        step=4 if is_for_booking else 0,
        next=wanted,
        phone=phone,
        is_wrong=is_wrong or (problem is not None and problem.status == INVALID_REQUEST.status),
        problem=problem,
    )


async def _refusal_to_send(guest: Guest, phone: str, key: str) -> Problem | None:
    try:
        form = {"phone": phone}
        await guest.anonymous.post(f"{guest.there}/phone-codes", form, _CodeSent, key=key)
    except ProblemError as refused:
        return refused.problem
    return None


def _nameless() -> Problem:
    error = FieldError(field="name", message="Please tell us your name.")
    return INVALID_REQUEST.problem("Your name is missing.", errors=[error])


def _is_for_booking(guest: Guest, wanted: str) -> bool:
    return wanted.startswith(f"{guest.here}/review")


def _next(wanted: str) -> str:
    return urlencode({"next": wanted})
