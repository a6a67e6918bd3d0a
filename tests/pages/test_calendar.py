"""The calendar of the back office, what stands in it, and booking at the desk."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from accessibility import accessible
from edge import Json
from journeys import until
from offices import at_desk
from sandbox import Sandbox
from visiting import Visits


def test_a_day_changes_before_ones_eyes_on_a_large_screen_and_on_a_phone(
    visit: Visits, sandbox: Sandbox
) -> None:
    massage, mira = individual(sandbox)
    anna = debited_at_ten(sandbox, massage, mira)
    desk, phone = at_desk(visit, sandbox.studio), at_desk(visit, sandbox.studio, width=390)
    for page in (desk, phone):
        page.goto(f"/office/{sandbox.studio.location}/calendar")
        expect(page.locator("[data-live=on]")).to_be_visible()
        expect(block(page, "Anna")).to_contain_text("Automatic debiting")
    expect(desk.locator(".ec-col-head").filter(has_text="Mira")).to_be_visible()
    expect(phone.locator(".ec")).to_have_count(0)

    sandbox.wait_until(sandbox.at(10, 1))
    for page in (desk, phone):
        expect(block(page, "Anna")).to_contain_text("Debited")
        expect(page.locator("[aria-live=polite]").filter(has_text="Anna: Debited")).to_have_count(1)
        accessible(page)

    sandbox.change(anna, "cancel", {"charge": False})
    for page in (desk, phone):
        expect(block(page, "Anna")).to_have_count(0)


@pytest.mark.rule("A6", "A7", "A10")
def test_an_appointment_opens_beside_the_calendar_and_is_changed_there(
    visit: Visits, sandbox: Sandbox
) -> None:
    massage, mira = individual(sandbox)
    debited_at_ten(sandbox, massage, mira)
    page = at_desk(visit, sandbox.studio)
    sandbox.wait_until(sandbox.at(10, 1))
    page.get_by_role("link", name="Calendar").click()
    calendar = page.url
    expect(block(page, "Anna")).to_contain_text("Debited")
    block(page, "Anna").focus()
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name="Anna")).to_be_focused()
    accessible(page)
    panel.get_by_text("Why it was debited so").click()
    expect(panel).to_contain_text("of those that could pay, it comes first")
    expect(panel.get_by_role("listitem").filter(has_text="paid it")).to_be_visible()

    panel.get_by_role("button", name="No-show").click()
    expect(panel.get_by_role("status")).to_have_text("The visit status is set.")
    expect(block(page, "Anna")).to_contain_text("No-show")
    expect(block(page, "Anna")).to_contain_text("Debited")

    panel.get_by_text("Undo the debit").first.click()
    panel.get_by_role("button", name="Undo the debit").click()
    expect(panel).to_contain_text("The sessions are back where they came from")
    expect(block(page, "Anna")).to_contain_text("€18.00 owed")
    assert page.url == calendar
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(block(page, "Anna")).to_be_focused()


@pytest.mark.rule("A2")
def test_after_the_deadline_the_operator_says_whether_a_cancelled_appointment_is_charged(
    visit: Visits, sandbox: Sandbox
) -> None:
    massage, mira = individual(sandbox, free_cancellation_hours=2)
    anna = debited_at_ten(sandbox, massage, mira)
    sandbox.wait_until(sandbox.at(9))
    page = at_desk(visit, sandbox.studio, scripts=False)
    page.goto(f"/office/{sandbox.studio.location}/calendar")
    block(page, "Anna").click()
    page.get_by_text("Cancel the appointment").click()
    expect(page.get_by_text(re.compile("Free cancellation ended .*, 08:00")).first).to_be_visible()
    page.get_by_label("Charge it").check()
    page.get_by_role("button", name="Cancel it").click()
    expect(page.get_by_role("status")).to_have_text("It is cancelled, and charged.")
    assert sandbox.appointment(anna)["state"] == "cancelled"


@pytest.mark.rule("G11")
def test_an_appointment_is_moved_to_a_free_time_and_repeated_without_scripts(
    visit: Visits, sandbox: Sandbox
) -> None:
    massage, mira = individual(sandbox)
    anna = debited_at_ten(sandbox, massage, mira)
    page = at_desk(visit, sandbox.studio, scripts=False)
    page.goto(f"/office/{sandbox.studio.location}/appointments/{anna['appointment_id']}")
    page.get_by_role("link", name="Reschedule").click()
    page.get_by_role("radio", name="12:30", exact=True).check()
    page.get_by_role("button", name="Move it here").click()
    expect(page.get_by_role("status")).to_have_text("The appointment is moved.")
    expect(page.get_by_text("12:30–13:30")).to_be_visible()

    page.get_by_role("link", name="Repeat").click()
    tomorrow = sandbox.at(10, days=1).date().isoformat()
    page.get_by_label("Date").fill(tomorrow)
    page.get_by_role("button", name="Show times").click()
    page.get_by_role("radio", name="12:30", exact=True).check()
    page.get_by_role("button", name="Book it once more").click()
    expect(page.get_by_role("status")).to_have_text("It is booked once more.")


def debits_on(sandbox: Sandbox) -> Json:
    """Return how many participants of the day's class have which debit status."""
    today = sandbox.at(10).date().isoformat()
    [shown] = sandbox.studio.operator.get(sandbox.here("/calendar"), date=today)["events"]
    return shown["debits"]


@pytest.mark.rule("A3", "A10")
def test_a_class_shows_each_participant_and_is_moved_resized_and_cancelled(
    visit: Visits, sandbox: Sandbox
) -> None:
    yoga = sandbox.offer()
    sandbox.sell("Anna", [yoga])
    sandbox.enter("Ben")
    event = sandbox.plan(yoga, sandbox.at(10))
    sandbox.book("Anna", event)
    sandbox.book("Ben", event, 2)
    page = at_desk(visit, sandbox.studio)
    page.goto(f"/office/{sandbox.studio.location}/calendar")
    name = sandbox.studio.operator.get(sandbox.here(f"/events/{event}"))["service_name"]
    expect(block(page, name)).to_contain_text("3/10")
    block(page, name).click()
    page.get_by_label("Capacity").fill("2")
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_text("3 spots are taken: the capacity cannot be 2.")).to_be_visible()
    expect(page.get_by_label("Capacity")).to_have_value("2")
    page.get_by_label("Time").fill("11:00")
    page.get_by_role("button", name="Move the class").click()
    expect(page.get_by_text("11:00–12:00")).to_be_visible()

    sandbox.wait_until(sandbox.at(11, 1))
    until(lambda: debits_on(sandbox), lambda debits: not debits["automatic_debiting"])
    page.reload()
    expect(participant(page, "Anna")).to_contain_text("Debited")
    expect(participant(page, "Ben")).to_contain_text("Not debited")
    expect(participant(page, "Ben")).to_contain_text("€36.00")
    accessible(page)

    page.get_by_role("button", name="Cancel the class").click()
    expect(page.get_by_text("Tick the box")).to_be_visible()
    page.get_by_label("Yes, cancel the whole class").check()
    page.get_by_role("button", name="Cancel the class").click()
    expect(page.get_by_text("This class is cancelled.")).to_be_visible()


def test_a_series_of_classes_is_planned_and_stands_in_the_week(
    visit: Visits, sandbox: Sandbox
) -> None:
    sandbox.offer()
    page = at_desk(visit, sandbox.studio)
    monday = sandbox.at(0, days=7 - sandbox.first_day.weekday())
    page.get_by_role("link", name="Plan a class").click()
    expect(page.get_by_role("heading", name="Plan a class")).to_be_visible()
    page.get_by_label("Date", exact=True).fill(monday.date().isoformat())
    page.get_by_label("Time").fill("18:30")
    page.get_by_label("Repeat every week").check()
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.get_by_text("Choose a date.")).to_be_visible()
    accessible(page)
    page.get_by_label("Mon").check()
    page.get_by_label("Wed").check()
    page.get_by_label("Last date").fill(sandbox.at(0, days=20).date().isoformat())
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("classes are planned.")
    expect(page.locator(".ec .entry")).to_have_count(2)
    accessible(page)


@pytest.mark.rule("G4")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_at_the_desk_one_sees_what_will_pay_and_books_without_a_membership_too(
    visit: Visits, sandbox: Sandbox, *, scripts: bool
) -> None:
    massage, _ = individual(sandbox, membership_booking=True)
    sandbox.sell("Anna", [massage])
    page = at_desk(visit, sandbox.studio, scripts=scripts)
    book_at_desk(page, "Anna", "14:00", scripts=scripts)
    expect(page.get_by_text("Booking with membership:")).to_be_visible()
    page.get_by_role("button", name="Book", exact=True).click()
    expect(block(page, "Anna")).to_contain_text("Automatic debiting")

    book_at_desk(page, "Anna", "15:00", scripts=scripts)
    expect(page.get_by_text("No membership covers it.")).to_be_visible()
    if scripts:
        accessible(page)
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Booked for Anna")
    expect(block(page, "Anna")).to_have_count(2)


def individual(sandbox: Sandbox, **settings: object) -> tuple[str, str]:
    """Offer an individual service that Mira performs; return the ids of both."""
    service = sandbox.offer("individual", **settings)
    return service, sandbox.studio.employ("Mira", [service])


def debited_at_ten(sandbox: Sandbox, service: str, mira: str) -> Json:
    """Let Anna, who has a session, be booked at ten; return the appointment."""
    sandbox.sell("Anna", [service])
    line = {"service_id": service, "team_member_id": mira}
    form = {
        "name": "Anna",
        "phone": sandbox.studio.clients["Anna"].phone,
        "appointments": [{"start": sandbox.at(10).isoformat(), "lines": [line]}],
    }
    return sandbox.studio.operator.post(sandbox.here("/bookings"), form)["appointments"][0]


def book_at_desk(page: Page, client: str, time: str, *, scripts: bool) -> None:
    """Choose all of a booking at the desk, up to what would come of it."""
    page.get_by_role("link", name="New booking").click()
    expect(page.get_by_role("heading", name="New booking")).to_be_visible()
    expect(page.locator(".htmx-added, .htmx-settling")).to_have_count(0)  # it listens to changes
    page.get_by_label("Find a client").fill(client)
    if not scripts:
        page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=client).click()
    expect(page.get_by_role("link", name="Change the client")).to_be_visible()
    expect(page.locator(".htmx-added, .htmx-settling")).to_have_count(0)
    page.get_by_label("Service", exact=True).select_option(index=1)
    if not scripts:
        page.get_by_role("button", name="Show times").click()
    page.get_by_role("radio", name=time, exact=True).check()
    if not scripts:
        page.get_by_role("button", name="Continue").click()


def block(page: Page, words: str) -> Locator:
    """Return what stands in the calendar with these words, as far as one sees it."""
    return page.locator(".entry:visible").filter(has_text=words)


def participant(page: Page, name: str) -> Locator:
    """Return the row of a participant of a class."""
    return page.get_by_role("row").filter(has_text=name)
