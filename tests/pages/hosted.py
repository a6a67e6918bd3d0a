"""Steps of clients on the hosted booking page; it needs no scripts."""

from playwright.sync_api import Page, expect

from devstack import Stack
from phones import code_for, messages_to


def choose_class(page: Page, service: str) -> None:
    """Choose a class of a service, the first that is planned, and one spot in it."""
    page.get_by_role("link", name=service).click()
    expect(page.get_by_role("heading", name="Choose a class")).to_be_visible()
    page.get_by_role("link", name="left").first.click()
    page.get_by_role("button", name="Continue").click()


def confirm_phone(page: Page, system: Stack, phone: str, name: str = "") -> None:
    """Type the phone, and the code that comes to it; of who books, the name."""
    if name:
        page.get_by_label("Your name").fill(name)
    seen = len(messages_to(system, phone))
    page.get_by_label("Phone number").fill(phone)
    page.get_by_role("button", name="Send code").click()
    page.get_by_label("Code").fill(code_for(system, phone, seen=seen))
    page.get_by_role("button", name="Continue").click()


def book_class(page: Page, system: Stack, service: str, phone: str, name: str) -> None:
    """Choose a class, confirm the phone, and press the button that books."""
    choose_class(page, service)
    confirm_phone(page, system, phone, name)
    expect(page.get_by_role("heading", name="Check and confirm")).to_be_visible()
    page.get_by_role("button", name="Book now").click()
