"""The people who work at a studio's desk, and how they sign in."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

from edge import Edge
from gateway.staff import StaffRole
from studio import Studio
from visiting import Visits


@dataclass(frozen=True)
class StaffMember:
    """Somebody with an account in the back office."""

    name: str
    email: str
    password: str


def employ(
    platform: Edge,
    chain: str,
    location: str,
    role: StaffRole = StaffRole.OPERATOR,
    name: str = "Sam",
) -> StaffMember:
    """Give somebody an account: owners at the whole chain, others at the location."""
    someone = StaffMember(name, f"{uuid4().hex}@example.test", "correct horse battery")
    form = {
        "email": someone.email,
        "name": someone.name,
        "password": someone.password,
        "role": role,
        "location_id": None if role is StaffRole.OWNER else location,
    }
    platform.post(f"/chains/{chain}/staff", form)
    return someone


def sign_in(page: Page, someone: StaffMember) -> None:
    """Sign in at the back office; the page that follows is open."""
    page.goto("/office/sign-in")
    page.locator("[name=email]").fill(someone.email)
    page.locator("[name=password]").fill(someone.password)
    page.locator("[name=password]").press("Enter")
    expect(page).not_to_have_url(re.compile(r"/office/sign-in"))


def at_desk(
    visit: Visits, studio: Studio, role: StaffRole = StaffRole.OPERATOR, **how: Any
) -> Page:
    """Open the back office of a studio in a browser of its own, signed in; `how` is of `visit`."""
    with Edge(visit.system.service_url("gateway"), visit.system.platform_key) as platform:
        someone = employ(platform, studio.chain, studio.location, role)
    page = visit("/office/sign-in", **how)
    sign_in(page, someone)
    return page
