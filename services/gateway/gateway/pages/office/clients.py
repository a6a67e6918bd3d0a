"""Clients: finding them, and entering new ones."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from contracts.booking_views import ClientPage, ClientView
from contracts.reply import Problem
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, submitted
from gateway.pages.office.client_search import added, own_path
from web.problems import ProblemError

AnyRequest = Request[Any, Any, Any]
_PATH = "/{location_id:uuid}/clients"
_A_PAGE: Final = 25


@get(_PATH)
async def show_clients(
    desk: NamedDependency[Desk], q: FromQuery[str] = "", cursor: FromQuery[str] = ""
) -> Response[str]:
    """List the clients of the chain by name, all of them or those with a part of name or number."""
    part = q.strip()[:100]
    found = await desk.api.get(
        clients_of(desk),
        ClientPage,
        search=part if len(part) > 1 else None,
        cursor=cursor or None,
        limit=_A_PAGE,
    )
    return desk.page("office/clients/list.html", found=found, q=part, cursor=cursor)


@get(_PATH + "/new")
async def show_new_client(
    desk: NamedDependency[Desk],
    name: FromQuery[str] = "",
    phone: FromQuery[str] = "",
    to: FromQuery[str] = "",
) -> Response[str]:
    """Show the form for a new client; `to` is the path that goes on with this client."""
    return _form(desk, Form([("name", name), ("phone", phone), ("to", to)]))


@post(_PATH)
async def add_client(request: AnyRequest, desk: NamedDependency[Desk]) -> Response[str] | Redirect:
    """Enter a client, and go on with this client where one was to be chosen."""
    form = await submitted(request)
    fields = client_fields(desk, form)
    try:
        client = await desk.api.post(
            clients_of(desk), fields, ClientView, key=form.key, action="add client"
        )
    except ProblemError as refused:
        return _form(desk, form, refused.problem)
    profile = f"{desk.here}/clients/{client.client_id}"
    to = form.optional("to")
    onward = added(own_path(desk, to), client=client.client_id) if to else profile
    return desk.done(onward, f"{client.name} is entered.")


def clients_of(desk: Desk) -> str:
    """Return the path of the clients of a chain in the API."""
    return f"/v1/chains/{desk.chain_id}/clients"


async def client_of(desk: Desk, client_id: UUID) -> ClientView:
    """Return the client whom an id means; raises 404."""
    return await desk.api.get(f"{clients_of(desk)}/{client_id}", ClientView)


def client_fields(desk: Desk, form: Form) -> dict[str, str]:
    """Return name and phone as the API takes them; bare numbers are those of the location."""
    region = desk.location.region
    return {"name": form.text("name"), "phone": form.text("phone"), "region": region}


def _form(desk: Desk, form: Form, problem: Problem | None = None) -> Response[str]:
    status = problem.status if problem else 200
    return desk.page("office/clients/new.html", status=status, form=form, problem=problem)
