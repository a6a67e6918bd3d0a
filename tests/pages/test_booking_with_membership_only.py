"""Online booking only with a membership, as the first of the three documents describes it."""

import re

import pytest
from playwright.sync_api import expect

from gateway.staff import StaffRole
from offices import at_desk
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
