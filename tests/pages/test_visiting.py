"""What goes wrong on a page is noticed, whatever the test on it was about."""

import pytest
from playwright.sync_api import Page, expect

from accessibility import accessible
from visiting import Visits

_POLICY = {"Content-Security-Policy": "script-src 'self'; style-src 'self'"}


def show(page: Page, body: str, **headers: str) -> None:
    """Let the page at /made-up have this body."""
    html = f"<!doctype html><html lang=en><title>Made up</title><main>{body}</main>"
    page.route("**/made-up", lambda route: route.fulfill(body=html, headers=headers))
    page.route("**/out-of-order", lambda route: route.fulfill(status=502))
    page.goto("/made-up")
    expect(page).to_have_title("Made up")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<script>console.error('Oh dear')</script>", "error: Oh dear"),
        ("<script>nobody.is.there</script>", "uncaught: nobody is not defined"),
        ("<script>alert(1)</script>", "alert: 1"),
        ("<script src=/static/missing.js></script>", "missing.js: answered 404"),
        ("<script>fetch('/out-of-order')</script>", "out-of-order: answered 502"),
    ],
)
def test_a_fault_is_noticed(visit: Visits, body: str, fault: str) -> None:
    page = visit("/problems")
    show(page, body)
    page.wait_for_load_state("networkidle")
    assert fault in "\n".join(visit.faults)
    visit.faults.clear()


@pytest.mark.parametrize("body", ["<script>1</script>", "<p style='color: red'>Red</p>"])
def test_a_violation_of_the_content_security_policy_is_noticed(visit: Visits, body: str) -> None:
    page = visit("/problems")
    show(page, body, **_POLICY)
    assert "Content Security Policy" in "\n".join(visit.faults)
    visit.faults.clear()


def test_a_fault_that_is_meant_is_passed_over(visit: Visits) -> None:
    page = visit("/problems", allowed=["Oh dear"])
    show(page, "<script>console.error('Oh dear')</script>")
    assert visit.faults == []


def test_axe_works_under_a_strict_policy_and_sees_what_is_grave(visit: Visits) -> None:
    page = visit("/problems")
    show(page, "<h1>Words</h1><p>for <a href=/problems>everybody</a>", **_POLICY)
    accessible(page)
    show(page, "<h1>Words</h1><img src=/problems>", **_POLICY)
    with pytest.raises(AssertionError, match=r"critical image-alt.*\n.* img — "):
        accessible(page)


def test_what_only_the_dark_has_is_seen(visit: Visits) -> None:
    dark = "<style>@media (prefers-color-scheme: dark) { p { color: #777; background: #666 } }"
    page = visit("/problems")
    show(page, f"{dark}</style><h1>Words</h1><p>Hardly to be seen")
    with pytest.raises(AssertionError, match=r"dark\n.*color-contrast"):
        accessible(page)


def test_without_scripts_there_are_none(visit: Visits) -> None:
    page = visit("/problems", scripts=False)
    show(page, "<p>Quiet</p><script>document.querySelector('p').textContent = 'Loud'</script>")
    expect(page.get_by_text("Quiet")).to_be_visible()


def test_visitors_have_cookies_of_their_own(visit: Visits) -> None:
    one, other = visit("/problems"), visit("/problems", replica=2)
    one.evaluate("document.cookie = 'who=one'")
    assert (one.evaluate("document.cookie"), other.evaluate("document.cookie")) == ("who=one", "")
