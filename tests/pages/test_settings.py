"""What an owner and an administrator set on pages is what the public API answers from then on."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from accessibility import accessible
from edge import Edge, Json
from gateway.staff import StaffRole
from journeys import book, later, massage, refusal
from offices import at_desk
from phones import new_phone
from studio import Studio
from visiting import Visits

PROHIBIT = "Prohibit online booking without a membership"
HOURS = "How many hours before the visit the client can cancel the visit"
TODAY = datetime.now(UTC).date()
SATURDAY = TODAY + timedelta(days=7 + (5 - TODAY.weekday()) % 7)


@pytest.mark.rule("G1", "A1", "A2")
def test_each_tab_changes_what_it_shows_and_bookings_follow_the_switches(
    visit: Visits, studio: Studio, app: Edge
) -> None:
    studio.enter_client("Gus", new_phone())
    service = f"/locations/{studio.location}/services/{studio.massage}"
    open_to_all = {"membership_booking": False, "automatic_debiting": False}
    studio.operator.put(service, _form(studio.operator.get(service)) | open_to_all)
    page = _open(visit, studio, f"services/{studio.massage}", StaffRole.ADMINISTRATOR)

    page.get_by_label("Name").fill("Deep massage")
    page.get_by_label("Price in EUR").fill("70,5")
    _save(page)
    page.get_by_role("link", name="Online booking").click()
    page.get_by_label(PROHIBIT).check()
    _save(page)
    page.get_by_role("link", name="Advanced settings").click()
    expect(page.get_by_text("0 hours means: until 5 minutes before the start")).to_be_visible()
    expect(page.get_by_text("This needs a second switch")).to_be_visible()
    page.get_by_label("Automatic debiting").check()
    page.get_by_label(HOURS).fill("0")
    _save(page)
    accessible(page)

    now = studio.operator.get(service)
    assert (now["name"], now["price"]["amount"], now["kind"]) == (
        "Deep massage",
        7050,
        "individual",
    )
    assert (now["membership_booking"], now["automatic_debiting"]) == (True, True)
    refused = refusal(app, studio, "Gus", massage(studio, later()))
    assert refused["type"] == "/problems/no-suitable-membership"
    booked = book(studio.operator, studio, "Gus", massage(studio, later()))
    assert booked["debit_status"] == "automatic_debiting"
    free_until = datetime.fromisoformat(booked["free_cancellation_until"])
    assert datetime.fromisoformat(booked["start"]) - free_until == timedelta(minutes=5)


@pytest.mark.rule("G2")
def test_who_turns_on_both_switches_gets_a_service_for_each_with_one_click(
    visit: Visits, studio: Studio
) -> None:
    policy = {"online_payment": {"individual": "optional"}}
    studio.operator.put(f"/locations/{studio.location}", studio.location_form | policy)
    room = studio.offer("Room rental", "individual", minutes=60, price=4000, for_members=False)
    page = _open(visit, studio, f"services/{room}?tab=online-booking", StaffRole.ADMINISTRATOR)
    page.get_by_label(PROHIBIT).check()
    page.get_by_label("Online prepayment").check()
    page.get_by_role("button", name="Save").click()
    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("Room rental and Room rental (membership)")
    expect(page.get_by_label("Online prepayment")).to_be_checked()
    accessible(page)
    refused.get_by_role("button", name="Duplicate service").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Room rental (membership)")

    answer = studio.operator.get(f"/locations/{studio.location}/services")["services"]
    switches = {
        each["name"]: (each["online_prepayment"], each["membership_booking"]) for each in answer
    }
    assert switches["Room rental"] == (True, False)
    assert switches["Room rental (membership)"] == (False, True)


@pytest.mark.rule("A11", "A17", "G2")
def test_a_merged_service_keeps_automatic_debiting_and_the_smaller_number_of_hours(
    visit: Visits, studio: Studio
) -> None:
    def offered(name: str, **settings: object) -> str:
        form = {"name": name, "kind": "individual", "duration_minutes": 30, "price": 2000}
        path = f"/locations/{studio.location}/services"
        return str(studio.operator.post(path, form | settings)["service_id"])

    policy = {"online_payment": {"individual": "optional"}}
    studio.operator.put(f"/locations/{studio.location}", studio.location_form | policy)
    bath = offered("Bath", free_cancellation_hours=24)
    sauna = offered("Sauna", automatic_debiting=True, free_cancellation_hours=6)
    offered("Steam", online_prepayment=True)
    page = _open(visit, studio, f"services/{bath}", StaffRole.OWNER)

    page.get_by_role("link", name="Merge services").click()
    for other in ("Massage", "Steam"):
        page.get_by_role("checkbox", name=other).check()
    page.get_by_role("button", name="Look what it becomes").click()
    page.get_by_role("button", name="Merge 3 services").click()
    expect(page.get_by_role("alert")).to_contain_text("These services cannot be merged as they are")
    expect(page.get_by_role("alert").get_by_role("link", name="Steam")).to_be_visible()

    for other in ("Massage", "Steam"):
        page.get_by_role("checkbox", name=other).uncheck()
    page.get_by_role("checkbox", name="Sauna").check()
    page.get_by_role("button", name="Look again").click()
    outcome = page.get_by_role("row").filter(has_text="after merging")
    expect(outcome).to_contain_text("until 6 hours before the start")
    accessible(page)
    page.get_by_role("button", name="Merge 2 services").click()
    expect(page.get_by_role("status")).to_have_text("One service is Bath now.")
    expect(page.get_by_label("Automatic debiting")).to_be_checked()
    expect(page.get_by_label(HOURS)).to_have_value("6")

    merged = studio.operator.get(f"/locations/{studio.location}/services/{sauna}")
    assert (merged["name"], merged["automatic_debiting"]) == ("Bath", True)
    assert merged["free_cancellation_hours"] == 6


@pytest.mark.rule("G4", "G9")
def test_online_payment_of_a_location_leaves_out_what_is_for_members(
    visit: Visits, studio: Studio
) -> None:
    studio.offer("Bath", "individual", minutes=30, price=2000, for_members=False)
    page = _open(visit, studio, "settings", StaffRole.ADMINISTRATOR)
    page.get_by_label("Region of phone numbers").fill("ZZ")
    page.get_by_label("Individual services").select_option("mandatory")
    page.get_by_label("Colour of the widget").fill("#7a1f5c")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("is not a region with phone numbers")).to_be_visible()
    expect(page.get_by_label("Individual services")).to_have_value("mandatory")
    page.get_by_label("Region of phone numbers").fill("PT")
    _save(page)
    expect(page.get_by_label("The snippet")).to_contain_text(f'location="{studio.location}"')
    accessible(page)

    location = studio.operator.get(f"/locations/{studio.location}")
    assert location["widget_theme"]["color"] == "#7a1f5c"
    answer = studio.operator.get(f"/locations/{studio.location}/services")["services"]
    paid = {each["name"]: each["online_payment"] for each in answer}
    assert (paid["Bath"], paid["Massage"]) == ("mandatory", "off")


@pytest.mark.rule("X2")
def test_without_scripts_a_new_team_member_is_booked_in_the_hours_of_the_week_but_not_when_away(
    visit: Visits, studio: Studio
) -> None:
    page = _open(visit, studio, "team", StaffRole.ADMINISTRATOR, scripts=False)
    page.get_by_role("link", name="New team member").click()
    page.get_by_label("Name").fill("Noa")
    bath = studio.offer("Bath", "individual", minutes=60, price=2000)
    page.get_by_label("Saturday, opens", exact=True).fill("10:00")
    page.get_by_role("button", name="Add team member").click()
    expect(page.get_by_text("Type when it opens and when it closes")).to_be_visible()
    page.get_by_label("Bath").check()
    page.get_by_label("Saturday, closes", exact=True).fill("12:00")
    page.get_by_label("Saturday, opens again").fill("14:00")
    page.get_by_label("Saturday, closes again").fill("15:00")
    page.get_by_role("button", name="Add team member").click()
    row = page.get_by_role("row").filter(has_text="Noa")
    expect(row).to_contain_text("10:00–12:00, 14:00–15:00")
    assert _span(studio, bath) == ["10:00", "14:00"]

    row.get_by_role("link").click()
    page.get_by_label("From").fill(f"{SATURDAY}T11:00")
    page.get_by_label("Until").fill(f"{SATURDAY}T18:00")
    page.get_by_role("button", name="Add time off").click()
    expect(page.get_by_role("status")).to_contain_text("The time off is entered")
    assert _span(studio, bath) == ["10:00", "10:00"]
    page.get_by_role("button", name="Remove").click()
    assert _span(studio, bath) == ["10:00", "14:00"]


def test_an_operator_sees_services_and_team_and_changes_nothing(
    visit: Visits, studio: Studio
) -> None:
    page = _open(visit, studio, f"services/{studio.massage}?tab=advanced", StaffRole.OPERATOR)
    expect(page.get_by_text("until 5 minutes before the start")).to_be_visible()
    expect(page.locator("main button, main input")).to_have_count(0)
    page.get_by_role("link", name="Team").click()
    page.get_by_role("link", name="Mira").click()
    expect(page.get_by_text("00:00–23:59").first).to_be_visible()
    expect(page.locator("main button, main input")).to_have_count(0)
    for path in ("settings", "services/new", "team/new", "services/merging"):
        answer = page.request.get(f"/office/{studio.location}/{path}")
        assert answer.status == 403


def _open(
    visit: Visits, studio: Studio, path: str, role: StaffRole, *, scripts: bool = True
) -> Page:
    page = at_desk(visit, studio, role, scripts=scripts)
    page.goto(f"/office/{studio.location}/{path}")
    return page


def _save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("The settings are saved.")


def _form(service: Json) -> Json:
    kept = ("name", "kind", "duration_minutes", "category_id")
    return {name: service[name] for name in kept} | {"price": service["price"]["amount"]}


def _span(studio: Studio, service_id: str) -> list[str]:
    """Return the first and the last start that is free on a Saturday, in local time."""
    path = f"/locations/{studio.location}/free-slots"
    answer = studio.operator.get(path, date=f"{SATURDAY}", service_id=service_id)
    starts = [
        datetime.fromisoformat(each["start"]).astimezone(studio.zone) for each in answer["slots"]
    ]
    return [f"{starts[0]:%H:%M}", f"{starts[-1]:%H:%M}"]
