"""A client's profile: what is to come, memberships own and shared, appointments, sales, debts."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from contracts.booking_views import AppointmentPage, ClientView, TestClockView
from contracts.membership_views import MembershipList
from contracts.profile_views import ClientProfile
from contracts.reply import Problem
from contracts.sales_views import DebtList, SaleList
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, submitted
from gateway.pages.office.clients import client_fields, client_of, clients_of
from web.problems import ProblemError

AnyRequest = Request[Any, Any, Any]
_PATH = "/{location_id:uuid}/clients/{client_id:uuid}"
_A_PAGE: Final = 20
_TABS: Final = ("overview", "memberships", "appointments", "sales", "debts")


@get(_PATH)
async def show_client(
    client_id: FromPath[UUID],
    desk: NamedDependency[Desk],
    tab: FromQuery[str] = "overview",
    cursor: FromQuery[str] = "",
) -> Response[str] | Redirect:
    """Show one tab of a client's profile; the id of a client who was merged leads to whom it is."""
    shown = tab if tab in _TABS else "overview"
    client = await client_of(desk, client_id)
    if client.client_id != client_id:
        return Redirect(f"{desk.here}/clients/{client.client_id}?tab={shown}", status_code=303)
    return desk.page(
        f"office/clients/{shown}.html",
        client=client,
        tab=shown,
        tabs=_TABS,
        cursor=cursor,
        **await _found(desk, f"{clients_of(desk)}/{client_id}", shown, cursor or None),
    )


@get(_PATH + "/change")
async def show_client_form(client_id: FromPath[UUID], desk: NamedDependency[Desk]) -> Response[str]:
    """Show the form for another name or phone."""
    client = await client_of(desk, client_id)
    fields = [("name", client.name or ""), ("phone", client.phone or "")]
    return _form_page(desk, client, Form(fields))


@post(_PATH + "/change")
async def change_client(
    request: AnyRequest, client_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Replace name and phone; memberships and bookings stay the client's."""
    form, client = await submitted(request), await client_of(desk, client_id)
    path = f"{clients_of(desk)}/{client.client_id}"
    try:
        await desk.api.put(path, client_fields(desk, form), ClientView, key=form.key)
    except ProblemError as refused:
        return _form_page(desk, client, form, refused.problem)
    return desk.done(f"{desk.here}/clients/{client.client_id}", "Name and phone are changed.")


async def _found(desk: Desk, path: str, tab: str, cursor: str | None) -> Mapping[str, Any]:
    """Return what a tab shows."""
    match tab:
        case "memberships":
            client_id = path.rsplit("/", 1)[-1]
            owned = f"/v1/clients/{client_id}/memberships"
            return {"memberships": await desk.api.get(owned, MembershipList)}
        case "appointments":
            asked = {"cursor": cursor, "limit": _A_PAGE}
            page = await desk.api.get(f"{path}/appointments", AppointmentPage, **asked)
            return {"appointments": page}
        case "sales":
            asked = {"cursor": cursor, "limit": _A_PAGE}
            return {"sales": await desk.api.get(f"{path}/sales", SaleList, **asked)}
        case "debts":
            return {"debts": await desk.api.get(f"{path}/debts", DebtList)}
        case _:
            return await _overview(desk, path)


async def _overview(desk: Desk, path: str) -> Mapping[str, Any]:
    profile, clock = await asyncio.gather(
        desk.api.get(f"{path}/profile", ClientProfile),
        desk.api.get(f"/v1/chains/{desk.chain_id}/clock", TestClockView),
    )
    appointments = profile.appointments.appointments
    to_come = [one for one in appointments if one.state == "accepted" and one.end > clock.now]
    return {"profile": profile, "to_come": to_come[::-1]}


def _form_page(
    desk: Desk, client: ClientView, form: Form, problem: Problem | None = None
) -> Response[str]:
    return desk.page(
        "office/clients/change.html",
        status=problem.status if problem else 200,
        client=client,
        form=form,
        problem=problem,
    )
