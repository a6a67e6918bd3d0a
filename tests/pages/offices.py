"""The people who work at a studio's desk, and how they sign in."""

import re
from dataclasses import dataclass
from typing import Literal
from uuid import uuid4

from playwright.sync_api import Page, expect

from edge import Edge
from studio import Studio

Role = Literal["owner", "administrator", "operator"]


@dataclass(frozen=True)
class StaffMember:
    """Somebody with an account in the back office."""

    name: str
    email: str
    password: str


def employ(platform: Edge, studio: Studio, role: Role = "operator") -> StaffMember:
    """Give somebody an account: owners at the whole chain, others at the studio's location."""
    someone = StaffMember(f"Some {role}", f"{uuid4().hex}@example.test", "correct horse battery")
    form = {
        "email": someone.email,
        "name": someone.name,
        "password": someone.password,
        "role": role,
        "location_id": None if role == "owner" else studio.location,
    }
    platform.post(f"/chains/{studio.chain}/staff", form)
    return someone


def sign_in(page: Page, someone: StaffMember) -> None:
    """Sign in at the back office; the page that follows is open."""
    page.goto("/office/sign-in")
    page.locator("[name=email]").fill(someone.email)
    page.locator("[name=password]").fill(someone.password)
    page.locator("[name=password]").press("Enter")
    expect(page).not_to_have_url(re.compile(r"/office/sign-in"))
