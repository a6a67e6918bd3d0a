"""Issued memberships in the back office: who shares them, who used them, and what is done."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from accessibility import accessible
from gateway.staff import StaffRole
from journeys import book, later, settled, spots
from offices import at_desk
from sandbox import Sandbox
from studio import Studio
from visiting import Visits


@pytest.mark.rule("S1", "S2")
def test_without_scripts_a_membership_is_shared_with_a_client_who_is_searched_for(
    visit: Visits, sandbox: Sandbox
) -> None:
    family, _ = sandbox.sell("Anna", [sandbox.offer()], sessions=10), sandbox.enter("Benedita")
    page = opened(visit, sandbox.studio, family, scripts=False)
    expect(card(page, "Membership owner")).to_contain_text("Anna")
    expect(card(page, "Shared with")).to_contain_text("Nobody but the owner may use it.")
    page.get_by_label("Add shared client").fill("nedi")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Share with Benedita").click()
    expect(card(page, "Shared with")).not_to_contain_text("Benedita")
    page.get_by_role("button", name="Share with Benedita").click()
    expect(page.get_by_role("status")).to_contain_text("Benedita may use the membership")
    expect(card(page, "Shared with")).to_contain_text("Benedita")

    page.get_by_label("Add shared client").fill("Anna")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Share with Anna").click()
    page.get_by_role("button", name="Share with Anna").click()
    expect(page.get_by_role("alert")).to_contain_text("The client is the membership's owner.")


@pytest.mark.rule("S2")
def test_removing_a_shared_client_says_first_which_bookings_are_held_and_what_becomes_of_them(
    visit: Visits, sandbox: Sandbox
) -> None:
    yoga = sandbox.offer()
    family = sandbox.sell("Anna", [yoga], sessions=10, days=30)
    sandbox.sell("Ben", [yoga], sessions=1, days=90)
    share(sandbox, family, "Ben")
    booked = [sandbox.book("Ben", sandbox.plan(yoga, sandbox.at(12, days=day))) for day in (1, 2)]
    assert sandbox.count(family) == (0, 2)

    page = opened(visit, sandbox.studio, family)
    page.get_by_role("link", name="Remove Ben").click()
    plan = page.get_by_role("table").get_by_role("row")
    expect(page.get_by_role("main")).to_contain_text("Ben has booked 2 sessions")
    expect(plan.nth(1)).to_contain_text("Moves to “Type")
    expect(plan.nth(2)).to_contain_text("Released")
    accessible(page)
    page.get_by_role("link", name="Keep").click()
    expect(card(page, "Shared with")).to_contain_text("Ben")
    assert sandbox.count(family) == (0, 2)

    page.get_by_role("link", name="Remove Ben").click()
    page.get_by_role("button", name="Remove Ben").click()
    expect(card(page, "Shared with")).to_contain_text("Nobody but the owner may use it.")
    expect(figure(page, "Held for bookings")).to_have_text("0")
    assert sandbox.count(family) == (0, 0)
    assert {sandbox.appointment(one)["state"] for one in booked} == {"accepted"}


@pytest.mark.rule("S3")
def test_the_usage_count_is_traced_to_rows_that_name_who_used_it_page_by_page(
    visit: Visits, sandbox: Sandbox
) -> None:
    yoga = sandbox.offer()
    family = sandbox.sell("Anna", [yoga], sessions=30)
    sandbox.enter("Ben")
    share(sandbox, family, "Ben")
    event = sandbox.plan(yoga, sandbox.at(12), capacity=30)
    booked = [sandbox.book("Anna", event, 10), sandbox.book("Ben", event, 10)]
    booked.append(sandbox.book("Anna", sandbox.plan(yoga, sandbox.at(12)), 2))
    sandbox.wait_until(sandbox.at(12))
    for appointment in booked:
        settled(sandbox.studio, appointment)
    sandbox.change(booked[1], "undo-debit", {"line_ids": [booked[1]["lines"][0]["line_id"]]})

    page = opened(visit, sandbox.studio, family)
    uses = card(page, "Used in sales")
    expect(uses).to_contain_text("21 sessions used")
    rows = uses.locator("tbody tr")
    expect(rows).to_have_count(20)
    first = rows.all_inner_texts()
    accessible(page)
    uses.get_by_role("link", name="Older").click()
    expect(rows).to_have_count(2)
    every = first + rows.all_inner_texts()
    standing = [row for row in every if "Reversed" not in row]
    assert len(standing) == 21
    assert len([row for row in every if "Ben" in row]) == 10
    assert all("Automatic" in row for row in every)


@pytest.mark.rule("A14")
def test_a_membership_is_frozen_until_a_day_and_unfrozen(visit: Visits, sandbox: Sandbox) -> None:
    membership = sandbox.sell("Anna", [sandbox.offer()], freezing={"times": 2, "days": 10})
    page = opened(visit, sandbox.studio, membership)
    page.get_by_text("Freeze", exact=True).click()
    expect(card(page, "Validity")).to_contain_text("2 freezes, 10 days in all")
    today = sandbox.first_day.date()
    freeze(page, today)
    expect(page.get_by_label("Until")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Until")).to_have_value(today.isoformat())
    freeze(page, today + timedelta(days=11))
    expect(page.get_by_role("alert")).to_contain_text("10 of them are left")
    freeze(page, today + timedelta(days=3))
    expect(page.get_by_role("status")).to_have_text("The membership is frozen.")
    expect(page.locator("[data-status=frozen]")).to_be_visible()
    expect(card(page, "Changes")).to_contain_text("Sam")
    accessible(page)
    page.get_by_role("button", name="Unfreeze").click()
    expect(page.locator("[data-status=active]")).to_be_visible()


@pytest.mark.rule("X6")
def test_voiding_names_the_bookings_that_hold_sessions_and_is_done_by_force_alone(
    visit: Visits, sandbox: Sandbox
) -> None:
    yoga = sandbox.offer()
    membership = sandbox.sell("Anna", [yoga], sessions=3)
    booked = sandbox.book("Anna", sandbox.plan(yoga, sandbox.at(12, days=1)))
    page = opened(visit, sandbox.studio, membership, StaffRole.ADMINISTRATOR)
    page.get_by_text("Void", exact=True).click()
    page.locator("[name=void_reason]").fill("Sold by mistake")
    page.get_by_role("button", name="Void it").click()
    held = page.get_by_role("group", name="Bookings that hold sessions")
    expect(held.get_by_role("row").nth(1)).to_contain_text("Anna")
    link = f"/appointments/{booked['appointment_id']}"
    expect(held.get_by_role("link")).to_have_attribute("href", re.compile(re.escape(link)))
    expect(page.locator("[name=void_reason]")).to_have_value("Sold by mistake")
    accessible(page)
    assert sandbox.count(membership) == (0, 1)
    page.get_by_role("button", name="Void it by force").click()
    expect(page.locator("[data-status=voided]")).to_be_visible()
    expect(card(page, "Changes")).to_contain_text("“Sold by mistake”")
    assert sandbox.count(membership) == (0, 0)
    assert sandbox.appointment(booked)["state"] == "accepted"


def test_an_administrator_extends_and_adjusts_and_an_operator_is_offered_neither(
    visit: Visits, sandbox: Sandbox
) -> None:
    membership = sandbox.sell("Anna", [sandbox.offer()], sessions=3)
    page = opened(visit, sandbox.studio, membership)
    expect(card(page, "Validity")).to_be_visible()
    expect(card(page, "Change it")).to_have_count(0)

    page = opened(visit, sandbox.studio, membership, StaffRole.ADMINISTRATOR)
    page.get_by_text("Adjust the balance").click()
    adjust(page, "-4", "Counted anew")
    expect(page.get_by_role("alert")).to_contain_text("The balance is 3")
    expect(page.get_by_label("Sessions")).to_have_value("-4")
    adjust(page, "-1", "Counted anew")
    expect(figure(page, "Available")).to_have_text("2")
    page.get_by_text("Extend", exact=True).click()
    last_day = sandbox.first_day.date() + timedelta(days=200)
    page.get_by_label("New expiry date").fill(last_day.isoformat())
    page.locator("[name=extend_reason]").fill("We were closed")
    page.get_by_role("button", name="Extend it").click()
    expect(card(page, "Validity")).to_contain_text(f"{last_day.day} {last_day:%B %Y}")
    changes = card(page, "Changes").locator("tbody tr")
    expect(changes.nth(0)).to_contain_text("Extended")
    expect(changes.nth(1)).to_contain_text("-1 session")


@pytest.mark.rule("A13")
def test_what_was_not_debited_is_paid_by_a_membership_that_was_sold_later_in_one_step(
    visit: Visits, sandbox: Sandbox
) -> None:
    yoga = sandbox.offer()
    sandbox.enter("Anna")
    booked = sandbox.book("Anna", sandbox.plan(yoga, sandbox.at(12)))
    sandbox.wait_until(sandbox.at(12))
    settled(sandbox.studio, booked)
    sandbox.bill(booked, 1800)
    page = opened(visit, sandbox.studio, sandbox.sell("Anna", [yoga], sessions=3))
    expect(card(page, "It could pay what was not debited")).to_contain_text("€18.00")
    page.get_by_role("button", name="Pay 1 visit with it").click()
    expect(page.get_by_role("status")).to_contain_text("Paid with this membership: 1 visit.")
    expect(card(page, "It could pay what was not debited")).to_have_count(0)
    expect(card(page, "Used in sales").locator("tbody tr")).to_contain_text("By hand")


def test_memberships_are_found_by_client_and_status_at_any_width(
    visit: Visits, studio: Studio
) -> None:
    for name, sessions in (("Ten", 10), ("Month", None)):
        studio.offer_membership(
            name, sessions=sessions, price=9000, services=[studio.yoga], days=30
        )
    page = at_desk(visit, studio)
    page.get_by_role("link", name="Issued memberships").click()
    expect(page.get_by_role("heading", name="No memberships yet")).to_be_visible()
    for number, name in enumerate(("Anna", "Ben")):
        studio.enter_client(name, f"+351 917 00000{number}")
    studio.sell("Anna", "Ten")
    studio.sell("Ben", "Month")
    book(studio.operator, studio, "Ben", spots(studio.plan_class(later(), capacity=2)))
    page.reload()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Unlimited")
    accessible(page)
    page.get_by_label("Client or membership").fill("Ann")
    page.get_by_role("button", name="Show").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Ten")
    page.get_by_label("Status").select_option("frozen")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="No membership found")).to_be_visible()
    expect(page.get_by_label("Client or membership")).to_have_value("Ann")


def opened(
    visit: Visits,
    studio: Studio,
    membership: str,
    role: StaffRole = StaffRole.OPERATOR,
    *,
    scripts: bool = True,
) -> Page:
    """Open the page of a membership, signed in with this role."""
    page = at_desk(visit, studio, role, scripts=scripts)
    page.goto(f"/office/{studio.location}/memberships/{membership}")
    return page


def share(sandbox: Sandbox, membership: str, *names: str) -> Sequence[str]:
    """Let clients use a membership beside its owner; return their ids."""
    ids = [sandbox.studio.clients[name].client_id for name in names]
    for client in ids:
        path = f"/memberships/{membership}/shared-clients"
        sandbox.studio.operator.post(path, {"client_id": client})
    return ids


def freeze(page: Page, until: date) -> None:
    """Fill in the form and send it."""
    page.get_by_label("Until").fill(until.isoformat())
    page.get_by_role("button", name="Freeze it").click()


def adjust(page: Page, sessions: str, reason: str) -> None:
    """Fill in the form and send it."""
    page.get_by_label("Sessions").fill(sessions)
    page.locator("[name=adjust_reason]").fill(reason)
    page.get_by_role("button", name="Adjust it").click()


def card(page: Page, heading: str) -> Locator:
    """Return the part of a page below this heading."""
    return page.locator("section").filter(has=page.get_by_role("heading", name=heading, exact=True))


def figure(page: Page, label: str) -> Locator:
    """Return a figure of the balance."""
    return card(page, "Balance").locator("div").filter(has_text=label).locator("dd")
