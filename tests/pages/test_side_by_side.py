"""Two browsers side by side: what a client does, the front desk sees at once."""

import pytest
from playwright.sync_api import expect

from devstack import Stack
from hosted import book_class
from journeys import later
from offices import at_desk
from phones import new_phone
from studio import Studio
from visiting import Visits


@pytest.mark.rule("A3", "G11")
def test_a_client_books_and_cancels_and_the_calendar_shows_it_at_once(
    visit: Visits, system: Stack, studio: Studio
) -> None:
    phone, start = new_phone(), later()
    studio.enter_client("Anna", phone)
    studio.offer_membership("Ten", sessions=10, price=9000, services=[studio.yoga], days=30)
    studio.sell("Anna", "Ten")
    studio.plan_class(start, capacity=10)
    desk, client = at_desk(visit, studio), visit(f"/book/{studio.location}", replica=2, width=390)
    day = start.astimezone(studio.zone).date()
    desk.goto(f"/office/{studio.location}/calendar?date={day}")
    yoga = desk.locator(".entry:visible").filter(has_text="Yoga")
    expect(yoga).to_contain_text("0/10")

    book_class(client, system, "Yoga", phone, "Anna")
    expect(client.get_by_role("heading", level=1)).to_have_text("You are booked")
    expect(yoga).to_contain_text("1/10")
    expect(yoga).to_contain_text("1 Automatic debiting")

    client.get_by_role("link", name="My bookings").first.click()
    client.get_by_role("link", name="Cancel").click()
    client.get_by_role("button", name="Yes, cancel it").click()
    expect(client.get_by_role("status")).to_have_text("The booking is cancelled.")
    expect(yoga).to_contain_text("0/10")
