"""Clients: found, changed, and merged when two entries turn out to be one person."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from contracts.booking import (
    ChangeClient,
    ClientForm,
    ClientsMerged,
    MergeClients,
    MergingForm,
    RegisterClient,
)
from contracts.booking_views import AppointmentPage, ClientPage, ClientView, MyBookings
from contracts.membership import HoldReleased
from web import Role

from .asking import Asking
from .changes import asked_last, cancelling, placed, repeating, rescheduling
from .studio import MONDAY, Studio, held

HOUR = timedelta(hours=1)
ADA, ADAS_OTHER, BEN = "+4930901820", "+4930901821", "+4930901822"


async def entered(studio: Studio, name: str, phone: str) -> UUID:
    """Enter a client and return the id."""
    form = ClientForm(name=name, phone=phone)
    command = RegisterClient(client_id=uuid4(), chain_id=studio.chain_id, client=form)
    await studio.done(Role.OPERATOR, command)
    return command.client_id


def changing(studio: Studio, client_id: UUID, name: str, phone: str) -> ChangeClient:
    form = ClientForm(name=name, phone=phone)
    return ChangeClient(client_id=client_id, chain_id=studio.chain_id, client=form)


def merging(studio: Studio, into: UUID, *others: UUID) -> MergeClients:
    return MergeClients(
        client_id=into, chain_id=studio.chain_id, merging=MergingForm(client_ids=others)
    )


async def merged(studio: Studio, into: UUID, *others: UUID) -> ClientView:
    return ClientView.model_validate(
        await studio.done(Role.OPERATOR, merging(studio, into, *others))
    )


async def listed(asking: Asking, studio: Studio, **query: object) -> list[str | None]:
    page = await asking.get(f"/chains/{studio.chain_id}/clients", Role.OPERATOR, **query)
    return [each.name for each in ClientPage.model_validate(page).clients]


async def test_clients_are_listed_by_name_in_pages(studio: Studio, asking: Asking) -> None:
    names = ["Éva", "ada", "Bo", "Ada", "Cy"]
    for number, name in enumerate(names):
        await entered(studio, name, f"+493090182{number}")
    everybody = await listed(asking, studio)
    assert sorted(map(str, everybody)) == sorted(names)
    seen: list[str | None] = []
    cursor: str | None = None
    while True:
        path = f"/chains/{studio.chain_id}/clients"
        more = {} if cursor is None else {"cursor": cursor}
        page = ClientPage.model_validate(await asking.get(path, Role.OPERATOR, limit=2, **more))
        seen += [each.name for each in page.clients]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == everybody
    assert await asking.get(path, Role.OPERATOR, cursor="no") == "invalid-request"


@pytest.mark.rule("G8")
async def test_a_client_is_found_by_a_part_of_the_name_or_of_any_number_however_it_is_typed(
    studio: Studio, asking: Asking
) -> None:
    ada = await entered(studio, "Ada Lovelace", ADA)
    other = await entered(studio, "A. Lovelace", ADAS_OTHER)
    await entered(studio, "Ben 100%", "+4940123456")
    assert await listed(asking, studio, search="LOVE") == ["A. Lovelace", "Ada Lovelace"]
    assert await listed(asking, studio, search="%") == ["Ben 100%"]
    assert await listed(asking, studio, search="030 90-1820") == ["Ada Lovelace"]
    assert await listed(asking, studio, phone="030/90 18 21") == ["A. Lovelace"]
    assert await listed(asking, studio, phone="none") == []
    await merged(studio, ada, other)
    assert await listed(asking, studio) == ["Ada Lovelace", "Ben 100%"]
    for by in ({"phone": "030 901821"}, {"search": "901821"}, {"phone": ADA}):
        assert await listed(asking, studio, **by) == ["Ada Lovelace"]


@pytest.mark.rule("X4")
async def test_names_and_numbers_are_for_the_chains_own_people(
    studio: Studio, asking: Asking
) -> None:
    ada = await entered(studio, "Ada", ADA)
    elsewhere = studio.principal(Role.OPERATOR).model_copy(update={"chain_id": uuid4()})
    here = f"/chains/{studio.chain_id}"
    paths = ("clients", f"clients/{ada}", f"clients/{ada}/appointments", "client-names")
    for path in paths:
        asked = {"client_id": ada} if path == "client-names" else {}
        assert await asking.get(f"{here}/{path}", Role.WIDGET, **asked) == "forbidden"
        assert await asking.get(f"{here}/{path}", elsewhere, **asked) == "not-found"
    for command in (changing(studio, ada, "Eve", BEN), merging(studio, ada, uuid4())):
        assert (await studio.refused(elsewhere, command))[0] == "not-found"
        assert (await studio.refused(Role.WIDGET, command))[0] == "forbidden"
    assert (await studio.refused(Role.OPERATOR, merging(studio, ada, uuid4())))[0] == "not-found"


@pytest.mark.rule("G8")
async def test_what_is_booked_follows_the_client_to_a_new_number(
    studio: Studio, asking: Asking
) -> None:
    massage = await studio.service()
    await studio.team_member(massage)
    booking = await studio.booked(studio.submit(massage))
    await studio.done(Role.OPERATOR, changing(studio, booking.client_id, "Ada King", "030 901822"))
    mine = await asking.here("/my-bookings", studio.client(BEN))
    [appointment] = MyBookings.model_validate(mine).appointments
    assert (appointment.client_id, appointment.client_name) == (booking.client_id, "Ada King")
    nobodys = await asking.here("/my-bookings", studio.client(ADA))
    assert nobodys == {"client_id": None, "appointments": []}


@pytest.mark.rule("G8", "X4")
async def test_a_number_that_somebody_has_is_refused_and_changes_nothing(
    studio: Studio, asking: Asking
) -> None:
    ada, ben = await entered(studio, "Ada", ADA), await entered(studio, "Ben", BEN)
    other = await entered(studio, "A.", ADAS_OTHER)
    await merged(studio, ada, other)
    for taken in (ADA, ADAS_OTHER):
        name, detail = await studio.refused(Role.OPERATOR, changing(studio, ben, "Ben", taken))
        assert name == "conflict"
        assert "Ada" not in detail
    assert await listed(asking, studio, phone=BEN) == ["Ben"]
    wrong = await studio.refused(Role.OPERATOR, changing(studio, ben, "Ben", "no number"))
    assert wrong == ("invalid-request", "phone")
    # One of the client's own may be the current one.
    answer = await studio.done(Role.OPERATOR, changing(studio, ada, "Ada", ADAS_OTHER))
    assert ClientView.model_validate(answer).phone == ADAS_OTHER
    assert await listed(asking, studio, phone=ADA) == []


@pytest.mark.rule("G8")
async def test_a_merged_client_keeps_name_and_number_of_the_one_and_all_ids_mean_it(
    studio: Studio, asking: Asking
) -> None:
    ada, other = await entered(studio, "Ada", ADA), await entered(studio, "A.", ADAS_OTHER)
    view = await merged(studio, ada, other)
    assert (view.client_id, view.name, view.phone) == (ada, "Ada", ADA)
    assert view.merged_client_ids == (other,)
    for client_id in (ada, other):
        found = await asking.get(f"/chains/{studio.chain_id}/clients/{client_id}")
        assert ClientView.model_validate(found) == view
    names = await asking.get(f"/chains/{studio.chain_id}/client-names", client_id=[ada, other])
    assert names == {"names": {str(ada): "Ada", str(other): "Ada"}}
    [told] = await studio.said(ClientsMerged)
    assert (told.client_id, told.merged_client_ids) == (ada, (other,))
    assert (await studio.refused(Role.OPERATOR, merging(studio, other, ada)))[0] == "conflict"
    assert (await studio.refused(Role.OPERATOR, merging(studio, ada, ada)))[0] == "conflict"


@pytest.mark.rule("G8")
@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("order", list(permutations([(0, 1), (1, 2), (3, 2)])))
async def test_merges_in_every_order_end_with_one_client_whom_all_ids_and_numbers_mean(
    studio: Studio, asking: Asking, order: Sequence[tuple[int, int]], *, together: bool
) -> None:
    numbers = [f"+493090182{number}" for number in range(4)]
    ids = [await entered(studio, f"Client {phone}", phone) for phone in numbers]
    commands = [merging(studio, ids[into], ids[other]) for into, other in order]
    if together:
        answers = await studio.ask(Role.OPERATOR, *commands)
        assert {each.state for each in answers} == {"done"}
    else:
        for command in commands:
            await studio.done(Role.OPERATOR, command)
    found = [await asking.get(f"/chains/{studio.chain_id}/clients/{each}") for each in ids]
    views = [ClientView.model_validate(each) for each in found]
    assert len({view.client_id for view in views}) == 1
    assert {views[0].client_id, *views[0].merged_client_ids} == set(ids)
    for phone in numbers:
        assert await listed(asking, studio, phone=phone) == [views[0].name]


@pytest.mark.rule("G8", "G10")
async def test_whoever_was_merged_sees_and_changes_all_bookings_by_either_number(
    studio: Studio, asking: Asking
) -> None:
    massage = await studio.service()
    await studio.team_member(massage)
    first = await studio.booked(studio.submit(massage))
    second = await studio.booked(studio.submit(massage, start=MONDAY + HOUR, phone=ADAS_OTHER))
    view = await merged(studio, first.client_id, second.client_id)
    third = await studio.booked(studio.submit(massage, start=MONDAY + 2 * HOUR, phone=ADAS_OTHER))
    assert third.client_id == first.client_id
    for phone in (ADA, ADAS_OTHER):
        mine = MyBookings.model_validate(await asking.here("/my-bookings", studio.client(phone)))
        assert mine.client_id == view.client_id
        assert [each.start for each in mine.appointments] == [
            MONDAY + 2 * HOUR,
            MONDAY + HOUR,
            MONDAY,
        ]
        assert {each.client_id for each in mine.appointments} == {view.client_id}
    other = second.appointments[0]
    path = f"/appointments/{other.appointment_id}"
    shown = await asking.here(path, studio.client(ADA))
    assert (shown["client_name"], shown["visit_id"]) == ("Ada", str(other.visit_id))
    again = repeating(studio, other, MONDAY + 3 * HOUR)
    [answer] = await studio.ask(studio.client(ADA), again)
    assert answer.result["client_id"] == str(view.client_id)
    await studio.done(studio.client(ADAS_OTHER), rescheduling(studio, other, MONDAY + 4 * HOUR))
    await studio.done(studio.client(ADA), cancelling(studio, other))
    assert await asking.here(path, studio.client(BEN)) == "not-found"


@pytest.mark.rule("G8")
async def test_what_was_under_way_when_clients_were_merged_is_the_merged_clients(
    studio: Studio, asking: Asking
) -> None:
    yoga = await studio.service(automatic_debiting=True)
    await studio.team_member(yoga)
    ada = await entered(studio, "Ada", ADA)
    [pending] = await studio.ask(Role.OPERATOR, studio.submit(yoga, phone=ADAS_OTHER))
    asked = await asked_last(studio)
    await merged(studio, ada, asked.client_id)
    await studio.hear(held(asked))
    page = await asking.get(f"/chains/{studio.chain_id}/clients/{ada}/appointments")
    [appointment] = AppointmentPage.model_validate(page).appointments
    assert (appointment.state, appointment.client_name) == ("accepted", "Ada")
    assert pending.state == "pending"
    await studio.ask(Role.OPERATOR, rescheduling(studio, appointment, MONDAY + HOUR))
    await studio.hear(placed(await asked_last(studio)))
    day = MONDAY.date()
    [shown] = (await asking.here("/calendar", date=day))["appointments"]
    assert shown["client_id"] == str(ada)


async def test_a_clients_appointments_come_in_pages_the_latest_start_first(
    studio: Studio, asking: Asking
) -> None:
    massage = await studio.service()
    await studio.team_member(massage)
    bookings = [
        await studio.booked(studio.submit(massage, start=MONDAY + number * HOUR))
        for number in range(3)
    ]
    path = f"/chains/{studio.chain_id}/clients/{bookings[0].client_id}/appointments"
    first = AppointmentPage.model_validate(await asking.get(path, limit=2))
    assert [each.start for each in first.appointments] == [MONDAY + 2 * HOUR, MONDAY + HOUR]
    assert first.next_cursor is not None
    rest = AppointmentPage.model_validate(await asking.get(path, cursor=first.next_cursor))
    assert [each.start for each in rest.appointments] == [MONDAY]
    assert rest.next_cursor is None
    nobodys = f"/chains/{studio.chain_id}/clients/{uuid4()}/appointments"
    assert await asking.get(nobodys) == "not-found"


@pytest.mark.rule("X6", "S2")
@pytest.mark.parametrize("reason", ["visit_passed", "adjusted", "voided", "unshared"])
async def test_a_line_whose_hold_was_released_is_flagged_and_says_so_everywhere(
    studio: Studio, asking: Asking, reason: str
) -> None:
    appointment = await studio.appointment()
    [line] = appointment.lines
    assert line.membership_id is not None
    released = HoldReleased.model_validate(
        {
            "line_id": line.line_id,
            "appointment_id": appointment.appointment_id,
            "booking_id": appointment.booking_id,
            "location_id": studio.location_id,
            "client_id": appointment.client_id,
            "membership_id": line.membership_id,
            "reason": reason,
        }
    )
    await studio.hear(released)
    shown = await asking.here(f"/appointments/{appointment.appointment_id}")
    [calendar] = (await asking.here("/calendar", date=MONDAY.date()))["appointments"]
    page = await asking.get(
        f"/chains/{studio.chain_id}/clients/{appointment.client_id}/appointments"
    )
    for view in (shown, calendar, *page["appointments"]):
        [line_now] = view["lines"]
        assert (line_now["hold_released"], line_now["membership_id"]) == (True, None)
        assert line_now["debit_status"] == "automatic_debiting"
