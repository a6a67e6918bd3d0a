"""A visitor of a location's booking page, and what its pages are given."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, unquote
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect

from contracts.booking_views import LocationView, TestClockView
from gateway.pages.desk import FLASH, flash_of
from gateway.pages.forms import Form
from gateway.pages.inner import Api
from gateway.pages.paths import leads_below
from gateway.pages.rendering import page
from web.identity import Principal

CLIENT: Final = "punchcard_client"
"""The cookie with the token of a client who has confirmed a phone."""
_CONTACT: Final = "punchcard_contact"
"""The cookie with the name and the phone as they were typed."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who books for themselves; `client` is who, once the phone is confirmed.

    `api` is the public API as the client has it, or else as `anonymous` has it: a widget.
    """

    request: Request[Any, Any, Any]
    location: LocationView
    zone: ZoneInfo
    client: Principal | None
    csrf: str
    anonymous: Api
    api: Api
    secure_cookies: bool

    @property
    def location_id(self) -> UUID:
        """The location of the page."""
        return self.location.location_id

    @property
    def here(self) -> str:
        """The path below which the pages of this location are."""
        return f"/book/{self.location_id}"

    @property
    def there(self) -> str:
        """The path of this location in the API."""
        return f"/v1/locations/{self.location_id}"

    @property
    def asked(self) -> Form:
        """What the address of the page says."""
        return Form(list(self.request.query_params.multi_items()))

    @property
    def name(self) -> str:
        """The name that was typed here last."""
        return self._contact()[0]

    @property
    def phone(self) -> str:
        """The phone that is confirmed, or else the one that was typed here last."""
        confirmed = self.client.phone if self.client else None
        return confirmed or self._contact()[1]

    async def now(self) -> datetime:
        """Return the time in the chain."""
        path = f"/v1/chains/{self.location.chain_id}/clock"
        return (await self.api.get(path, TestClockView)).now

    def own_path(self, path: str) -> str:
        """Return a path of this booking page: a link must not lead elsewhere from here."""
        return path if leads_below(self.here, path) else f"{self.here}/my-bookings"

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response[str]:
        """Answer with a page; its template knows `guest`, `zone`, and what is given here."""
        shared = {"guest": self, "zone": self.zone, "flash": flash_of(self.request)}
        response = page(template, {"problem": None, "step": 0, **shared, **context}, status=status)
        response.delete_cookie(FLASH, path="/")
        return response

    def go(self, path: str, *, said: str = "", cookies: list[Cookie] | None = None) -> Redirect:
        """Lead on to a page of this location, which says what was done."""
        told = [self._cookie(FLASH, quote(json.dumps(said)), 60, path="/")] if said else []
        return Redirect(path, status_code=303, cookies=[*told, *(cookies or ())])

    def known_as(self, name: str, phone: str, *, seconds: int) -> Cookie:
        """Return the cookie that keeps what was typed, for this browser alone."""
        return self._cookie(_CONTACT, quote(json.dumps([name, phone])), seconds)

    def confirmed_with(self, token: str, *, seconds: int) -> Cookie:
        """Return the cookie that is worth the client's token."""
        return self._cookie(CLIENT, token, seconds)

    def forgotten(self) -> list[Cookie]:
        """Return the cookies that end it."""
        return [self._cookie(CLIENT, "", 0), self._cookie(_CONTACT, "", 0)]

    def _cookie(self, key: str, value: str, seconds: int, *, path: str = "") -> Cookie:
        return Cookie(
            key=key,
            value=value,
            path=path or self.here,
            max_age=seconds,
            httponly=True,
            secure=self.secure_cookies,
            samesite="lax",
        )

    def _contact(self) -> tuple[str, str]:
        try:
            name, phone = json.loads(unquote(self.request.cookies.get(_CONTACT, "")))
        except (ValueError, TypeError, RecursionError):
            return "", ""
        return str(name), str(phone)
