"""Every page, in a studio in which everything has a name that is a script.

The pages are found by their links. `visit` notices whatever is wrong with scripts and styles.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from accessibility import accessible
from devstack import Stack
from edge import Edge
from gateway.staff import StaffRole
from hosted import confirm_phone
from hostile import BEN, NAME, hostile_studio
from office_callers import PAGES, Caller, is_form, page_at
from offices import employ
from studio import Studio
from visiting import Visits
from walking import walk

NO_PAGES = {
    *("choose_location", "show_location", "download_report", "show_client_search"),
    *("follow_changes", "follow_event_log", "follow_all_events"),
    *("show_sign_in", "show_all_events"),
}
"""What leads elsewhere, is a part or no page at all, follows what happens, is for other people."""
BEHIND_A_SEARCH = {"show_sharing": ("show_membership", "/share")}
"""Pages to which what a search finds is a link: where the search is, and what follows there."""
_TOO_WIDE = """() => {
    const around = (it) =>
        getComputedStyle(it).position === "absolute" ? it.offsetParent : it.parentElement;
    const isInScroller = (it) => {
        const box = around(it);
        return Boolean(box && box !== document.documentElement)
            && (getComputedStyle(box).overflowX !== "visible" || isInScroller(box));
    };
    return document.documentElement.scrollWidth <= innerWidth ? [] : ["Too wide:",
        ...[...document.querySelectorAll("body *")]
            .filter((it) => it.getBoundingClientRect().right > innerWidth + 1 && !isInScroller(it))
            .map((it) => it.outerHTML.slice(0, 200))]
}"""


@dataclass
class Office:
    """A hostile studio: where the pages of its back office are, by name, and an owner's session."""

    studio: Studio
    pages: dict[str, list[str]]
    session: dict[str, str]


@pytest.fixture(scope="module")
def office(system: Stack) -> Iterator[Office]:
    url = system.service_url("gateway")
    with Edge(url, system.platform_key) as platform:
        studio, caller = hostile_studio(platform), Caller.of(url)
        with studio.operator, caller.http:
            owner = employ(platform, studio.chain, studio.location, StaffRole.OWNER, f"Sam {NAME}")
            caller.sign_in(owner)
            found = walk(caller.http, f"/office/{studio.location}", below="/office")
            pages: dict[str, list[str]] = {}
            for path in found:
                pages.setdefault(page_at(path), []).append(path)
            for page, (searched, then) in BEHIND_A_SEARCH.items():
                pages[page] = [pages[searched][0] + then]
            yield Office(studio, pages, dict(caller.http.cookies))


@pytest.mark.parametrize("page", sorted(p for p in PAGES.keys() - NO_PAGES if not is_form(p)))
def test_a_page_of_the_back_office(office: Office, visit: Visits, page: str) -> None:
    assert page in office.pages, f"no link leads to {page}"
    opened = visit("/office/account", cookies=office.session)
    for path in office.pages[page]:
        _is_right(opened, path)


def test_the_pages_of_clients(office: Office, visit: Visits, system: Stack) -> None:
    studio = office.studio
    page = visit(f"/book/{studio.location}/my-bookings")
    confirm_phone(page, system, studio.clients[BEN].phone)
    expect(page.get_by_role("heading", name="My bookings")).to_be_visible()
    session = {each.get("name", ""): each.get("value", "") for each in page.context.cookies()}
    with Caller.of(system.service_url("gateway")).http as http:
        http.cookies.update(session)
        pages = walk(http, f"/book/{studio.location}", below="/book", with_queries=False)
    steps = {path.partition("?")[0].rpartition("/")[2] for path in pages}
    assert {"classes", "team", "times", "options", "my-bookings", "cancel", "repeat"} <= steps
    for path in pages:
        _is_right(page, path)


def _is_right(page: Page, path: str) -> None:
    """Assert that names are shown as they are, that axe is content, and that nothing is cut off."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(path)
    expect(page.get_by_text(NAME).first).to_be_visible()
    accessible(page)
    for width in (768, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert _too_wide(page) == [], f"{page.url} at {width} px"


def _too_wide(page: Page) -> list[str]:
    """Return what makes a page scroll sideways."""
    return page.evaluate(_TOO_WIDE)
