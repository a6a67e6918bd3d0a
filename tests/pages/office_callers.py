"""The back office as callers without a browser try it: any page, any place, any session."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self
from uuid import uuid4

import httpx

from gateway.pages.office import ROUTES
from offices import StaffMember

PAGES: Final = {route.handler_name: route for route in ROUTES}
"""Every page of the back office, by the name of its handler."""
OF_A_LOCATION: Final = sorted(
    name for name, route in PAGES.items() if "location_id" in next(iter(route.paths))
)
_CSRF: Final = re.compile(r'name="csrf" value="(\w+)"')


@dataclass
class Caller:
    """Somebody who calls the back office, signed in or not; `csrf` is of their session."""

    http: httpx.Client
    csrf: str = ""

    @classmethod
    def of(cls, url: str) -> Self:
        """Return a caller without a session."""
        return cls(httpx.Client(base_url=url, timeout=30))

    def sign_in(self, someone: StaffMember) -> None:
        """Open a session."""
        form = {"email": someone.email, "password": someone.password}
        answer = self.http.post("/office/sign-in", data=form)
        assert answer.status_code == 303, answer.text
        [self.csrf] = set(_CSRF.findall(self.http.get("/office/account").text))

    def call(
        self,
        page: str,
        ids: Mapping[str, str],
        *,
        csrf: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> int:
        """Ask for a page, or send an empty form to it; return the status of the answer."""
        form = {"csrf": self.csrf if csrf is None else csrf} if is_form(page) else None
        method, path = ("POST" if form else "GET"), path_of(page, ids)
        # Some pages never end: they follow what happens.
        with self.http.stream(method, path, data=form, headers=dict(headers or {})) as answer:
            return answer.status_code


def is_form(page: str) -> bool:
    """Return whether a page is there to be sent a form."""
    return "POST" in PAGES[page].http_methods


def path_of(page: str, ids: Mapping[str, str]) -> str:
    """Return the path of a page; what `ids` do not name is an id of nothing."""
    [template] = PAGES[page].paths
    return "/office" + re.sub(
        r"{(\w+):\w+}", lambda name: ids.get(name[1]) or str(uuid4()), template
    )


def named_in(page: str) -> set[str]:
    """Return the names of what a path names within a location."""
    [template] = PAGES[page].paths
    return set(re.findall(r"{(\w+):", template)) - {"location_id"}


def page_at(path: str) -> str:
    """Return the name of the page at a path."""
    asked = path.partition("?")[0].removeprefix("/office").rstrip("/") or "/"
    [name] = [
        name
        for name, route in PAGES.items()
        if "GET" in route.http_methods
        if re.fullmatch(re.sub(r"{\w+:uuid}", "[0-9a-f-]{36}", next(iter(route.paths))), asked)
    ]
    return name
