"""Sessions debited when the appointment begins, as the document about it describes it."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from accessibility import accessible
from gateway.staff import StaffRole
from journeys import book, massage, soon, spots
from offices import at_desk
from phones import new_phone
from studio import Studio
from visiting import Visits

SECONDS_TO_LOOK = 10


@pytest.mark.rule("A1", "A3", "A4", "A8", "A10")
def test_what_begins_is_debited_before_ones_eyes_and_cancelling_gives_it_back(
    visit: Visits, studio: Studio
) -> None:
    page = at_desk(visit, studio, StaffRole.ADMINISTRATOR)
    pilates = _turn_on(page, studio)
    begins = soon(SECONDS_TO_LOOK)
    _book(studio, pilates, begins)
    page.get_by_role("link", name="Calendar").click()
    expect(_entry(page, "Anna")).to_contain_text("Automatic debiting")
    expect(_entry(page, "Pilates")).to_contain_text("2 Automatic debiting")
    page.evaluate("document.body.dataset.stays = 'yes'")

    expect(_entry(page, "Anna")).to_contain_text(re.compile("Debited"))
    expect(_entry(page, "Pilates")).to_contain_text("1 Debited")
    expect(_entry(page, "Pilates")).to_contain_text("1 Not debited")
    expect(page.locator("body[data-stays]")).to_have_count(1)
    accessible(page)

    _entry(page, "Pilates").click()
    gus = page.locator("tr, li").filter(has_text="Gus")
    expect(gus).to_contain_text("Not debited")
    expect(gus).to_contain_text("€25.00")
    page.get_by_role("link", name="Ben").first.click()
    panel = page.locator("#panel")
    panel.get_by_text("Cancel the booking of this class").click()
    expect(panel.get_by_label("Give them back")).to_be_checked()
    panel.get_by_role("button", name="Cancel it").click()
    expect(page.get_by_text("It is cancelled without charge.")).to_be_visible()

    page.goto(f"/office/{studio.location}/memberships")
    bens = page.get_by_role("row").filter(has_text="Ben")
    expect(bens.get_by_role("cell").nth(3)).to_have_text("5")


def _turn_on(page: Page, studio: Studio) -> str:
    """Turn automatic debiting on where the settings of a service have it; return the service."""
    pilates = studio.offer("Pilates", "group", minutes=60, price=2500, for_members=False)
    page.get_by_role("link", name="Services").click()
    page.get_by_role("link", name="Pilates").click()
    page.get_by_role("link", name="Advanced settings").click()
    page.get_by_label("Automatic debiting").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("The settings are saved.")
    return pilates


def _book(studio: Studio, pilates: str, begins: datetime) -> None:
    """Let a member and somebody without a membership book Pilates, and another a massage."""
    services = [pilates, studio.massage]
    studio.offer_membership("Five", sessions=5, price=9000, services=services, days=30)
    for name in ("Anna", "Ben", "Gus"):
        studio.enter_client(name, new_phone())
    for name in ("Anna", "Ben"):
        studio.sell(name, "Five")
    form = {"service_id": pilates, "start": begins.isoformat(), "capacity": 10}
    event = studio.operator.post(f"/locations/{studio.location}/events", form)["event_id"]
    for name in ("Ben", "Gus"):
        book(studio.operator, studio, name, spots(event))
    book(studio.operator, studio, "Anna", massage(studio, begins))


def _entry(page: Page, words: str) -> Locator:
    return page.locator(".entry:visible").filter(has_text=words)
