"""Clients in the back office: entered, found, shown with all that is theirs, merged, erased."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from accessibility import accessible
from gateway.staff import StaffRole
from journeys import settled
from offices import at_desk
from phones import new_phone
from sandbox import Sandbox
from studio import Studio
from visiting import Visits

_MOST_STEPS = 60
_NOTE_NEXT_ANSWER = """() => document.addEventListener("htmx:beforeSwap", () => {
    document.documentElement.dataset.answered = "";
}, {once: true})"""


def test_a_client_is_entered_and_found_and_a_number_of_somebody_else_is_refused_at_its_field(
    visit: Visits, studio: Studio
) -> None:
    page, phone = at_desk(visit, studio), new_phone()
    page.get_by_role("link", name="Clients").click()
    expect(page.get_by_role("heading", name="No clients yet")).to_be_visible()
    page.get_by_role("link", name="New client").click()
    enter(page, "Anna", phone)
    expect(page.get_by_role("heading", name="Anna", level=1)).to_be_visible()
    accessible(page)

    page.get_by_role("link", name="Clients").first.click()
    page.get_by_role("link", name="New client").click()
    enter(page, "Ben", phone.replace(" ", "-"))
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ben")
    expect(page.get_by_label("Phone", exact=True)).to_have_value(phone.replace(" ", "-"))
    expect(page.get_by_role("alert")).to_be_visible()
    enter(page, "Ben", "12")
    expect(page.get_by_label("Phone", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ben")

    page.get_by_role("link", name="Clients").first.click()
    page.get_by_label("Name or phone").fill(phone[-4:])
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="All clients")).to_be_visible()
    expect(page.get_by_role("row", name="Anna")).to_be_visible()
    page.get_by_label("Name or phone").fill("Nobody")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Nobody found")).to_be_visible()
    page.get_by_role("link", name="Enter a new client").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Nobody")


def test_who_goes_elsewhere_while_a_form_is_under_way_is_not_led_back(
    visit: Visits, studio: Studio
) -> None:
    page = at_desk(visit, studio)
    page.goto(f"/office/{studio.location}/clients/new")
    held: list[Route] = []
    page.route(
        "**/clients", lambda route: held.append(route) if is_form(route) else route.fallback()
    )
    with page.expect_request("**/clients"):
        enter(page, "Anna", new_phone())
    page.get_by_role("link", name="Issued memberships").click()
    expect(page.get_by_role("heading", name="Issued memberships")).to_be_visible()
    page.evaluate(_NOTE_NEXT_ANSWER)
    [late] = held
    late.fulfill(body="<h1>Too late</h1>", content_type="text/html")
    expect(page.locator("html[data-answered]")).to_have_count(1)
    expect(page.get_by_role("heading", name="Issued memberships")).to_be_visible()
    expect(page).to_have_url(re.compile("/memberships$"))


@pytest.mark.rule("S4")
def test_the_profile_lists_own_and_shared_memberships_and_the_shared_ones_name_the_owner(
    visit: Visits, sandbox: Sandbox
) -> None:
    yoga = sandbox.offer()
    own = sandbox.sell("Ben", [yoga], sessions=None)
    family = sandbox.sell("Anna", [yoga], sessions=10)
    friend = {"client_id": sandbox.studio.clients["Ben"].client_id}
    sandbox.studio.operator.post(f"/memberships/{family}/shared-clients", friend)
    page = profile(visit, sandbox, "Ben")
    page.get_by_role("link", name="Memberships", exact=True).click()
    expect(page).to_have_url(re.compile(r"tab=memberships"))
    shared, mine = row_of(page, family), row_of(page, own)
    expect(shared).to_contain_text("Owner: Anna")
    expect(mine).not_to_contain_text("Owner")
    expect(mine).to_contain_text("Unlimited")
    accessible(page)
    shared.get_by_role("link", name="Anna").click()
    expect(page.get_by_role("heading", name="Anna", level=1)).to_be_visible()
    page.get_by_role("link", name="Memberships", exact=True).click()
    expect(row_of(page, family)).to_contain_text("Shared with Ben")


def test_a_debt_leads_to_the_sale_of_its_visit(visit: Visits, sandbox: Sandbox) -> None:
    sandbox.enter("Anna")
    event = sandbox.plan(sandbox.offer(), sandbox.at(12))
    booked = sandbox.book("Anna", event)
    page = profile(visit, sandbox, "Anna")
    to_come = page.locator("section").filter(has_text="Next appointments")
    expect(to_come.locator("tbody tr")).to_have_count(1)
    sandbox.wait_until(sandbox.at(14))
    settled(sandbox.studio, booked)
    sandbox.bill(booked, 1800)
    page.get_by_role("link", name="Appointments", exact=True).click()
    expect(page.locator("tbody tr")).to_contain_text("Not debited")
    page.get_by_role("link", name="Debts", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("€18.00")
    accessible(page)
    sale = page.get_by_role("link", name="Sell the visit")
    expect(sale).to_have_attribute("href", re.compile(f"/visits/{booked['visit_id']}/sale$"))


def test_two_who_are_one_person_are_previewed_and_become_one_client(
    visit: Visits, sandbox: Sandbox
) -> None:
    sandbox.enter("Anna")
    family = sandbox.sell("Anna Maria", [sandbox.offer()], sessions=10)
    page = profile(visit, sandbox, "Anna", StaffRole.ADMINISTRATOR)
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Merge with another client").click()
    page.get_by_label("The other entry").fill("Anna Mar")
    page.get_by_role("link", name="Look at Anna Maria").click()
    expect(page.get_by_label("Stays")).to_contain_text("Anna")
    expect(page.get_by_label("Becomes part of it")).to_contain_text("Type")
    accessible(page)
    page.get_by_role("button", name="Merge them").click()
    expect(page.get_by_role("status")).to_have_text("They are one client now: Anna.")
    page.get_by_role("link", name="Memberships", exact=True).click()
    expect(row_of(page, family)).to_be_visible()
    expect(row_of(page, family)).not_to_contain_text("Owner")
    earlier, kept = (sandbox.studio.clients[name].client_id for name in ("Anna Maria", "Anna"))
    page.goto(f"/office/{sandbox.studio.location}/clients/{earlier}")
    expect(page).to_have_url(re.compile(kept))


def test_a_client_is_erased_by_typing_the_name_when_nothing_is_to_come(
    visit: Visits, sandbox: Sandbox
) -> None:
    yoga = sandbox.offer()
    family = sandbox.sell("Anna", [yoga], sessions=10)
    booked = sandbox.book("Anna", sandbox.plan(yoga, sandbox.at(12, days=3)))
    page = profile(visit, sandbox, "Anna", StaffRole.ADMINISTRATOR)
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Erase this client").click()
    erase(page, "Ana")
    expect(page.get_by_label("Type the client's name")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Type the client's name")).to_have_value("Ana")
    erase(page, "Anna")
    expect(page.get_by_role("alert")).to_contain_text("appointment")
    sandbox.change(booked, "cancel")
    erase(page, "Anna")
    expect(page.get_by_role("heading", name="Erased client", level=1)).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("Anna")
    expect(page.get_by_text("More", exact=True)).to_have_count(0)
    page.goto(f"/office/{sandbox.studio.location}/memberships/{family}")
    expect(page.locator("section").filter(has_text="Membership owner")).to_contain_text(
        "Erased client"
    )


def test_operators_change_a_client_and_neither_merge_nor_erase(
    visit: Visits, sandbox: Sandbox
) -> None:
    sandbox.enter("Anna")
    page, phone = profile(visit, sandbox, "Anna"), new_phone()
    expect(page.get_by_text("More", exact=True)).to_have_count(0)
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_label("Phone", exact=True).fill("nothing")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Phone", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Phone", exact=True).fill(phone)
    page.get_by_label("Name", exact=True).fill("Anna Maria")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Anna Maria", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(phone.replace(" ", ""))


@pytest.mark.rule("S2")
def test_by_keyboard_alone_a_client_is_found_and_a_membership_shared(
    visit: Visits, sandbox: Sandbox
) -> None:
    family, _ = sandbox.sell("Anna", [sandbox.offer()], sessions=10), sandbox.enter("Ben")
    page = at_desk(visit, sandbox.studio)
    page.goto(f"/office/{sandbox.studio.location}/memberships/{family}")
    go_to(page, page.get_by_label("Add shared client"))
    page.keyboard.type("Ben")
    go_to(page, page.get_by_role("link", name="Share with Ben"))
    page.keyboard.press("Enter")
    go_to(page, page.get_by_role("button", name="Share with Ben"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Ben may use the membership")
    expect(page.get_by_role("link", name="Remove Ben")).to_be_visible()


def profile(
    visit: Visits, sandbox: Sandbox, name: str, role: StaffRole = StaffRole.OPERATOR
) -> Page:
    """Open the profile of a client, signed in with this role."""
    page, client = at_desk(visit, sandbox.studio, role), sandbox.studio.clients[name]
    page.goto(f"/office/{sandbox.studio.location}/clients/{client.client_id}")
    return page


def is_form(route: Route) -> bool:
    """Return whether something is sent, rather than asked for."""
    return route.request.method == "POST"


def row_of(page: Page, membership: str) -> Locator:
    """Return the row of a membership in a table."""
    return page.locator("tbody tr").filter(has=page.locator(f"[href$='{membership}']"))


def enter(page: Page, name: str, phone: str) -> None:
    """Fill in the form of a new client and send it."""
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Phone", exact=True).fill(phone)
    page.get_by_role("button", name="Enter the client").click()


def erase(page: Page, typed: str) -> None:
    """Type the name and ask to erase."""
    page.get_by_label("Type the client's name").fill(typed)
    page.get_by_role("button", name="Erase for ever").click()


def go_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    expect(target).to_be_visible()
    for _ in range(_MOST_STEPS):
        page.keyboard.press("Tab")
        if target.evaluate("it => it === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not get to {target}")
