"""Nobody sees or changes in the back office what is not theirs, by whatever address or form."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from devstack import Stack
from edge import Edge
from gateway.pages.permissions import PAGE_ROLES
from gateway.staff import StaffRole
from office_callers import OF_A_LOCATION, PAGES, Caller, is_form, named_in
from offices import employ
from places import Place, settled

ROLES = (StaffRole.OPERATOR, StaffRole.ADMINISTRATOR, StaffRole.OWNER)
OPEN = {"show_sign_in", "sign_in"}
FORMS = [page for page in OF_A_LOCATION if is_form(page)]


@dataclass
class World:
    """Two chains with one of everything; `caller` lets somebody call, signed in at a place."""

    own: Place
    foreign: Place
    caller: Callable[..., Caller]


@pytest.fixture(scope="module")
def world(system: Stack) -> Iterator[World]:
    url = system.service_url("gateway")
    with ExitStack() as open_until_the_end, Edge(url, system.platform_key) as platform:

        def caller(place: Place | None = None, role: StaffRole = StaffRole.OWNER) -> Caller:
            made = Caller.of(url)
            open_until_the_end.enter_context(made.http)
            if place:
                ids = place.ids
                made.sign_in(employ(platform, ids["chain_id"], ids["location_id"], role))
            return made

        own, foreign = Place.opened(platform), Place.opened(platform)
        settled(own, foreign)
        yield World(own, foreign, caller)


def test_every_page_of_a_location_has_a_role() -> None:
    assert set(PAGE_ROLES) == set(OF_A_LOCATION)


def test_without_a_session_every_page_leads_to_the_sign_in(world: World) -> None:
    stranger, pages = world.caller(), sorted(PAGES.keys() - OPEN)
    statuses = {page: stranger.call(page, world.own.ids) for page in pages}
    assert statuses == dict.fromkeys(pages, 303)


def test_a_page_is_for_its_role_and_those_above(world: World) -> None:
    place = Place.opened(world.own.platform)
    settled(place)
    for role in ROLES:
        caller = world.caller(place, role)
        statuses = {page: caller.call(page, place.ids) for page in OF_A_LOCATION}
        allowed = {page for page, status in statuses.items() if status != 403}
        assert allowed == {page for page in OF_A_LOCATION if role.includes(PAGE_ROLES[page])}
        assert {page: status for page, status in statuses.items() if status >= 500} == {}


@pytest.mark.parametrize("role", ROLES)
def test_a_location_of_another_chain_does_not_exist(world: World, role: StaffRole) -> None:
    caller = world.caller(world.own, role)
    statuses = {page: caller.call(page, world.foreign.ids) for page in OF_A_LOCATION}
    assert statuses == dict.fromkeys(OF_A_LOCATION, 404)


def test_what_is_elsewhere_is_not_found_at_an_address_of_ones_own(world: World) -> None:
    before, owner = world.foreign.picture(), world.caller(world.own)
    ids = world.foreign.ids | {"location_id": world.own.ids["location_id"]}
    pages = [page for page in OF_A_LOCATION if named_in(page)]
    assert {page: owner.call(page, ids) for page in pages} == dict.fromkeys(pages, 404)
    assert world.foreign.picture() == before


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://example.test"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=["origin", "fetch"],
)
def test_a_form_that_another_site_sends_is_refused(world: World, headers: dict[str, str]) -> None:
    owner, before = world.caller(world.own), world.own.picture()
    forms = [*FORMS, "sign_in", "sign_out", "change_password"]
    statuses = {page: owner.call(page, world.own.ids, headers=headers) for page in forms}
    assert statuses == dict.fromkeys(forms, 403)
    assert world.own.picture() == before


@pytest.mark.parametrize("whose", ["nobody", "colleague"])
def test_a_form_of_another_session_is_refused(world: World, whose: str) -> None:
    owner, colleague = world.caller(world.own), world.caller(world.own)
    csrf, before = colleague.csrf if whose == "colleague" else "", world.own.picture()
    forms = [*FORMS, "sign_out", "change_password"]
    statuses = {page: owner.call(page, world.own.ids, csrf=csrf) for page in forms}
    assert statuses == dict.fromkeys(forms, 403)
    assert world.own.picture() == before


def test_each_sign_in_opens_a_session_of_its_own_and_a_sign_out_ends_it(world: World) -> None:
    caller, other = world.caller(world.own), world.caller()
    first = dict(caller.http.cookies)
    other.http.cookies.update(first)
    caller.http.post("/office/sign-in", data={"email": "nobody@example.test", "password": "no"})
    assert dict(caller.http.cookies) == first
    again = world.caller(world.own)
    assert dict(again.http.cookies) != first
    assert other.call("show_account", {}) == 200
    assert caller.call("sign_out", {}) == 303
    assert (other.call("show_account", {}), again.call("show_account", {})) == (303, 200)
