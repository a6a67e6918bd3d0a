"""The keyboard suffices."""

from playwright.sync_api import Locator, Page, expect

from edge import Edge
from journeys import book, massage, soon
from offices import employ
from phones import new_phone
from studio import Studio
from visiting import Visits

_MOST_STEPS = 100


def test_by_keyboard_alone_one_signs_in_opens_an_appointment_and_cancels_it(
    visit: Visits, platform: Edge, studio: Studio
) -> None:
    studio.enter_client("Anna", new_phone())
    book(studio.operator, studio, "Anna", massage(studio, soon(1800)))
    someone = employ(platform, studio.chain, studio.location)
    page = visit("/office")
    page.keyboard.type(someone.email)
    page.keyboard.press("Tab")
    page.keyboard.type(someone.password)
    page.keyboard.press("Enter")

    _go_to(page, page.locator(".entry:visible").filter(has_text="Anna"))
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    expect(panel.get_by_role("link", name="Anna")).to_be_visible()
    _go_to(page, panel.get_by_text("Cancel the appointment"))
    page.keyboard.press("Enter")
    _go_to(page, panel.get_by_role("button", name="Cancel it"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is cancelled without charge.")).to_be_visible()
    expect(page.locator(".entry:visible").filter(has_text="Anna")).to_have_count(0)


def _go_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    expect(target).to_be_visible()
    for _ in range(_MOST_STEPS):
        page.keyboard.press("Tab")
        if target.evaluate("it => it === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not get to {target}")
