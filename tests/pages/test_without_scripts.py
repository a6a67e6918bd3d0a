"""Everything works as plain links and forms."""

import pytest
from playwright.sync_api import expect

from devstack import Stack
from hosted import book_class
from journeys import later
from offices import at_desk
from phones import new_phone
from studio import Studio
from visiting import Visits


@pytest.mark.rule("G8", "A2")
def test_a_client_books_and_the_desk_cancels(visit: Visits, system: Stack, studio: Studio) -> None:
    phone, start = new_phone(), later()
    studio.enter_client("Anna", phone)
    studio.offer_membership("Ten", sessions=10, price=9000, services=[studio.yoga], days=30)
    studio.sell("Anna", "Ten")
    studio.plan_class(start, capacity=10)
    client = visit(f"/book/{studio.location}", scripts=False)
    book_class(client, system, "Yoga", phone, "Anna")
    expect(client.get_by_role("heading", level=1)).to_have_text("You are booked")

    desk = at_desk(visit, studio, scripts=False)
    day = start.astimezone(studio.zone).date()
    desk.goto(f"/office/{studio.location}/calendar?date={day}")
    desk.get_by_role("link", name="Yoga").click()
    desk.get_by_role("link", name="Anna").first.click()
    desk.get_by_text("Cancel the booking of this class").click()
    desk.get_by_role("button", name="Cancel it").click()
    expect(desk.get_by_text("It is cancelled without charge.")).to_be_visible()

    client.get_by_role("link", name="My bookings").first.click()
    expect(client.get_by_role("listitem").filter(has_text="Yoga")).to_contain_text("Cancelled")
