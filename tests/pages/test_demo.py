"""The demo's story comes out right, and its end is an invitation to watch a debit happen."""

import io
import re
from datetime import timedelta

from playwright.sync_api import Page, expect
from rich.console import Console

from devstack import Stack
from edge import Edge
from hosted import confirm_phone
from invitation import PASSWORD, Invitation, invite, show
from offices import StaffMember, sign_in
from story import play
from telling import Story
from visiting import Visits

_UNTIL_START = timedelta(seconds=20)


def test_the_story_comes_out_right_and_ends_with_a_debit_before_ones_eyes(
    visit: Visits, system: Stack
) -> None:
    printed = io.StringIO()
    console = Console(file=printed, width=120, soft_wrap=True)
    story = play(system.service_url("gateway"), system.platform_key, console)
    assert story.wrong == [], printed.getvalue()
    with Edge(system.service_url("gateway"), system.platform_key) as platform:
        stand_ins = system.service_url("devproviders")
        invitation = invite(story, platform, stand_ins, _UNTIL_START)
    show(story, invitation)
    _watch_the_debit(visit("/office/sign-in"), invitation)
    _look_at_my_bookings(visit(invitation.my_bookings), system, story)
    for address, words in _printed_addresses(printed.getvalue(), invitation).items():
        expect(visit(address).get_by_text(words).first).to_be_visible()


def _watch_the_debit(page: Page, invitation: Invitation) -> None:
    owner = next(email for email, role in invitation.staff.items() if role == "owner")
    sign_in(page, StaffMember("Olivia", owner, PASSWORD))
    page.goto(invitation.calendar)
    # Three are in this class; the one of the story is at nearly the same time.
    yoga = page.locator(".entry:visible").filter(has_text="Yoga").filter(has_text="3/12")
    expect(yoga).to_contain_text("3 Automatic debiting")
    expect(yoga).to_contain_text("2 Debited", timeout=40_000)
    expect(yoga).to_contain_text("1 Not debited")


def _look_at_my_bookings(page: Page, system: Stack, story: Story) -> None:
    confirm_phone(page, system, story.studio.clients["Anna"].phone)
    expect(page.get_by_text("Booking with membership").first).to_be_visible()
    expect(page.get_by_text("Debited", exact=True).first).to_be_visible()


def _printed_addresses(printed: str, invitation: Invitation) -> dict[str, str]:
    """Return the other addresses that were printed, each with words that are to be seen there."""
    words = {invitation.booking: "Yoga", invitation.widget: "Yoga", invitation.phones: "code"}
    assert words.keys() <= set(re.findall(r"http\S+", printed))
    return words
