"""The hosted booking page, with scripts turned off: what clients see and do on it (G1 to G10)."""

import re
from datetime import datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Page, expect

from accessibility import accessible
from devstack import Stack
from edge import Edge, Json
from hosted import choose_class, confirm_phone
from phones import new_phone
from studio import Studio
from visiting import Visits

REFUSAL = "Sorry, but it appears that your membership is either not suitable or has expired."


def at(page: Page, heading: str) -> None:
    """Wait until this step is shown."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def tomorrow(studio: Studio) -> datetime:
    """Return noon of tomorrow at the studio."""
    noon = datetime.now(studio.zone).replace(hour=12, minute=0, second=0, microsecond=0)
    return noon + timedelta(days=1)


def member(studio: Studio, name: str) -> str:
    """Sell somebody ten sessions for yoga and massage; return the phone."""
    phone, both = new_phone(), [studio.yoga, studio.massage]
    studio.enter_client(name, phone)
    studio.offer_membership("Ten", sessions=10, price=9000, services=both, days=30)
    studio.sell(name, "Ten")
    return phone


def bookings_of(studio: Studio) -> list[Json]:
    """Return the appointments of tomorrow's calendar, those of classes among them."""
    day = tomorrow(studio).date()
    path = f"/locations/{studio.location}/calendar"
    calendar = studio.operator.get(path, date=day.isoformat())
    of_classes = [each for event in calendar["events"] for each in event["appointments"]]
    return [each for each in calendar["appointments"] + of_classes if each["state"] == "accepted"]


@pytest.mark.rule("G8", "G10")
def test_a_class_is_booked_with_a_membership_without_scripts(
    visit: Visits, system: Stack, studio: Studio
) -> None:
    phone = member(studio, "Anna")
    studio.plan_class(tomorrow(studio), capacity=8)
    page = visit(f"/book/{studio.location}", scripts=False, width=390)
    page.get_by_role("link", name="Yoga").click()
    at(page, "Choose a class")
    expect(page.get_by_text("Step 2 of 5")).to_be_visible()
    page.get_by_role("link", name="8 spots left").click()
    page.get_by_label("Number of spots").select_option("2")
    page.get_by_role("button", name="Continue").click()
    confirm_phone(page, system, phone, "Anna")
    at(page, "Check and confirm")
    expect(page.get_by_text("2 sessions of your membership")).to_be_visible()
    assert bookings_of(studio) == []
    page.reload()
    page.get_by_role("button", name="Book now").click()
    at(page, "You are booked")
    page.reload()
    expect(page.get_by_text("Booking with membership")).to_be_visible()
    [booked] = bookings_of(studio)
    assert len(booked["lines"]) == 2
    page.get_by_role("link", name="My bookings").first.click()
    entry = page.get_by_role("listitem").filter(has_text="Yoga, 2 spots")
    expect(entry).to_contain_text("Booking with membership")
    expect(entry).to_contain_text("Automatic debiting")


@pytest.mark.rule("X3")
def test_a_form_that_is_sent_twice_books_once_and_one_of_nobody_asks_for_the_phone(
    visit: Visits, system: Stack, studio: Studio
) -> None:
    phone = member(studio, "Anna")
    studio.plan_class(tomorrow(studio), capacity=8)
    page = visit(f"/book/{studio.location}", scripts=False)
    choose_class(page, "Yoga")
    confirm_phone(page, system, phone, "Anna")
    at(page, "Check and confirm")
    form = page.locator("form").first
    fields = {
        str(each.get_attribute("name")): str(each.get_attribute("value"))
        for each in form.locator("input").all()
    }
    url = f"{system.service_url('gateway')}{form.get_attribute('action')}"
    cookies = {
        each.get("name", ""): each.get("value", "") for each in page.context.cookies(page.url)
    }
    twice = [httpx.post(url, data=fields, cookies=cookies) for _ in range(2)]
    assert [each.status_code for each in twice] == [303, 303]
    assert len({each.headers["location"] for each in twice}) == 1
    assert len(bookings_of(studio)) == 1
    page.context.clear_cookies()
    page.get_by_role("button", name="Book now").click()
    at(page, "Your details")
    expect(page.locator("[name=next]")).to_have_value(re.compile("/review.*event="))


@pytest.mark.rule("G9")
def test_services_for_members_are_labelled_in_the_colour_of_the_theme(
    visit: Visits, studio: Studio
) -> None:
    studio.offer("Sauna <b>& co</b>", "group", minutes=30, price=900, for_members=False)
    theme = {"widget_theme": {"color": "#c2185b", "mode": "light"}}
    studio.operator.put(f"/locations/{studio.location}", studio.location_form | theme)
    page = visit(f"/book/{studio.location}", scripts=False, dark=True)
    label = page.get_by_role("link", name="Yoga").locator(".membership-label")
    expect(label).to_have_text("Membership booking")
    expect(label).to_have_css("background-color", "rgb(194, 24, 91)")
    expect(page.locator("body")).to_have_css("background-color", "rgb(245, 247, 248)")
    # What others have typed is text, whatever it looks like.
    other = page.get_by_role("link", name="Sauna <b>& co</b>")
    expect(other).to_be_visible()
    expect(other.get_by_text("Membership booking")).to_have_count(0)


@pytest.mark.rule("G6")
def test_several_services_are_booked_in_a_row_with_whoever_is_free(
    visit: Visits, system: Stack, studio: Studio
) -> None:
    phone = member(studio, "Anna")
    bath = studio.offer("Bath", "individual", minutes=30, price=1200, for_members=False)
    studio.employ("Lea", [bath])
    page = visit(f"/book/{studio.location}", scripts=False)
    page.get_by_role("link", name="Massage").click()
    page.get_by_role("link", name="Add another service").click()
    page.get_by_role("link", name="Bath").click()
    page.go_back()
    page.go_forward()
    page.get_by_role("link", name="Any team member").click()
    at(page, "Choose a date and time")
    day = tomorrow(studio).date()
    page.goto(f"{page.url}&day={day}")
    page.get_by_role("link", name="12:00", exact=True).click()
    confirm_phone(page, system, phone, "Anna")
    at(page, "Check and confirm")
    facts = page.get_by_label("Your booking")
    expect(facts).to_contain_text("Mira, Lea")
    expect(facts).to_contain_text("1 session of your membership")
    expect(facts.get_by_text("To pay at the studio")).to_be_visible()
    page.get_by_role("button", name="Book now").click()
    at(page, "You are booked")
    [booked] = bookings_of(studio)
    assert [line["service_id"] for line in booked["lines"]] == [studio.massage, bath]
    assert datetime.fromisoformat(booked["start"]) == tomorrow(studio)


def test_a_time_that_somebody_else_has_taken_meanwhile_leads_to_the_others(
    visit: Visits, system: Stack, studio: Studio, app: Edge
) -> None:
    bath = studio.offer("Bath", "individual", minutes=30, price=1200, for_members=False)
    lea = studio.employ("Lea", [bath])
    page = visit(f"/book/{studio.location}", scripts=False)
    page.get_by_role("link", name="Bath").click()
    page.get_by_role("link", name="Lea").click()
    page.goto(f"{page.url}&day={tomorrow(studio).date()}")
    page.get_by_role("link", name="12:00", exact=True).click()
    confirm_phone(page, system, new_phone(), "Anna")
    at(page, "Check and confirm")
    line = {"service_id": bath, "team_member_id": lea}
    taken = {"start": tomorrow(studio).isoformat(), "lines": [line]}
    form = {"name": "Ben", "phone": new_phone(), "appointments": [taken]}
    app.post(f"/locations/{studio.location}/bookings", form)
    page.get_by_role("button", name="Book now").click()
    at(page, "This cannot be booked")
    page.get_by_role("link", name="Choose another time").click()
    at(page, "Choose a date and time")


@pytest.mark.rule("G7")
def test_who_has_no_membership_is_told_the_sentence_the_reason_and_what_can_be_done(
    visit: Visits, system: Stack, studio: Studio
) -> None:
    studio.plan_class(tomorrow(studio), capacity=8)
    page = visit(f"/book/{studio.location}")
    choose_class(page, "Yoga")
    confirm_phone(page, system, new_phone(), "Gus")
    at(page, "This cannot be booked")
    expect(page.get_by_role("alert")).to_have_text(REFUSAL)
    expect(page.get_by_text("There is no membership under your phone number.")).to_be_visible()
    expect(page.get_by_role("link", name="Choose another service")).to_be_visible()
    expect(page.get_by_role("link", name="Pay online instead")).to_have_count(0)
    accessible(page)
    page.get_by_role("button", name="Use the phone number your membership was sold").click()
    confirm_phone(page, system, member(studio, "Anna"), "Anna")
    at(page, "Check and confirm")


@pytest.mark.rule("G3")
def test_a_class_is_booked_with_a_membership_or_paid_online_as_the_client_chooses(
    visit: Visits, system: Stack, studio: Studio
) -> None:
    studio.let_classes_be_paid_online()
    service = studio.operator.get(f"/locations/{studio.location}/services/{studio.yoga}")
    assert service["online_payment"] == "optional"
    studio.plan_class(tomorrow(studio), capacity=8)
    page = visit(f"/book/{studio.location}", scripts=False)
    page.get_by_role("link", name="Yoga").click()
    page.get_by_role("link", name="8 spots left").click()
    expect(page.get_by_label("Pay online")).not_to_be_checked()
    page.get_by_label("Book with a membership").check()
    page.get_by_role("button", name="Continue").click()
    confirm_phone(page, system, new_phone(), "Gus")
    expect(page.get_by_role("alert")).to_have_text(REFUSAL)
    page.get_by_role("link", name="Pay online instead").click()
    expect(page.get_by_label("Pay online")).to_be_checked()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Your booking")).to_contain_text("To pay online")
    page.get_by_role("button", name="Book and pay").click()
    at(page, "Pay to confirm")
    expect(page.get_by_text("Your spot is kept for you until")).to_be_visible()
    checkout = page.get_by_role("link", name="Pay €18.00").get_attribute("href")
    assert checkout is not None
    assert bookings_of(studio) == []
    paid = httpx.post(f"{checkout}/pay")
    page.goto(paid.headers["location"])
    at(page, "You are booked")
    expect(page.get_by_label("Your booking")).to_contain_text("paid online")
    expect(page.get_by_text("Booking with membership")).to_have_count(0)


def test_a_wrong_phone_and_a_wrong_code_are_said_beside_their_fields(
    visit: Visits, studio: Studio
) -> None:
    page = visit(f"/book/{studio.location}/my-bookings")
    at(page, "Sign in with your phone")
    page.get_by_label("Phone number").fill("12345")
    page.get_by_role("button", name="Send code").click()
    expect(page.get_by_label("Phone number")).to_have_accessible_description(
        re.compile("Please give a phone number")
    )
    expect(page.get_by_label("Phone number")).to_have_value("12345")
    accessible(page)
    page.get_by_label("Phone number").fill(new_phone())
    page.get_by_role("button", name="Send code").click()
    page.get_by_label("Code").fill("not it")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Code")).to_have_accessible_description(re.compile("not the code"))
    accessible(page)


def test_the_keyboard_alone_suffices(visit: Visits, system: Stack, studio: Studio) -> None:
    phone = member(studio, "Anna")
    studio.plan_class(tomorrow(studio), capacity=8)
    page = visit(f"/book/{studio.location}", scripts=False)
    reach(page, "Yoga")
    page.keyboard.press("Enter")
    reach(page, "8 spots left")
    page.keyboard.press("Enter")
    reach(page, "Continue")
    page.keyboard.press("Enter")
    confirm_phone(page, system, phone, "Anna")
    reach(page, "Book now")
    page.keyboard.press("Enter")
    at(page, "You are booked")


def reach(page: Page, name: str) -> None:
    """Press Tab until the focus is on what has this in its words."""
    wanted = page.locator(":focus").filter(has_text=name)
    for _ in range(30):
        page.keyboard.press("Tab")
        if wanted.count():
            return
    raise AssertionError(f"Tab never reaches {name}")


def test_a_location_that_is_none_has_no_booking_page(visit: Visits) -> None:
    page = visit("/book/7a1d8f4e-0000-4000-8000-000000000000", scripts=False)
    at(page, "There is no such thing")


def test_the_pages_stay_within_narrow_screens(visit: Visits, studio: Studio) -> None:
    studio.plan_class(tomorrow(studio), capacity=8)
    steps = (
        "",
        f"/team?service={studio.massage}",
        f"/times?service={studio.massage}",
        f"/classes?service={studio.yoga}",
    )
    for step in steps:
        page = visit(f"/book/{studio.location}{step}", width=320)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, step
        accessible(page)
