"""Ends of clients: two who are one person, and one who is to be forgotten."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from contracts.booking_views import ClientView
from contracts.profile_views import ClientProfile
from contracts.reply import Problem
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, id_in, submitted
from gateway.pages.office.clients import client_of, clients_of
from web.problems import ProblemError, invalid_field

AnyRequest = Request[Any, Any, Any]
_PATH = "/{location_id:uuid}/clients/{client_id:uuid}"


@get(_PATH + "/merge")
async def show_client_merging(
    client_id: FromPath[UUID], desk: NamedDependency[Desk], client: FromQuery[str] = ""
) -> Response[str]:
    """Have another client found, and show both before they become one."""
    return await _merging_page(desk, client_id, id_in(client))


@post(_PATH + "/merge")
async def merge_clients(
    request: AnyRequest, client_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Make one client of two, who keeps the name and phone of the first."""
    form, kept = await submitted(request), await client_of(desk, client_id)
    path, other = f"{clients_of(desk)}/{kept.client_id}/merge", form.text("client")
    try:
        await desk.api.post(path, {"client_ids": [other]}, ClientView, key=form.key)
    except ProblemError as refused:
        return await _merging_page(desk, client_id, id_in(other), refused.problem)
    said = f"They are one client now: {kept.name}."
    return desk.done(f"{desk.here}/clients/{kept.client_id}", said)


@get(_PATH + "/erase")
async def show_erasing(client_id: FromPath[UUID], desk: NamedDependency[Desk]) -> Response[str]:
    """Say what it means to erase a client, and ask for the name."""
    return _erasing_page(desk, await client_of(desk, client_id), Form())


@post(_PATH + "/erase")
async def erase_client(
    request: AnyRequest, client_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Forget a client's name and phone everywhere, if the name was typed."""
    form, client = await submitted(request), await client_of(desk, client_id)
    path = f"{clients_of(desk)}/{client.client_id}"
    try:
        if not client.erased and form.text("typed") != client.name:
            raise invalid_field("typed", f"Type “{client.name}” to erase this client.")
        await desk.api.delete(path, ClientView, key=form.key, action="erase client")
    except ProblemError as refused:
        return _erasing_page(desk, client, form, refused.problem)
    return desk.done(f"{desk.here}/clients/{client.client_id}", "The client is erased.")


async def _merging_page(
    desk: Desk, client_id: UUID, other_id: UUID | None, problem: Problem | None = None
) -> Response[str]:
    ids = [client_id] if other_id in {None, client_id} else [client_id, other_id]
    profiles = await asyncio.gather(
        *(desk.api.get(f"{clients_of(desk)}/{each}/profile", ClientProfile) for each in ids)
    )
    return desk.page(
        "office/clients/merge.html",
        status=problem.status if problem else 200,
        kept=profiles[0],
        other=profiles[1] if len(profiles) > 1 else None,
        is_same=other_id == client_id,
        problem=problem,
    )


def _erasing_page(
    desk: Desk, client: ClientView, form: Form, problem: Problem | None = None
) -> Response[str]:
    return desk.page(
        "office/clients/erase.html",
        status=problem.status if problem else 200,
        client=client,
        form=form,
        problem=problem,
    )
