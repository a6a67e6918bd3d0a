"""The desk of a person of the back office at a location: who it is, and what pages are given."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, unquote
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect

from contracts.booking_views import LocationView
from gateway.pages.inner import Api
from gateway.pages.permissions import PAGE_ROLES
from gateway.pages.rendering import page
from gateway.staff import SignedIn, StaffRole

FLASH: Final = "punchcard_flash"
"""The cookie with what the next page says was done."""
_UNDECIDED: Final = "undecided_key"


@dataclass(frozen=True, slots=True)
class Visit:
    """A person of the back office, anywhere: `api` is theirs as nobody in particular."""

    request: Request[Any, Any, Any]
    staff: SignedIn
    secure_cookies: bool

    @property
    def csrf(self) -> str:
        """What every form of this session carries."""
        return self.staff.csrf

    @property
    def form_key(self) -> str:
        """The idempotency key of the forms of this page."""
        return key_of_forms(self.request)

    def page(self, name: str, *, status: int = 200, **context: Any) -> Response[str]:
        """Answer with a page that is of no location."""
        _note_undecided(self.request, status)
        shared = {"desk": None, "visit": self, "flash": flash_of(self.request)}
        return _without_flash(page(name, {**shared, **context}, status=status))

    def done(self, path: str, said: str) -> Redirect:
        """Lead on to a page, which says that it was done."""
        return _leading(path, said, secure=self.secure_cookies)


@dataclass(frozen=True, slots=True)
class Desk:
    """A person of the back office at a location.

    `api` is the public API as an operator of the location has it, and `chain_api` as the chain's
    own backend has it, which pages for owners alone use.
    """

    request: Request[Any, Any, Any]
    staff: SignedIn
    role: StaffRole
    location: LocationView
    zone: ZoneInfo
    api: Api
    chain_api: Api
    secure_cookies: bool

    @property
    def location_id(self) -> UUID:
        """The location of the page."""
        return self.location.location_id

    @property
    def chain_id(self) -> UUID:
        """The chain of the location."""
        return self.location.chain_id

    @property
    def csrf(self) -> str:
        """What every form of this session carries."""
        return self.staff.csrf

    @property
    def form_key(self) -> str:
        """The idempotency key of the forms of this page."""
        return key_of_forms(self.request)

    @property
    def here(self) -> str:
        """The path below which the pages of this location are."""
        return f"/office/{self.location_id}"

    def may(self, page_name: str) -> bool:
        """Return whether this person may open a page; what nobody may, no page offers."""
        needed = PAGE_ROLES.get(page_name)
        return needed is not None and self.role.includes(needed)

    def page(self, name: str, *, status: int = 200, **context: Any) -> Response[str]:
        """Answer with a page; its template knows `desk`, `zone`, and what is given here."""
        _note_undecided(self.request, status)
        shared = {"desk": self, "visit": self, "zone": self.zone, "flash": flash_of(self.request)}
        return _without_flash(page(name, {"problem": None, **shared, **context}, status=status))

    def done(self, path: str, said: str) -> Redirect:
        """Lead on to a page, which says that it was done."""
        return _leading(path, said, secure=self.secure_cookies)


def key_of_forms(request: Request[Any, Any, Any]) -> str:
    """Return a new key, or that of a form whose outcome nobody knows: sent again, it is the same.

    With another key, what had been done after all would be done twice.
    """
    return request.scope["state"].get(_UNDECIDED) or str(uuid4())


def _note_undecided(request: Request[Any, Any, Any], status: int) -> None:
    form = request.scope["state"].get("form")
    if status >= 500 and form is not None:
        request.scope["state"][_UNDECIDED] = form.key


def flash_of(request: Request[Any, Any, Any]) -> str:
    """Return what the page before has done, for this one to say."""
    kept = request.cookies.get(FLASH)
    try:
        return str(json.loads(unquote(kept))) if kept else ""
    except (ValueError, RecursionError):
        return ""


def _leading(path: str, said: str, *, secure: bool) -> Redirect:
    cookie = Cookie(
        key=FLASH,
        value=quote(json.dumps(said)),
        path="/",
        max_age=60,
        httponly=True,
        secure=secure,
        samesite="lax",
    )
    return Redirect(path, status_code=303, cookies=[cookie])


def _without_flash(response: Response[str]) -> Response[str]:
    response.delete_cookie(FLASH)
    return response


def context_of(problem_page: Mapping[str, Any]) -> dict[str, Any]:
    """Return what templates of pages without a person need."""
    return {"desk": None, "visit": None, "flash": "", **problem_page}
