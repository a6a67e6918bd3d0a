"""The live page of the messages: what appears, for whom, and what never does."""

from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from accessibility import accessible
from edge import Edge
from gateway.staff import StaffRole
from journeys import book, later, massage, member
from offices import StaffMember, at_desk, sign_in
from studio import Studio, open_studio
from visiting import Visits


def events(visit: Visits, studio: Studio, **how: object) -> Page:
    """Open the page as an owner."""
    page = at_desk(visit, studio, StaffRole.OWNER, **how)
    page.goto(f"/office/{studio.location}/events")
    return page


def rows(page: Page, text: str) -> Locator:
    return page.locator(".message", has_text=text)


def is_live(page: Page) -> None:
    expect(page.locator("[data-state]")).to_have_text("Live")


def test_an_owner_sees_what_is_said_of_the_chain_as_it_is_said_and_of_no_other(
    visit: Visits, platform: Edge, studio: Studio
) -> None:
    page = events(visit, studio)
    is_live(page)
    other = open_studio(platform)
    with other.operator:
        [foreign] = member(other, "Bob", sessions=2)
    [own] = member(studio, "Alice Liddell", sessions=2)
    sold = rows(page, own).filter(has_text="Membership issued")
    expect(sold).to_be_visible()
    sold.locator("summary").click()
    expect(sold.locator("pre")).to_contain_text(f'"membership_id": "{own}"')
    # Whatever was said of the other chain was said before.
    for never in (other.chain, foreign, "Alice", "booking.commands", "ce_principal"):
        expect(rows(page, never)).to_have_count(0)
    accessible(page)


def test_while_paused_nothing_moves_and_nothing_is_missed(visit: Visits, studio: Studio) -> None:
    page = events(visit, studio)
    is_live(page)
    page.get_by_role("button", name="Pause").click()
    [membership] = member(studio, "Alice", sessions=2)
    expect(page.locator("[data-state]")).to_contain_text("new")
    expect(rows(page, membership)).to_have_count(0)
    page.get_by_role("button", name="Resume").click()
    expect(rows(page, membership).first).to_be_visible()


def test_filters_find_by_topic_type_and_id_without_scripts(visit: Visits, studio: Studio) -> None:
    [membership] = member(studio, "Alice", sessions=2)
    appointment = book(studio.operator, studio, "Alice", massage(studio, later()))
    page = events(visit, studio, scripts=False, width=320)
    page.get_by_label("Id or text contains").fill(appointment["appointment_id"])
    page.get_by_role("button", name="Show", exact=True).click()
    expect(rows(page, "Booking accepted")).to_be_visible()
    expect(rows(page, membership).filter(has_text="Membership issued")).to_have_count(0)
    page.get_by_label("Topic").select_option("scheduler.events")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("Nothing was heard yet")).to_be_visible()
    page.get_by_role("link", name="Show all").click()
    page.get_by_label("Type contains").fill("membership_issued")
    page.get_by_role("button", name="Show", exact=True).click()
    issued = rows(page, membership)
    issued.locator("summary").click()
    expect(issued.locator("pre")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_who_runs_the_installation_sees_all_chains_and_owners_do_not(
    visit: Visits, platform: Edge, studio: Studio
) -> None:
    petra = StaffMember("Petra", f"{uuid4().hex}@example.test", "correct horse battery")
    form = {"email": petra.email, "name": petra.name, "password": petra.password}
    platform.post("/platform-staff", form)
    page = visit("/office/sign-in")
    sign_in(page, petra)  # and is there at once
    is_live(page)
    [membership] = member(studio, "Alice", sessions=2)
    expect(rows(page, membership).filter(has_text="Ledger entry recorded")).to_be_visible()
    owner = at_desk(visit, studio, StaffRole.OWNER, allowed=["403"])
    for path in ("/office/events", "/office/events/stream"):
        answer = owner.goto(path)
        assert answer is not None
        assert answer.status == 403


def test_leaving_the_page_ends_the_stream(visit: Visits, studio: Studio) -> None:
    page = events(visit, studio)
    is_live(page)
    with page.expect_event("requestfailed", lambda one: "/events/stream" in one.url):
        page.get_by_role("link", name="Reports").click()
    page.get_by_role("link", name="Live events").click()
    is_live(page)
