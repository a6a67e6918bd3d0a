"""The way into the back office and out of it."""

import re

from playwright.sync_api import expect

from accessibility import accessible
from edge import Edge
from offices import at_desk, employ
from studio import Studio
from visiting import Visits


def test_one_signs_in_by_keyboard_alone(visit: Visits, platform: Edge, studio: Studio) -> None:
    someone = employ(platform, studio.chain, studio.location)
    page = visit("/office/account")
    accessible(page)
    page.keyboard.type(someone.email)
    page.keyboard.press("Tab")
    page.keyboard.type("a wrong password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not the right email address and password")
    accessible(page)
    page.keyboard.type(someone.password)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your password")).to_be_visible()
    accessible(page)


def test_signing_out_ends_the_session(visit: Visits, studio: Studio) -> None:
    page = at_desk(visit, studio)
    page.goto("/office/account")
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/office/sign-in"))
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in to the back office")).to_be_visible()


def test_without_scripts_one_gets_in_and_out(visit: Visits, studio: Studio) -> None:
    page = at_desk(visit, studio, scripts=False)
    page.goto("/office/account")
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to the back office")).to_be_visible()
