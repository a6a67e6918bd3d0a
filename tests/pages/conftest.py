"""Journeys through the pages, by clicking in real browsers.

These tests are synchronous, like those of tests/system. Playwright occupies the event loop of its
thread while it runs, so it runs for one module of tests at a time, and no test here is `async`.
"""

from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from devstack import Stack, chromium
from devstack.progress import Progress
from devstack.stack import DEFAULT_FOLDER, REPOSITORY
from visiting import PATIENCE_MILLISECONDS, Visits

_PICTURES = REPOSITORY / "build" / "pages"
_failed = pytest.StashKey[bool]()


@pytest.fixture(scope="session", autouse=True)
def nothing_differs(audited: None) -> None:
    """Everything that these journeys leave behind is recomputed at the end."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium that knows nothing yet."""
    program = chromium.ensure(DEFAULT_FOLDER, Progress())
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=program,
            args=chromium.ARGUMENTS,
            chromium_sandbox=chromium.has_sandbox(),
        )
        yield opened
        opened.close()


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser, system: Stack) -> Iterator[Visits]:
    """`visit("/office/…")` opens a page in a browser of its own; nothing may go wrong on any.

    When the test fails, pictures of what was to be seen lie in build/pages.
    """
    visits = Visits(browser, system)
    yield visits
    if request.node.stash.get(_failed, False):
        visits.photograph(_PICTURES, request.node.name)
    visits.end()
    assert visits.faults == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell fixtures whether their test has failed."""
    report = yield
    if report.failed:
        item.stash[_failed] = True
    return report
