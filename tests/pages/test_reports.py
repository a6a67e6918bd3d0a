"""What administrators see of sessions sold, used, expiring and not debited."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accessibility import accessible
from gateway.staff import StaffRole
from journeys import settled, until
from offices import at_desk
from sandbox import Sandbox
from visiting import Visits


@pytest.fixture
def worked(sandbox: Sandbox) -> Sandbox:
    """A studio after its first class: Ana's session was debited, Ben had none."""
    yoga = sandbox.offer()
    sandbox.sell("Ana", [yoga], sessions=3, days=8)
    sandbox.enter("Ben")
    event = sandbox.plan(yoga, sandbox.at(12))
    bookings = sandbox.book("Ana", event), sandbox.book("Ben", event, 2)
    sandbox.wait_until(sandbox.at(13))
    for each in bookings:
        settled(sandbox.studio, each)
    day = sandbox.first_day.date().isoformat()
    until(
        lambda: sandbox.studio.operator.get(
            sandbox.here("/reports/sessions"), **{"from": day, "until": day}
        ),
        lambda report: report["total"]["owed"]["amount"] > 0,
    )
    return sandbox


def reports(visit: Visits, sandbox: Sandbox, **how: object) -> Page:
    """Open the reports, as the navigation does where there are scripts or not."""
    page = at_desk(visit, sandbox.studio, StaffRole.ADMINISTRATOR, **how)
    page.get_by_role("link", name="Reports").click()
    expect(page.get_by_role("heading", name="Reports", level=1)).to_be_visible()
    return page


def figure(page: Page, name: str) -> str | None:
    return page.locator(f"[data-figure={name}]").text_content()


def test_figures_plots_and_lists_tell_the_same(visit: Visits, worked: Sandbox) -> None:
    page = reports(visit, worked)
    names = ("sold", "used", "expiring", "not-debited")
    assert [figure(page, name) for name in names] == ["3", "1", "2", "1"]
    expect(page.get_by_text("2 sessions missing, €36.00 owed")).to_be_visible()
    day = f"{worked.first_day:%a} {worked.first_day.day} {worked.first_day:%B %Y}"
    plot = page.get_by_role("img", name="Sessions used by day: 1 in all")
    expect(plot.locator(".bar-automatic")).to_have_count(1)
    expect(plot.locator("title", has_text=day)).to_have_text(f"{day}: 1 automatically, 0 by hand")
    used = page.get_by_role("region", name="Used by day", exact=True)
    used.get_by_text("As a table").click()
    expect(used.get_by_role("row", name=day).get_by_role("cell")).to_have_text(["1", "1"])
    owing = page.get_by_role("region", name="Appointments not debited")
    expect(owing.get_by_role("row", name="Ben")).to_contain_text("€36.00")
    soon = page.get_by_role("region", name="Memberships that expire soon")
    expect(soon.get_by_role("row", name="Ana")).to_be_visible()
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        accessible(page)


def test_a_week_and_dates_of_ones_own_are_chosen_without_scripts(
    visit: Visits, worked: Sandbox
) -> None:
    page = reports(visit, worked, scripts=False, width=320)
    page.get_by_role("link", name="7 days").click()
    expect(page.get_by_role("link", name="7 days")).to_have_attribute("aria-current", "page")
    assert figure(page, "used") == "1"
    before = (worked.first_day - timedelta(days=70)).date(), worked.first_day.date()
    for label, day in zip(("From", "Until"), before, strict=True):
        page.get_by_label(label).fill(day.isoformat())
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Used by week")).to_be_visible()
    assert figure(page, "used") == "1"
    page.get_by_label("From").fill((before[1] + timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Choose a day within a year after the first.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_table_is_downloaded_for_spreadsheets(
    visit: Visits, worked: Sandbox, tmp_path: Path
) -> None:
    page = reports(visit, worked)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download CSV").click()
    table = tmp_path / "table.csv"
    downloading.value.save_as(table)
    with table.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 30
    assert rows[-1]["date"] == worked.first_day.date().isoformat()
    counts = ("sold", "used", "not_debited", "owed_EUR")
    assert [rows[-1][name] for name in counts] == ["3", "1", "1", "36.00"]


def test_where_nothing_happened_the_page_says_so(visit: Visits, sandbox: Sandbox) -> None:
    page = reports(visit, sandbox)
    expect(page.get_by_text("No session was used in these dates.").first).to_be_visible()
    expect(page.locator("svg.plot")).to_have_count(0)
    accessible(page)
