"""The pages that describe the API."""

from playwright.sync_api import expect

from accessibility import accessible
from visiting import Visits


def test_the_problem_types_are_listed(visit: Visits) -> None:
    page = visit("/problems")
    expect(page.get_by_role("heading", name="Problem types")).to_be_visible()
    accessible(page)


def test_the_documentation_lists_the_routes(visit: Visits) -> None:
    page = visit("/docs")
    expect(page.get_by_text("Submit booking").first).to_be_visible()
