"""Membership types: offered, corrected, changed, and sold."""

import re

import pytest
from playwright.sync_api import Page, expect

from accessibility import accessible
from edge import Edge, Json
from gateway.staff import StaffRole
from offices import at_desk
from phones import new_phone
from studio import Studio
from visiting import Visits


@pytest.mark.rule("A13", "G5")
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_type_is_offered_with_its_settings_and_sold(
    visit: Visits, studio: Studio, *, scripts: bool
) -> None:
    studio.enter_client("Anna", new_phone())
    page = at_desk(visit, studio, StaffRole.ADMINISTRATOR, scripts=scripts)
    page.get_by_role("link", name="Membership types").click()
    page.get_by_role("link", name="New membership type").first.click()
    page.get_by_label("Name").fill("Body and mind")
    page.get_by_label("Price").fill("a lot")
    page.get_by_label("Sessions").fill("5")
    page.get_by_role("button", name="Add a count").click()
    page.get_by_role("group", name="Count 2").get_by_label("Massage").check()
    page.get_by_label("Duration").fill("3")
    page.get_by_label("Auto-deduction").uncheck()
    page.get_by_label("Valid on the day of the visit").check()
    page.get_by_label("How often at most").fill("2")
    page.get_by_role("button", name="Add the membership type").click()

    expect(page.get_by_role("alert")).to_contain_text("Please correct what is marked.")
    first = page.get_by_role("group", name="Count 1")
    expect(first).to_contain_text("Tick what it covers.")
    expect(page.get_by_text("Type an amount, such as 12.50.")).to_be_visible()
    if scripts:
        accessible(page)
    first.get_by_label("Yoga").check()
    page.get_by_label("Price").fill("129,90")
    page.get_by_role("button", name="Add the membership type").click()
    expect(page.get_by_role("status")).to_contain_text("Body and mind can be sold now.")
    made = _type_of(studio, page)
    assert (made["price"]["amount"], made["auto_deduction"]) == (12990, False)
    assert [bucket["sessions"] for bucket in made["buckets"]] == [5, None]
    assert [bucket["service_ids"] for bucket in made["buckets"]] == [
        [studio.yoga],
        [studio.massage],
    ]
    assert made["gate"] == {"valid_on_visit_day": True, "not_while_frozen": False}
    assert made["freezing"] == {"times": 2, "days": None}
    assert made["validity"] == {"count": 3, "unit": "months"}

    page.get_by_role("link", name="Sell").click()
    page.get_by_label("Client").fill("Anna")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=re.compile("Anna")).click()
    expect(page.get_by_text("5 sessions + Unlimited · 3 months from the sale on")).to_be_visible()
    expect(page.locator("[data-to-pay]")).to_have_text("€129.90")
    page.get_by_role("button", name="Sell").click()
    expect(page.get_by_role("row").filter(has_text="Body and mind")).to_contain_text("€129.90")


def test_a_type_is_changed_and_what_was_issued_keeps_its_terms(
    visit: Visits, studio: Studio
) -> None:
    studio.enter_client("Anna", new_phone())
    studio.offer_membership("Ten", sessions=10, price=5000, services=[studio.yoga], days=30)
    issued = studio.sell("Anna", "Ten")
    page = at_desk(visit, studio, StaffRole.ADMINISTRATOR)
    page.get_by_role("link", name="Membership types").click()
    page.get_by_role("link", name="Ten", exact=True).click()
    expect(page.get_by_label("Price")).to_have_value("50.00")
    page.get_by_label("Sessions").fill("12")
    page.get_by_label("Unit").select_option("never")
    page.get_by_label("Massage").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("It is saved.")
    changed = _type_of(studio, page)
    assert (changed["buckets"][0]["sessions"], changed["validity"]) == (12, None)
    assert set(changed["buckets"][0]["service_ids"]) == {studio.yoga, studio.massage}
    membership = studio.operator.get(f"/memberships/{issued}")
    assert (membership["granted"], membership["expires_on"] is None) == (10, False)


@pytest.mark.rule("A17")
def test_what_a_type_covers_elsewhere_or_under_an_old_id_stays_covered(
    visit: Visits, studio: Studio, platform: Edge
) -> None:
    pilates = studio.offer("Pilates", "group", minutes=60, price=1800)
    location, elsewhere = _another_location(studio, platform)
    services = [pilates, elsewhere]
    studio.offer_membership("Ten", sessions=10, price=5000, services=services, days=30)
    merging = f"/locations/{studio.location}/services/{studio.yoga}/merge"
    platform.post(merging, {"service_ids": [pilates]})

    page = at_desk(visit, studio, StaffRole.ADMINISTRATOR)
    page.get_by_role("link", name="Membership types").click()
    page.get_by_role("link", name="Ten", exact=True).click()
    expect(page.get_by_label("Yoga")).to_be_checked()
    expect(page.get_by_text("It covers 1 service of other locations, too.")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("It is saved.")
    saved = _type_of(studio, page)
    assert {studio.yoga, elsewhere} <= set(saved["buckets"][0]["service_ids"])

    page = at_desk(visit, studio, StaffRole.OWNER)
    page.goto(f"/office/{studio.location}/membership-types")
    page.get_by_role("link", name="Ten", exact=True).click()
    expect(page.get_by_role("heading", name="Elsewhere")).to_be_visible()
    expect(page.get_by_label("Sauna")).to_be_checked()
    page.get_by_label("Elsewhere").check()
    accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("It is saved.")
    assert _type_of(studio, page)["location_ids"] == [location]

    page = at_desk(visit, studio, StaffRole.ADMINISTRATOR)
    page.goto(f"/office/{studio.location}/membership-types")
    page.get_by_role("link", name="Ten", exact=True).click()
    expect(page.get_by_text("An owner can change it")).to_be_visible()


def test_operators_look_at_types_and_do_not_change_them(visit: Visits, studio: Studio) -> None:
    studio.offer_membership("Ten", sessions=10, price=5000, services=[studio.yoga], days=30)
    page = at_desk(visit, studio)
    page.get_by_role("link", name="Membership types").click()
    expect(page.get_by_role("link", name="New membership type")).to_have_count(0)
    page.get_by_role("link", name="Ten", exact=True).click()
    expect(page.get_by_text("10 sessions: Yoga")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    accessible(page)


def _another_location(studio: Studio, platform: Edge) -> tuple[str, str]:
    """Open another location of the chain with a service; return their ids."""
    form = studio.location_form | {"name": "Elsewhere"}
    location = platform.post(f"/chains/{studio.chain}/locations", form)["location_id"]
    sauna = {"name": "Sauna", "kind": "group", "duration_minutes": 60, "price": 900}
    service = platform.post(f"/locations/{location}/services", sauna)["service_id"]
    return str(location), str(service)


def _type_of(studio: Studio, page: Page) -> Json:
    """Return the membership type whose page is open."""
    membership_type_id = page.url.rsplit("/", 1)[-1]
    return studio.operator.get(f"/chains/{studio.chain}/membership-types/{membership_type_id}")
