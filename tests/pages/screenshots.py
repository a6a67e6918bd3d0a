"""Pictures of all pages, light and dark, at three widths: `make screenshots`.

The demo is played, so that there is something to be seen on them. The pages are found by their
links; the pictures lie in build/screenshots.
"""

import re
import shutil
from dataclasses import dataclass
from itertools import product
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console

from devstack import Stack, chromium
from devstack.progress import Progress
from devstack.stack import DEFAULT_FOLDER, REPOSITORY
from devstack.terminal import watched
from edge import Edge
from gateway.pages.booking.guest import CLIENT
from invitation import PASSWORD, invite
from office_callers import Caller
from offices import StaffMember
from phones import code_for, messages_to
from story import play
from studio import issue_widget_key
from telling import Story
from walking import kind_of, walk

_FOLDER = REPOSITORY / "build" / "screenshots"
_WIDTHS = (1280, 390, 320)
_MILLISECONDS_TO_SETTLE = 300


@dataclass(frozen=True)
class Viewer:
    """Somebody, signed in or not, with the pages that are there to be seen."""

    caller: Caller
    pages: list[str]


def main() -> None:
    """Photograph every page once for each width and scheme."""
    with watched(Console()) as progress:
        stack = Stack(progress=progress)
        stack.up()
        progress.doing("Playing the demo")
        viewers = _viewers(stack)
        progress.doing(f"Photographing {sum(len(viewer.pages) for viewer in viewers)} pages")
        _photograph_all(viewers)
        progress.done(f"The pictures are in {_FOLDER.relative_to(REPOSITORY)}")


def _viewers(stack: Stack) -> list[Viewer]:
    """Play the demo; return a client, the owner, and who runs the platform."""
    url, stand_ins = stack.service_url("gateway"), stack.service_url("devproviders")
    with Edge(url, stack.platform_key) as platform:
        story = play(url, stack.platform_key, Console(quiet=True))
        invitation = invite(story, platform, stand_ins)
        client = _client(stack, platform, story)
    found = walk(client.http, f"/book/{story.studio.location}", below="/book", with_queries=False)
    owner = next(email for email, role in invitation.staff.items() if role == "owner")
    viewers = [Viewer(client, ["/office/sign-in", *found])]
    for email, start in ((owner, invitation.calendar), (invitation.platform, "/office")):
        caller = Caller.of(url)
        caller.sign_in(StaffMember("", email, PASSWORD))
        viewers.append(Viewer(caller, walk(caller.http, urlsplit(start).path, below="/office")))
    return viewers


def _client(stack: Stack, platform: Edge, story: Story) -> Caller:
    """Return Anna, who has confirmed her phone."""
    studio, phone = story.studio, story.studio.clients["Anna"].phone
    key = issue_widget_key(platform, studio.chain, studio.location, [platform.url])
    seen = len(messages_to(stack, phone))
    with Edge(platform.url, key) as widget:
        widget.post(f"/locations/{studio.location}/phone-codes", {"phone": phone})
        form = {"phone": phone, "code": code_for(stack, phone, seen=seen)}
        path = f"/locations/{studio.location}/phone-confirmations"
        token = str(widget.post(path, form)["token"])
    caller = Caller.of(platform.url)
    caller.http.cookies.set(CLIENT, token)
    return caller


def _photograph_all(viewers: list[Viewer]) -> None:
    shutil.rmtree(_FOLDER, ignore_errors=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.ensure(DEFAULT_FOLDER, Progress()),
            args=chromium.ARGUMENTS,
            chromium_sandbox=chromium.has_sandbox(),
        )
        for viewer, width, is_dark in product(viewers, _WIDTHS, (False, True)):
            _photograph(browser, viewer, width=width, is_dark=is_dark)
        browser.close()


def _photograph(browser: Browser, viewer: Viewer, *, width: int, is_dark: bool) -> None:
    url, scheme = str(viewer.caller.http.base_url), "dark" if is_dark else "light"
    context = browser.new_context(
        base_url=url, color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    for name, value in viewer.caller.http.cookies.items():
        context.add_cookies([{"name": name, "value": value, "url": url}])
    page = context.new_page()
    for path in viewer.pages:
        page.goto(path)
        # What a script draws has been drawn by then; a picture needs no more certainty.
        page.wait_for_timeout(_MILLISECONDS_TO_SETTLE)
        page.screenshot(path=_FOLDER / f"{_name(path)}-{width}-{scheme}.png", full_page=True)
    context.close()


def _name(path: str) -> str:
    """Return "office-memberships-one" for the address of a membership in the back office."""
    kind = re.sub(r"^/(office|book)/…", r"/\1", kind_of(path))
    return re.sub(r"\W+", "-", kind.replace("…", "one")).strip("-")


if __name__ == "__main__":
    main()
