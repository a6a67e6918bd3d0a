"""Browsers that visit pages, and notice what goes wrong on them without anybody seeing it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Response,
    WebError,
)

from devstack import Stack

PATIENCE_MILLISECONDS: Final = 15_000
# Pages tell times by the clock of the location, wherever the visitor is.
_TIME_ZONE = "Asia/Kathmandu"
# What the console says of every answer above 399; `_note_answer` knows which of them are wrong.
_ANSWERED = "Failed to load resource: the server responded with a status of"
_WANTED_BY_PAGES = {"stylesheet", "script", "image", "font"}


@dataclass
class Visits:
    """Opens pages, each in a browser of its own, as if on a device of its own.

    `faults` are the errors of scripts, violations of the content security policy, alerts, server
    errors, and missing scripts, styles, pictures and fonts of all of them. Visitors say yes to
    whatever a page asks.
    """

    browser: Browser
    system: Stack
    faults: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self,
        path: str,
        *,
        scripts: bool = True,
        dark: bool = False,
        width: int = 1280,
        replica: int = 1,
        cookies: Mapping[str, str] | None = None,
        allowed: Sequence[str] = (),
    ) -> Page:
        """Open `path`, at this replica of the gateway; return the page.

        `page.goto` takes paths too, `page.context.new_page()` opens another page of the same
        visitor. The visitor comes with `cookies`. `allowed` are regular expressions of faults that
        this visitor is meant to meet.
        """
        url = self.system.service_url("gateway", replica)
        context = self.browser.new_context(
            base_url=url,
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
            timezone_id=_TIME_ZONE,
        )
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        for name, value in (cookies or {}).items():
            context.add_cookies([{"name": name, "value": value, "url": url}])
        self._contexts.append(context)
        note = partial(self._note, allowed)
        context.on("console", partial(_note_message, note))
        context.on("weberror", partial(_note_error, note))
        context.on("response", partial(_note_answer, note))
        context.on("dialog", partial(_answer, note))
        page = context.new_page()
        # What was just swapped in does not listen yet: people are slower than that.
        swapped_in = page.locator(".htmx-added, .htmx-settling").first
        page.add_locator_handler(swapped_in, lambda: None)
        page.goto(path)
        return page

    def photograph(self, folder: Path, name: str) -> None:
        """Keep pictures of all pages that are open."""
        pages = [page for context in self._contexts for page in context.pages]
        for number, page in enumerate(pages, start=1):
            safe = re.sub(r"[^\w-]+", "-", name)
            page.screenshot(path=folder / f"{safe}-{number}.png", full_page=True)

    def end(self) -> None:
        """Close all browsers."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()

    def _note(self, allowed: Sequence[str], where: str, fault: str) -> None:
        if not any(re.search(pattern, fault) for pattern in allowed):
            self.faults.append(f"{where}: {fault}")


_Note = partial[None]


def _note_message(note: _Note, message: ConsoleMessage) -> None:
    if message.type in {"error", "warning"} and not message.text.startswith(_ANSWERED):
        note(message.page.url if message.page else "", f"{message.type}: {message.text}")


def _answer(note: _Note, dialog: Dialog) -> None:
    """Say yes to whatever a page asks; that one asks nothing but only says something is wrong."""
    if dialog.type == "alert":
        note(dialog.page.url if dialog.page else "", f"alert: {dialog.message}")
    dialog.accept()


def _note_error(note: _Note, error: WebError) -> None:
    note(error.page.url if error.page else "", f"uncaught: {error.error}")


def _note_answer(note: _Note, answer: Response) -> None:
    missing = answer.status >= 400 and answer.request.resource_type in _WANTED_BY_PAGES
    if answer.status >= 500 or missing:
        note(answer.url, f"answered {answer.status}")
