"""A studio's own website with the widget in it, on an origin of its own."""

from collections.abc import Sequence
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from devstack import Stack
from edge import Edge
from phones import code_for
from studio import Client, Studio
from visiting import Visits


def widget_key(platform: Edge, studio: Studio, *origins: str) -> str:
    """Issue the key that the studio publishes on these websites."""
    form = {
        "role": "widget",
        "name": "Website",
        "chain_id": studio.chain,
        "location_id": studio.location,
        "origins": list(origins),
    }
    return str(platform.post("/api-keys", form)["api_key"])


def website_url(system: Stack, studio: Studio, key: str, **given: str) -> str:
    """Return the address of the studio's website."""
    query = {"location": studio.location, "key": key, "api": system.service_url("gateway")}
    return f"{system.service_url('devproviders')}/studio?{urlencode(query | given)}"


def on_website(
    visit: Visits, platform: Edge, studio: Studio, *, allowed: Sequence[str] = (), **given: str
) -> Page:
    """Open the studio's website, for which it has a key; `given` are language and theme."""
    key = widget_key(platform, studio, visit.system.service_url("devproviders"))
    return visit(website_url(visit.system, studio, key, **given), allowed=allowed)


def at_step(page: Page, heading: str) -> Locator:
    """Wait for a step of the widget; return the widget."""
    widget = page.locator("punchcard-booking")
    expect(widget.get_by_role("heading", level=2)).to_have_text(heading)
    return widget


def type_code(page: Page, system: Stack, client: Client) -> None:
    """Type the code that the client's phone got."""
    widget = at_step(page, "Enter the code")
    widget.get_by_label("Code").fill(code_for(system, client.phone))


def open_my_bookings(page: Page, system: Stack, client: Client) -> Locator:
    """Sign in with the client's phone; return the list of bookings."""
    page.get_by_role("button", name="My bookings").click()
    widget = at_step(page, "Sign in with your phone")
    widget.get_by_label("Phone number").fill(client.phone)
    widget.get_by_role("button", name="Send code").click()
    type_code(page, system, client)
    return at_step(page, "My bookings")


def heard(page: Page, event: str) -> Locator:
    """Return what the website was told of such an event, newest first."""
    return page.locator("#log li").filter(has_text=f"punchcard:{event}")
