"""The widget, on a website of another origin: what clients see and do there (rules G1 to G11)."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from accessibility import accessible
from edge import Edge, Json
from hostile import NAME
from phones import new_phone
from studio import Client, Studio
from visiting import Visits
from websites import (
    at_step,
    heard,
    on_website,
    open_my_bookings,
    type_code,
    website_url,
    widget_key,
)

REFUSAL = "Sorry, but it appears that your membership is either not suitable or has expired."


@pytest.fixture
def classes(studio: Studio) -> list[str]:
    """Two yoga classes, tomorrow and the day after."""
    noon = datetime.now(studio.zone).replace(hour=12, minute=0, second=0, microsecond=0)
    return [studio.plan_class(noon + timedelta(days=days), capacity=8) for days in (1, 2)]


@pytest.fixture
def anna(studio: Studio) -> Client:
    """A client with ten sessions for yoga and massage."""
    return member(studio, "Anna")


def client(studio: Studio, name: str) -> Client:
    studio.enter_client(name, new_phone())
    return studio.clients[name]


def member(studio: Studio, name: str) -> Client:
    someone = client(studio, name)
    both = [studio.yoga, studio.massage]
    studio.offer_membership("Family 10", sessions=10, price=14000, services=both, days=90)
    studio.sell(name, "Family 10")
    return someone


def choose_class(page: Page, number: int = 0) -> Locator:
    """Choose a yoga class; the step that follows is shown."""
    page.get_by_role("button", name="Yoga").click()
    widget = at_step(page, "Choose a class")
    widget.get_by_role("button", name="Yoga").nth(number).click()
    return at_step(page, "How would you like to book?")


def tell_who(page: Page, someone: Client) -> None:
    widget = at_step(page, "Your details")
    widget.get_by_label("Name").fill(someone.name)
    widget.get_by_label("Phone number").fill(someone.phone)
    widget.get_by_role("button", name="Continue").click()


def book(app: Edge, studio: Studio, someone: Client, what: Json) -> Json:
    """Book for a client, as the app does; return the appointment."""
    form = {"name": someone.name, "phone": someone.phone, "phone_confirmed": True} | what
    return app.post(f"/locations/{studio.location}/bookings", form)["appointments"][0]


@pytest.mark.rule("G8")
@pytest.mark.rule("G10")
@pytest.mark.usefixtures("classes")
def test_a_class_is_booked_with_a_membership_and_a_code_and_tagged_in_my_bookings(
    visit: Visits, platform: Edge, studio: Studio, anna: Client
) -> None:
    page = on_website(visit, platform, studio)
    expect(page.get_by_role("button", name="Yoga")).to_be_visible()
    accessible(page)
    widget = choose_class(page)
    widget.get_by_role("button", name="One spot more").click()
    accessible(page)
    widget.get_by_role("button", name="Continue").click()
    tell_who(page, anna)
    accessible(page)
    type_code(page, visit.system, anna)
    widget = at_step(page, "Check and confirm")
    expect(widget.get_by_text("2 sessions of your memberships cover this booking.")).to_be_visible()
    accessible(page)
    widget.get_by_role("button", name="Book now").click()
    widget = at_step(page, "You are booked")
    expect(widget.get_by_text("Booking with membership")).to_be_visible()
    accessible(page)
    widget.locator(".actions").get_by_role("button", name="My bookings").click()
    row = at_step(page, "My bookings").get_by_role("listitem").filter(has_text="Yoga, 2 spots")
    expect(row.get_by_text("Booking with membership")).to_be_visible()
    expect(row.get_by_text("Automatic debiting")).to_be_visible()
    expect(row.get_by_text("Free cancellation until")).to_be_visible()
    accessible(page)
    told = heard(page, "booked")
    expect(told).to_contain_text('"booked_with_membership":true')
    assert anna.name not in page.locator("#log").inner_text()
    assert anna.phone.replace(" ", "") not in page.locator("#log").inner_text()


@pytest.mark.rule("G9")
def test_services_for_members_are_labelled_in_the_colour_of_the_theme(
    visit: Visits, platform: Edge, studio: Studio
) -> None:
    studio.offer("Sauna", "group", minutes=30, price=900, for_members=False)
    form = studio.location_form | {"widget_theme": {"color": "#c2185b", "mode": "light"}}
    studio.operator.put(f"/locations/{studio.location}", form)
    page = on_website(visit, platform, studio, theme="light")
    label = page.get_by_role("button", name="Yoga").get_by_text("Membership booking")
    expect(label).to_have_css("background-color", "rgb(194, 24, 91)")
    other = page.get_by_role("button", name="Sauna")
    expect(other).to_be_visible()
    expect(other.get_by_text("Membership booking")).to_have_count(0)


def test_whatever_people_have_typed_is_shown_as_text(
    visit: Visits, platform: Edge, studio: Studio
) -> None:
    location = studio.location_form | {"name": f"Place {NAME}"}
    studio.operator.put(f"/locations/{studio.location}", location)
    studio.employ(f"Noa {NAME}", [studio.offer(f"Bath {NAME}", "individual", minutes=30, price=0)])
    page = on_website(visit, platform, studio)
    page.get_by_role("button", name=f"Bath {NAME}").click()
    widget = at_step(page, "Choose a team member")
    expect(widget.get_by_text(f"Place {NAME}")).to_be_visible()
    widget.get_by_role("button", name=f"Noa {NAME}").click()
    at_step(page, "Choose a date and time").locator(".slots button").first.click()
    tell_who(page, client(studio, f"Anna {NAME}"))
    at_step(page, "Enter the code")
    expect(widget.locator("img, script")).to_have_count(0)


@pytest.mark.rule("G7")
@pytest.mark.usefixtures("classes")
def test_who_has_no_membership_is_told_the_sentence_the_reason_and_what_can_be_done(
    visit: Visits, platform: Edge, studio: Studio
) -> None:
    page = on_website(visit, platform, studio)
    choose_class(page).get_by_role("button", name="Continue").click()
    gus = client(studio, "Gus")
    tell_who(page, gus)
    type_code(page, visit.system, gus)
    widget = at_step(page, "This cannot be booked")
    expect(widget.get_by_role("alert")).to_have_text(REFUSAL)
    expect(widget.get_by_text("There is no membership under your phone number.")).to_be_visible()
    expect(widget.get_by_role("button", name="Choose another service")).to_be_visible()
    expect(heard(page, "refused")).to_contain_text("no_membership")
    accessible(page)


@pytest.mark.rule("G3")
@pytest.mark.usefixtures("classes")
def test_a_class_is_booked_with_a_membership_or_paid_online_as_the_client_chooses(
    visit: Visits, platform: Edge, studio: Studio
) -> None:
    studio.let_classes_be_paid_online()
    page = on_website(visit, platform, studio)
    widget = choose_class(page)
    widget.get_by_role("button", name="Continue").click()
    expect(widget.get_by_role("alert")).to_have_text("Please choose how to pay.")
    widget.get_by_label("Book with a membership").check()
    widget.get_by_role("button", name="Continue").click()
    jon = client(studio, "Jon")
    tell_who(page, jon)
    type_code(page, visit.system, jon)
    widget = at_step(page, "This cannot be booked")
    widget.get_by_role("button", name="Pay online instead").click()
    widget = at_step(page, "Check and confirm")
    widget.get_by_role("button", name="Book and pay").click()
    at_step(page, "Pay to confirm")
    with page.context.expect_page() as opened:
        widget.get_by_role("link", name="Pay €18.00").click()
    opened.value.get_by_role("button", name="Pay").click()
    widget = at_step(page, "You are booked")
    expect(widget.get_by_text("Paid online")).to_be_visible()


@pytest.mark.rule("G6")
def test_several_services_make_one_booking(
    visit: Visits, platform: Edge, studio: Studio, anna: Client
) -> None:
    bath = studio.offer("Bath", "individual", minutes=30, price=1200, for_members=False)
    studio.employ("Noa", [studio.massage, bath])
    page = on_website(visit, platform, studio)
    page.get_by_role("button", name="Massage").click()
    widget = at_step(page, "Choose a team member")
    widget.get_by_role("button", name="Add another service").click()
    at_step(page, "Add another service").get_by_role("button", name="Bath").click()
    at_step(page, "Choose a team member").get_by_role("button", name="Any team member").click()
    widget = at_step(page, "Choose a date and time")
    widget.locator(".day:enabled").nth(1).click()
    widget.get_by_role("button", name="Show every time").wait_for()
    widget.locator(".slots button").first.click()
    tell_who(page, anna)
    type_code(page, visit.system, anna)
    widget = at_step(page, "Check and confirm")
    expect(widget.get_by_text("Covered by Family 10")).to_have_count(1)
    expect(widget.locator("dl").get_by_text("€12.00")).to_have_count(2)
    widget.get_by_role("button", name="Book now").click()
    expect(at_step(page, "You are booked").get_by_text("Massage, Bath")).to_be_visible()


@pytest.mark.rule("G11")
def test_a_booking_is_moved_and_cancelled_in_my_bookings(
    visit: Visits, platform: Edge, app: Edge, studio: Studio, anna: Client, classes: list[str]
) -> None:
    book(app, studio, anna, {"spots": {"event_id": classes[0]}})
    page = on_website(visit, platform, studio)
    expect(page.get_by_role("button", name="Yoga")).to_be_visible()
    widget = open_my_bookings(page, visit.system, anna)
    widget.get_by_role("button", name="Reschedule").click()
    widget = at_step(page, "Choose another class")
    expect(widget.get_by_role("button", name="Yoga")).to_have_count(1)
    widget.get_by_role("button", name="Yoga").click()
    at_step(page, "Move booking").get_by_role("button", name="Move booking").click()
    widget = at_step(page, "Your booking has been moved")
    expect(heard(page, "rescheduled")).to_have_count(1)
    widget.locator(".actions").get_by_role("button", name="My bookings").click()
    at_step(page, "My bookings").get_by_role("button", name="Cancel").click()
    at_step(page, "Cancel this booking?").get_by_role("button", name="Yes, cancel it").click()
    row = at_step(page, "My bookings").get_by_role("listitem").filter(has_text="Yoga")
    expect(row.get_by_text("Cancelled")).to_be_visible()
    expect(row.get_by_role("button", name="Cancel")).to_have_count(0)
    expect(heard(page, "cancelled")).to_have_count(1)


@pytest.mark.rule("X3")
@pytest.mark.usefixtures("classes")
def test_what_is_sent_again_after_a_lost_connection_is_booked_once(
    visit: Visits, platform: Edge, studio: Studio, anna: Client
) -> None:
    page = on_website(visit, platform, studio, allowed=["net::ERR_FAILED"])
    choose_class(page).get_by_role("button", name="Continue").click()
    tell_who(page, anna)
    type_code(page, visit.system, anna)
    widget = at_step(page, "Check and confirm")

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/bookings", lose_the_answer, times=1)
    widget.get_by_role("button", name="Book now").click()
    expect(widget.get_by_role("alert")).to_contain_text("Nothing is booked twice")
    widget.get_by_role("button", name="Book now").click()
    widget = at_step(page, "You are booked")
    widget.locator(".actions").get_by_role("button", name="My bookings").click()
    booked = at_step(page, "My bookings").get_by_role("listitem").filter(has_text="Yoga")
    expect(booked).to_have_count(1)


@pytest.mark.rule("A2")
def test_after_the_deadline_my_bookings_shows_it_and_offers_no_cancelling(
    visit: Visits, platform: Edge, app: Edge, studio: Studio, anna: Client
) -> None:
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=4)
    book(app, studio, anna, {"spots": {"event_id": studio.plan_class(start, capacity=8)}})
    page = on_website(visit, platform, studio)
    expect(page.get_by_role("button", name="Yoga")).to_be_visible()
    row = open_my_bookings(page, visit.system, anna).get_by_role("listitem").filter(has_text="Yoga")
    expect(row.get_by_text("Cancelling and rescheduling online was possible until")).to_be_visible()
    expect(row.get_by_role("button", name="Book again")).to_be_visible()
    expect(row.get_by_role("button", name="Cancel")).to_have_count(0)
    expect(row.get_by_role("button", name="Reschedule")).to_have_count(0)


@pytest.mark.usefixtures("classes")
def test_one_books_with_the_keyboard_alone(
    visit: Visits, platform: Edge, studio: Studio, anna: Client
) -> None:
    page = on_website(visit, platform, studio)
    page.get_by_role("button", name="Yoga").press("Enter")
    # Each step begins at its heading, so that the next Tab is in it.
    expect(at_step(page, "Choose a class").get_by_role("heading", level=2)).to_be_focused()
    widget = page.locator("punchcard-booking")
    widget.get_by_role("button", name="Yoga").first.wait_for()
    for key in ("Tab", "Enter"):
        page.keyboard.press(key)
    at_step(page, "How would you like to book?")
    for key in ("Tab", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    at_step(page, "Your details")
    for text in (anna.name, anna.phone):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    type_code(page, visit.system, anna)
    widget.get_by_role("button", name="Book now").wait_for()
    for key in ("Tab", "Enter"):
        page.keyboard.press(key)
    at_step(page, "You are booked")


def test_the_widget_speaks_the_language_of_the_website(
    visit: Visits, platform: Edge, studio: Studio
) -> None:
    page = on_website(visit, platform, studio, lang="de")
    at_step(page, "Leistung wählen")
    expect(page.get_by_role("button", name="Meine Buchungen")).to_be_visible()
    page = on_website(visit, platform, studio, lang="es")
    at_step(page, "Elige un servicio")
    page = on_website(visit, platform, studio, lang="fr")
    at_step(page, "Choose a service")


def test_on_another_website_the_key_opens_nothing_and_the_visitor_is_shown_the_way(
    visit: Visits, platform: Edge, studio: Studio
) -> None:
    key = widget_key(platform, studio, "https://lotus.example")
    blocked = ["blocked by CORS policy", "net::ERR_FAILED"]
    page = visit(website_url(visit.system, studio, key), allowed=blocked)
    widget = at_step(page, "Choose a service")
    expect(widget.get_by_role("alert")).to_contain_text("not available on this website")
    expect(widget.get_by_role("link", name="Open the booking page")).to_be_visible()
    expect(heard(page, "error")).to_contain_text("blocked")


def test_without_scripts_the_website_leads_to_the_booking_page(
    visit: Visits, platform: Edge, studio: Studio
) -> None:
    key = widget_key(platform, studio, visit.system.service_url("devproviders"))
    page = visit(website_url(visit.system, studio, key), scripts=False)
    expect(page.get_by_role("link", name="Book on our booking page")).to_have_attribute(
        "href", f"{visit.system.service_url('gateway')}/book/{studio.location}"
    )


def test_the_widget_fits_into_280_pixels(visit: Visits, platform: Edge, studio: Studio) -> None:
    page = on_website(visit, platform, studio)
    page.set_viewport_size({"width": 304, "height": 700})
    page.get_by_role("button", name="Massage").click()
    at_step(page, "Choose a team member").get_by_role("button", name="Any team member").click()
    widget = at_step(page, "Choose a date and time")
    widget.locator(".slots button").first.wait_for()
    wider = "widget => widget.shadowRoot.firstChild.scrollWidth > innerWidth"
    assert not widget.evaluate(wider)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
