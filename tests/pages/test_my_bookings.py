"""My bookings on the hosted page, with scripts turned off: cancel, reschedule, repeat (G11, A2)."""

from datetime import datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from devstack import Stack
from edge import Edge, Json
from hosted import confirm_phone
from phones import new_phone
from sandbox import Sandbox
from studio import Studio
from visiting import Visits


def noon(studio: Studio, days: int = 1) -> datetime:
    """Return noon of tomorrow at the studio, or of a later day."""
    today = datetime.now(studio.zone).replace(hour=12, minute=0, second=0, microsecond=0)
    return today + timedelta(days=days)


def member(studio: Studio, name: str, sessions: int = 10) -> str:
    """Sell somebody sessions for yoga and massage; return the phone."""
    phone, both, kind = new_phone(), [studio.yoga, studio.massage], f"{sessions} sessions"
    studio.enter_client(name, phone)
    studio.offer_membership(kind, sessions=sessions, price=9000, services=both, days=30)
    studio.sell(name, kind)
    return phone


def booked(app: Edge, studio: Studio, name: str, event: str) -> Json:
    """Book a spot for a client, as the app does; return the appointment."""
    form = {"name": name, "phone": studio.clients[name].phone, "phone_confirmed": True}
    path = f"/locations/{studio.location}/bookings"
    return app.post(path, form | {"spots": {"event_id": event, "spots": 1}})["appointments"][0]


def my_bookings(visit: Visits, system: Stack, location: str, phone: str) -> Page:
    """Open My bookings, and show whose they are."""
    page = visit(f"/book/{location}/my-bookings", scripts=False, width=390)
    confirm_phone(page, system, phone)
    expect(page.get_by_role("heading", level=1)).to_have_text("My bookings")
    return page


def entries(page: Page, section: str) -> Locator:
    """Return the bookings in a section of the page."""
    return page.get_by_role("region", name=section).get_by_role("listitem")


@pytest.mark.rule("G11")
def test_a_client_cancels_and_has_the_session_again(
    visit: Visits, system: Stack, studio: Studio, app: Edge
) -> None:
    phone = member(studio, "Anna", sessions=1)
    event = studio.plan_class(noon(studio), capacity=8)
    booked(app, studio, "Anna", event)
    page = my_bookings(visit, system, studio.location, phone)
    other_tab = page.context.new_page()
    entries(page, "Upcoming").get_by_role("link", name="Cancel").click()
    other_tab.goto(page.url)
    expect(page.get_by_text("Free cancellation until")).to_be_visible()
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.get_by_role("status")).to_have_text("The booking is cancelled.")
    expect(entries(page, "Past and cancelled")).to_contain_text("Cancelled")
    expect(page.get_by_role("region", name="Upcoming")).to_contain_text("no upcoming bookings")
    # A page of before says what is the matter.
    other_tab.get_by_role("button", name="Yes, cancel it").click()
    expect(other_tab.get_by_text("It is cancelled already.")).to_be_visible()
    booked(app, studio, "Anna", event)


@pytest.mark.rule("G11")
def test_a_client_moves_a_booking_to_another_class_and_books_it_again(
    visit: Visits, system: Stack, studio: Studio, app: Edge
) -> None:
    phone = member(studio, "Anna", sessions=2)
    first, _ = (studio.plan_class(noon(studio, days), capacity=8) for days in (1, 2))
    booked(app, studio, "Anna", first)
    page = my_bookings(visit, system, studio.location, phone)
    entries(page, "Upcoming").get_by_role("link", name="Reschedule").click()
    expect(page.get_by_text("Your class")).to_be_visible()
    page.get_by_role("link", name="8 spots left").click()
    expect(page.get_by_text("Your booking stays as it is until")).to_be_visible()
    page.get_by_role("button", name="Move booking").click()
    expect(page.get_by_role("status")).to_have_text("Your booking has been moved.")
    later = f"{noon(studio, 2):%A}"[:3]
    expect(entries(page, "Upcoming")).to_contain_text(f"{later} {noon(studio, 2).day} ")

    entries(page, "Upcoming").get_by_role("link", name="Book again").click()
    page.get_by_role("link", name="8 spots left").click()
    page.get_by_role("button", name="Book now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked")
    page.get_by_role("link", name="My bookings").first.click()
    expect(entries(page, "Upcoming")).to_have_count(2)
    # Both sessions are set aside by now.
    entries(page, "Upcoming").first.get_by_role("link", name="Book again").click()
    page.get_by_role("link", name="spots left").first.click()
    page.get_by_role("button", name="Book now").click()
    expect(page.get_by_role("alert")).to_contain_text("either not suitable or has expired.")
    expect(page.get_by_text("There are too few sessions left")).to_be_visible()


@pytest.mark.rule("G11")
def test_a_client_moves_an_appointment_to_another_time(
    visit: Visits, system: Stack, studio: Studio, app: Edge
) -> None:
    phone = member(studio, "Anna")
    line = {"service_id": studio.massage, "team_member_id": studio.masseuse}
    form = {"name": "Anna", "phone": phone, "phone_confirmed": True}
    wanted = {"start": noon(studio).isoformat(), "lines": [line]}
    app.post(f"/locations/{studio.location}/bookings", form | {"appointments": [wanted]})
    page = my_bookings(visit, system, studio.location, phone)
    entries(page, "Upcoming").get_by_role("link", name="Reschedule").click()
    page.goto(f"{page.url}?member=any&day={noon(studio, 2).date()}")
    page.get_by_role("link", name="15:00", exact=True).click()
    page.get_by_role("button", name="Move booking").click()
    expect(entries(page, "Upcoming")).to_contain_text("15:00–15:45")


@pytest.mark.rule("A2", "G11")
def test_who_is_too_late_is_told_until_when_it_was_possible(
    visit: Visits, system: Stack, sandbox: Sandbox
) -> None:
    studio, service = sandbox.studio, sandbox.offer(free_cancellation_hours=4)
    sandbox.sell("Anna", [service], sessions=5)
    events = [sandbox.plan(service, sandbox.at(12, days=days)) for days in (0, 1)]
    sandbox.book("Anna", events[0])
    phone = studio.clients["Anna"].phone
    page = my_bookings(visit, system, studio.location, phone)
    expect(entries(page, "Upcoming")).to_contain_text("Free cancellation until")
    expect(entries(page, "Upcoming")).to_contain_text("08:00")
    moving = page.context.new_page()
    entries(page, "Upcoming").get_by_role("link", name="Cancel").click()
    moving.goto(page.url.replace("/cancel", "/reschedule"))
    moving.get_by_role("link", name="10 spots left").click()

    sandbox.wait_until(sandbox.at(9))
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.get_by_role("alert")).to_contain_text("It is too late to cancel")
    expect(page.get_by_text("Cancelling online was possible until")).to_contain_text("08:00")
    moving.get_by_role("button", name="Move booking").click()
    expect(moving.get_by_role("alert")).to_contain_text("It is too late to reschedule")
    page.get_by_role("link", name="My bookings").first.click()
    entry = entries(page, "Upcoming")
    expect(entry).to_contain_text("Cancelling and rescheduling online was possible until")
    expect(entry.get_by_role("link", name="Cancel")).to_have_count(0)
    expect(entry.get_by_role("link", name="Reschedule")).to_have_count(0)


def test_the_bookings_of_others_do_not_exist(
    visit: Visits, system: Stack, studio: Studio, app: Edge
) -> None:
    member(studio, "Anna")
    of_anna = booked(app, studio, "Anna", studio.plan_class(noon(studio), capacity=8))
    page = my_bookings(visit, system, studio.location, new_phone())
    expect(page.get_by_text("You have no upcoming bookings here.")).to_be_visible()
    home = f"/book/{studio.location}"
    one = f"{home}/my-bookings/{of_anna['appointment_id']}"
    for path in (
        f"{one}/cancel",
        f"{one}/reschedule",
        f"{one}/repeat",
        f"{home}/bookings/{of_anna['booking_id']}",
    ):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text("There is no such thing")
        expect(page.get_by_role("link", name="To the start")).to_have_attribute("href", home)


def test_forms_of_other_sites_and_of_nobody_are_refused(
    visit: Visits, system: Stack, studio: Studio, app: Edge
) -> None:
    phone = member(studio, "Anna")
    appointment = booked(app, studio, "Anna", studio.plan_class(noon(studio), capacity=8))
    page = my_bookings(visit, system, studio.location, phone)
    path = f"/book/{studio.location}/my-bookings/{appointment['appointment_id']}/cancel"
    page.goto(path)
    csrf = page.locator("[name=csrf]").first.get_attribute("value")
    cookies = {
        each.get("name", ""): each.get("value", "") for each in page.context.cookies(page.url)
    }
    url = system.service_url("gateway")
    with httpx.Client(base_url=url, cookies=cookies) as browser:
        assert browser.post(path, data={"csrf": ""}).status_code == 403
        own = {"csrf": csrf}
        foreign = {"Origin": "https://example.test"}
        assert browser.post(path, data=own, headers=foreign).status_code == 403
        elsewhere = {"Sec-Fetch-Site": "cross-site"}
        assert browser.post(path, data=own, headers=elsewhere).status_code == 403
    assert httpx.post(url + path, data={"csrf": csrf}).status_code == 303
    now = studio.operator.get(
        f"/locations/{studio.location}/appointments/{appointment['appointment_id']}"
    )
    assert now["state"] == "accepted"


def test_signing_out_forgets_whose_bookings_they_are(
    visit: Visits, system: Stack, studio: Studio
) -> None:
    page = my_bookings(visit, system, studio.location, member(studio, "Anna"))
    kept = [
        each for each in page.context.cookies(page.url) if each.get("name") == "punchcard_client"
    ]
    assert [(each.get("httpOnly"), each.get("sameSite")) for each in kept] == [(True, "Lax")]
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"/book/{studio.location}/my-bookings")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in with your phone")
    expect(page.get_by_label("Phone number")).to_have_value("")
