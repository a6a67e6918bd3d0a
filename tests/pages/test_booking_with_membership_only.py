"""Online booking only with a membership, as the first of the three documents describes it."""

import re

import pytest
from playwright.sync_api import expect

from accessibility import accessible
from devstack import Stack
from gateway.staff import StaffRole
from hosted import book_class, choose_class, confirm_phone
from journeys import later
from offices import at_desk
from phones import new_phone
from studio import Studio
from visiting import Visits

SWITCH = "Prohibit online booking without a membership"


@pytest.mark.rule("G2")
def test_an_individual_service_is_prepaid_or_for_members_and_a_duplicate_offers_both(
    visit: Visits, studio: Studio
) -> None:
    policy = {"online_payment": {"individual": "mandatory"}}
    studio.operator.put(f"/locations/{studio.location}", studio.location_form | policy)
    studio.offer("Room rental", "individual", minutes=60, price=4000, for_members=False)
    page = at_desk(visit, studio, StaffRole.ADMINISTRATOR)
    page.goto(f"/office/{studio.location}/services")
    page.get_by_role("link", name="Room rental").click()
    page.get_by_role("link", name="Online booking").click()
    page.get_by_label("Online prepayment").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("The settings are saved.")

    page.get_by_label(SWITCH).check()
    page.get_by_role("button", name="Save").click()
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text(f"either “Online prepayment” or “{SWITCH}”")
    expect(page.get_by_label(SWITCH)).to_be_checked()
    refusal.get_by_role("button", name="Duplicate service").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Room rental (membership)")
    page.get_by_role("link", name="Online booking").click()
    expect(page.get_by_label(SWITCH)).to_be_checked()
    expect(page.get_by_label("Online prepayment")).not_to_be_checked()

    page.get_by_role("link", name="Services", exact=True).first.click()
    rows = page.get_by_role("row").filter(has_text="Room rental")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text=re.compile("Membership booking"))).to_have_count(1)


@pytest.mark.rule("G4", "G8", "G9", "G10")
def test_a_client_with_a_membership_books_and_sees_the_tag_in_my_bookings(
    visit: Visits, system: Stack, studio: Studio
) -> None:
    phone = _member(studio, "Anna")
    page = visit(f"/book/{studio.location}", width=390)
    expect(page.get_by_role("link", name="Yoga")).to_contain_text("Membership booking")
    accessible(page)
    book_class(page, system, "Yoga", phone, "Anna")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked")
    expect(page.get_by_text("Booking with membership")).to_be_visible()
    page.get_by_role("link", name="My bookings").first.click()
    entry = page.get_by_role("listitem").filter(has_text="Yoga")
    expect(entry).to_contain_text("Booking with membership")
    expect(entry).to_contain_text("Free cancellation until")
    accessible(page)


@pytest.mark.rule("G5", "G7")
def test_a_client_without_a_membership_is_refused_in_the_words_of_the_rule(
    visit: Visits, system: Stack, studio: Studio
) -> None:
    studio.plan_class(later(), capacity=10)
    page = visit(f"/book/{studio.location}")
    choose_class(page, "Yoga")
    confirm_phone(page, system, new_phone(), "Gus")
    expect(page.get_by_role("alert")).to_have_text(
        "Sorry, but it appears that your membership is either not suitable or has expired."
    )
    expect(page.get_by_text("There is no membership under your phone number.")).to_be_visible()
    expect(page.get_by_role("heading", name="What you can do")).to_be_visible()
    accessible(page)


def _member(studio: Studio, name: str) -> str:
    """Let a class be planned, and a client have a membership for it; return the client's phone."""
    phone = new_phone()
    studio.plan_class(later(), capacity=10)
    studio.enter_client(name, phone)
    studio.offer_membership("Ten", sessions=10, price=9000, services=[studio.yoga], days=30)
    studio.sell(name, "Ten")
    return phone
