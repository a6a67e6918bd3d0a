"""Sales: memberships are applied by themselves, switched by hand, sold, and refunded."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from accessibility import accessible
from edge import Json
from journeys import bill_of, book, later, membership_of, until
from offices import at_desk
from phones import new_phone
from sandbox import Sandbox
from studio import Studio
from visiting import Visits


@pytest.fixture
def family(studio: Studio) -> str:
    """Anna's membership, which she shares with Ben, who has one of his own that expires later."""
    for name in ("Anna", "Ben"):
        studio.enter_client(name, new_phone())
    for kind, days in (("Family 10", 20), ("Own 5", 60)):
        studio.offer_membership(
            kind, sessions=10, price=12000, services=[studio.massage], days=days
        )
    shared = studio.sell("Anna", "Family 10")
    studio.sell("Ben", "Own 5")
    friend = {"client_id": studio.clients["Ben"].client_id}
    studio.operator.post(f"/memberships/{shared}/shared-clients", friend)
    return shared


@pytest.mark.rule("S5")
def test_a_shared_membership_is_applied_by_itself_and_its_owner_is_named(
    visit: Visits, studio: Studio, family: str
) -> None:
    page = _opened(visit, studio, _visit_of(studio, "Ben"))
    row = _row(page, "Massage")
    expect(row).to_contain_text("Family 10")
    expect(row).to_contain_text("Owner: Anna")
    expect(row).to_contain_text("applied by itself")
    expect(page.locator("[data-to-pay]")).to_have_text("€0.00")
    accessible(page)

    page.get_by_role("button", name="Sell").click()
    expect(page.get_by_role("status")).to_contain_text("The sale is completed")
    expect(page.get_by_role("row").filter(has_text="Massage")).to_contain_text("used by Ben")
    accessible(page)
    [use] = membership_of(studio, family)["uses"]
    assert (use["client_id"], use["automatic"]) == (studio.clients["Ben"].client_id, False)


@pytest.mark.rule("S5")
def test_a_row_is_opened_to_switch_to_another_membership_or_to_none(
    visit: Visits, studio: Studio, family: str
) -> None:
    page = _opened(visit, studio, _visit_of(studio, "Ben"))
    row, to_pay = _row(page, "Massage"), page.locator("[data-to-pay]")
    row.get_by_text("Switch").click()
    row.get_by_role("radio", name="Own 5").check()
    expect(row.locator("summary")).to_contain_text("Own 5")
    expect(row).not_to_contain_text("applied by itself")
    row.get_by_role("radio", name="No membership").check()
    expect(to_pay).to_have_text("€65.00")
    row.get_by_label("Discount").fill("5,00")
    row.get_by_label("Discount").press("Tab")
    expect(to_pay).to_have_text("€60.00")
    page.get_by_role("radio", name="Card").check()
    page.get_by_role("button", name="Sell").click()
    expect(page.get_by_role("status")).to_contain_text("€60.00 in card")
    assert membership_of(studio, family)["used"] == 0


@pytest.mark.rule("S5")
@pytest.mark.usefixtures("family")
def test_the_keyboard_alone_switches_a_row(visit: Visits, studio: Studio) -> None:
    page = _opened(visit, studio, _visit_of(studio, "Ben"))
    row = _row(page, "Massage")
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(row.get_by_role("radio", name="Family 10")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(row.locator("summary")).to_contain_text("Own 5")
    expect(row.get_by_role("radio", name="Own 5")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-to-pay]")).to_have_text("€65.00")
    row.get_by_label("Discount").fill("5")
    page.keyboard.press("Enter")
    expect(page.locator("[data-to-pay]")).to_have_text("€60.00")
    expect(page.get_by_role("button", name="Sell")).to_be_visible()


@pytest.mark.rule("A10")
def test_a_refund_gives_a_session_back_to_where_it_came_from(
    visit: Visits, studio: Studio, family: str
) -> None:
    appointment = _visit_of(studio, "Ben")
    page = _opened(visit, studio, appointment)
    page.get_by_role("button", name="Sell").click()
    page.get_by_role("link", name="Refund").click()
    expect(page.get_by_text("The session goes back to Family 10")).to_be_visible()
    page.get_by_role("button", name="Refund").click()
    expect(page.locator("[data-state=refunded]")).to_be_visible()
    expect(page.get_by_role("definition").last).to_have_text("€65.00")  # owed again
    assert membership_of(studio, family)["used"] == 0


def test_without_scripts_a_button_reckons_anew(visit: Visits, studio: Studio, family: str) -> None:
    page = _opened(visit, studio, _visit_of(studio, "Ben"), scripts=False)
    row = _row(page, "Massage")
    row.get_by_text("Switch").click()
    row.get_by_role("radio", name="Own 5").check()
    page.get_by_role("button", name="Add a product").click()
    page.get_by_label("Name").fill("Oil")
    page.get_by_label("Price of one").fill("9.9")
    page.get_by_role("button", name="Recalculate").last.click()
    expect(_row(page, "Massage").locator("summary")).to_contain_text("Own 5")
    expect(page.locator("[data-to-pay]")).to_have_text("€9.90")
    page.get_by_label("Price of one").fill("a lot")
    page.get_by_role("button", name="Sell").click()
    expect(page.get_by_text("Type an amount, such as 12.50.")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Oil")
    page.get_by_label("Price of one").fill("9.9")
    page.get_by_role("button", name="Sell").click()
    expect(page.get_by_role("row").filter(has_text="Massage")).to_contain_text("Own 5")
    assert membership_of(studio, family)["used"] == 0


@pytest.mark.rule("A16")
def test_what_is_paid_meanwhile_is_refused_in_words_and_shown_as_paid(
    visit: Visits, studio: Studio, family: str
) -> None:
    appointment = _visit_of(studio, "Anna")
    page = _opened(visit, studio, appointment)
    path = f"/locations/{studio.location}/visits/{appointment['visit_id']}/payments"
    studio.operator.post(path, {"method": "cash"})

    page.get_by_role("button", name="Sell").click()
    expect(page.get_by_role("alert")).to_contain_text("It is paid, or is about to be.")
    expect(page.get_by_text("Massage: It is paid already.")).to_be_visible()
    expect(page.get_by_text("Nothing of this visit is owed.")).to_be_visible()
    expect(_card(page, "Paid already")).to_contain_text("Cash")
    assert membership_of(studio, family)["used"] == 0

    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("The payment is undone.")
    expect(_row(page, "Massage")).to_contain_text("Family 10")


@pytest.mark.rule("A12", "A9")
def test_after_the_debit_of_the_first_appointment_the_visit_is_paid_partially(
    visit: Visits, sandbox: Sandbox
) -> None:
    debited, for_money = sandbox.offer(), sandbox.offer(automatic_debiting=False)
    sandbox.sell("Ana", [debited])
    first = sandbox.book("Ana", sandbox.plan(debited, sandbox.at(9)))
    sandbox.book("Ana", sandbox.plan(for_money, sandbox.at(11)))
    sandbox.wait_until(sandbox.at(9))
    sandbox.bill(first, owed=1800, total=3600)

    page = _opened(visit, sandbox.studio, first)
    expect(page.locator(".page-head [data-status=paid_partially]")).to_be_visible()
    expect(_card(page, "Paid already").locator("[data-status=debited]")).to_be_visible()
    expect(page.locator("[data-to-pay]")).to_have_text("€18.00")


@pytest.mark.rule("A13")
def test_without_auto_deduction_a_membership_is_debited_only_when_the_visit_is_arrived(
    visit: Visits, sandbox: Sandbox
) -> None:
    yoga = sandbox.offer()
    sandbox.sell("Ana", [yoga], auto_deduction=False)
    appointment = sandbox.book("Ana", sandbox.plan(yoga, sandbox.at(9)))
    sandbox.bill(appointment, owed=1800)
    page = _opened(visit, sandbox.studio, appointment)
    row = page.locator(".sale-row")
    row.get_by_text("Switch").click()
    expect(row).to_contain_text("only when the visit is Arrived or Confirmed")
    expect(page.locator("[data-to-pay]")).to_have_text("€18.00")

    sandbox.note_visit(appointment, "arrived")
    path = sandbox.here(f"/visits/{appointment['visit_id']}/sale-proposal")
    until(lambda: sandbox.studio.operator.get(path), lambda it: it["to_pay"]["amount"] == 0)
    page.reload()
    expect(row).to_contain_text("applied by itself")
    expect(page.locator("[data-to-pay]")).to_have_text("€0.00")


@pytest.mark.usefixtures("family")
def test_memberships_and_products_are_sold_and_refunded_one_by_one(
    visit: Visits, studio: Studio
) -> None:
    page = at_desk(visit, studio)
    page.get_by_role("link", name="Sales").click()
    page.get_by_role("link", name="New sale").first.click()
    page.get_by_label("Client").fill("Anna")
    page.get_by_role("link", name=re.compile("Anna")).click()
    expect(page.get_by_label("Membership type")).to_be_visible()
    expect(page.locator(".htmx-added, .htmx-settling")).to_have_count(0)  # it listens to changes
    page.get_by_label("Membership type").select_option(label="Own 5, €120.00")
    expect(page.get_by_text("10 sessions · 60 days from the sale on")).to_be_visible()
    page.get_by_label("Quantity").fill("2")
    page.get_by_label("Discount on each").fill("20")
    page.get_by_role("button", name="Add a product").click()
    expect(page.get_by_label("Name")).to_be_focused()
    page.get_by_label("Name").fill("Oil")
    page.get_by_label("Price of one").fill("4.50")
    page.get_by_label("Price of one").press("Tab")
    expect(page.locator("[data-to-pay]")).to_have_text("€204.50")
    accessible(page)
    page.get_by_role("button", name="Sell").click()
    expect(page.get_by_role("status")).to_contain_text("€204.50 in cash")

    sale = page.url
    page.get_by_role("link", name="Refund").click()
    expect(page.get_by_role("checkbox")).to_have_count(3)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Refund").click()
    expect(page.get_by_text("Refund one membership after the other")).to_be_visible()
    page.get_by_role("checkbox", name="Own 5").first.uncheck()
    page.get_by_role("button", name="Refund").click()
    expect(page).to_have_url(sale)
    expect(page.locator("[data-state=refunded_partially]")).to_be_visible()
    expect(page.locator("tr [data-status=refunded]")).to_have_count(2)
    accessible(page)


def test_a_membership_in_use_is_not_refunded_and_the_refusal_names_it(
    visit: Visits, studio: Studio, family: str
) -> None:
    _visit_of(studio, "Ben")  # it holds a session
    until(lambda: membership_of(studio, family), lambda it: it["held"] == 1)
    page = at_desk(visit, studio)
    client = studio.clients["Anna"].client_id
    page.goto(f"/office/{studio.location}/sales?client={client}")
    page.get_by_role("row").filter(has_text="Family 10").get_by_role("link").first.click()
    page.get_by_role("link", name="Refund").click()
    expect(page.get_by_role("checkbox")).to_be_checked()
    page.get_by_role("button", name="Refund").click()
    expect(page.get_by_role("alert")).to_contain_text("it cannot be taken back")
    expect(page.get_by_text("Family 10: 0 used, 1 held for bookings")).to_be_visible()


def _visit_of(studio: Studio, name: str) -> Json:
    """Book a massage of tomorrow for a client, whose visit is billed then."""
    line = {"service_id": studio.massage, "team_member_id": studio.masseuse}
    appointments = [{"start": later().isoformat(), "lines": [line]}]
    appointment = book(studio.operator, studio, name, {"appointments": appointments})
    until(lambda: bill_of(studio, appointment), lambda bill: bill is not None)
    return appointment


def _opened(visit: Visits, studio: Studio, appointment: Json, *, scripts: bool = True) -> Page:
    page = at_desk(visit, studio, scripts=scripts)
    page.goto(f"/office/{studio.location}/visits/{appointment['visit_id']}/sale")
    return page


def _row(page: Page, service: str) -> Locator:
    return page.locator(f"[data-line='{service}']")


def _card(page: Page, heading: str) -> Locator:
    return page.locator("section").filter(has=page.get_by_role("heading", name=heading, exact=True))
