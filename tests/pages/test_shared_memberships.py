"""One membership, several clients, as the document about shared memberships describes it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from journeys import book, soon
from offices import at_desk
from phones import new_phone
from studio import Studio
from visiting import Visits


@pytest.mark.rule("S2", "S3", "S4", "S5")
def test_a_membership_is_shared_seen_sold_with_and_taken_back(
    visit: Visits, studio: Studio
) -> None:
    _prepare(studio)
    page = at_desk(visit, studio)
    page.get_by_role("link", name="Issued memberships").click()
    page.get_by_role("link", name="Family 10").click()
    expect(_card(page, "Membership owner")).to_contain_text("Anna")
    expect(_card(page, "Shared with")).to_contain_text("Nobody but the owner may use it.")
    page.get_by_label("Add shared client").fill("Ben")
    page.get_by_role("link", name="Share with Ben").click()
    page.get_by_role("button", name="Share with Ben").click()
    expect(_card(page, "Shared with")).to_contain_text("Ben")

    _card(page, "Shared with").get_by_role("link", name="Ben").first.click()
    page.get_by_role("link", name="Memberships", exact=True).click()
    family = page.get_by_role("row").filter(has_text="Family 10")
    expect(family).to_contain_text("Owner")
    expect(family).to_contain_text("Anna")
    expect(page.get_by_role("row").filter(has_text="Own 5")).not_to_contain_text("Owner")

    page.goto(f"/office/{studio.location}/calendar")
    page.get_by_role("link", name=re.compile("Ben")).first.click()
    page.locator("#panel").get_by_role("link", name="Sell visit").click()
    row = page.locator("[data-line='Foot care']")
    expect(row).to_contain_text("Family 10")
    expect(row).to_contain_text("applied by itself")
    row.get_by_text("Switch").click()
    row.get_by_label("Own 5").check()
    expect(row).not_to_contain_text("applied by itself")
    row.get_by_label("Family 10").check()
    page.locator("button[name=sell]").click()

    page.get_by_role("link", name="Issued memberships").click()
    page.get_by_role("link", name="Family 10").click()
    use = _card(page, "Used in sales").get_by_role("row").filter(has_text="Foot care")
    expect(use).to_contain_text("Ben")
    expect(use).to_contain_text("By hand")
    expect(_card(page, "Used in sales")).to_contain_text("1 session used")

    page.get_by_role("link", name="Remove Ben").click()
    page.get_by_role("button", name="Remove Ben").click()
    expect(_card(page, "Shared with")).to_contain_text("Nobody but the owner may use it.")
    expect(use).to_contain_text("Ben")


def _prepare(studio: Studio) -> None:
    """Anna has a membership, Ben has another that expires later, and an unpaid visit of today."""
    care = studio.offer("Foot care", "individual", minutes=30, price=3500, for_members=False)
    carer = studio.employ("Noa", [care])
    for name in ("Anna", "Ben"):
        studio.enter_client(name, new_phone())
    for name, days in (("Family 10", 30), ("Own 5", 90)):
        studio.offer_membership(name, sessions=10, price=9000, services=[care], days=days)
    studio.sell("Anna", "Family 10")
    studio.sell("Ben", "Own 5")
    start = soon(600)
    line = {"service_id": care, "team_member_id": carer}
    book(
        studio.operator,
        studio,
        "Ben",
        {"appointments": [{"start": start.isoformat(), "lines": [line]}]},
    )


def _card(page: Page, heading: str) -> Locator:
    """Return the part of a page below this heading."""
    return page.locator("section").filter(has=page.get_by_role("heading", name=heading, exact=True))
