"""Finding a client and choosing one, for whichever page needs one."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from contracts.booking_views import ClientPage
from gateway.pages.desk import Desk
from gateway.pages.paths import leads_below
from web.problems import not_found

_LEAST: Final = 2
_MOST: Final = 100
_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Choosing:
    """Where a client is chosen for: the path that goes on, and what choosing is called there."""

    here: str
    to: str
    verb: str

    def link(self, client_id: UUID) -> str:
        """Return where it goes on with a client."""
        return added(self.to, client=client_id)

    def entry(self, typed: str) -> str:
        """Return where a client is entered who is then chosen; `typed` is a name or a number."""
        field = "phone" if typed[:1] in "+0123456789" else "name"
        return added(f"{self.here}/clients/new", **{field: typed, "to": self.to})


@get("/{location_id:uuid}/client-search")
async def show_client_search(
    desk: NamedDependency[Desk],
    to: FromQuery[str] = "",
    q: FromQuery[str] = "",
    choose: FromQuery[str] = "Choose",
) -> Response[str]:
    """Show the clients found: a part of a page for scripts, a page of its own without."""
    choosing = Choosing(desk.here, own_path(desk, to), choose[:_MOST])
    template = "office/clients/found.html" if _is_part(desk) else "office/clients/choose.html"
    found = await clients_called(desk, q)
    return desk.page(template, found=found, q=q.strip(), choosing=choosing)


async def clients_called(desk: Desk, typed: str) -> ClientPage | None:
    """Return the first clients with this part of a name or number; None for too short a part."""
    part = typed.strip()[:_MOST]
    if len(part) < _LEAST:
        return None
    path = f"/v1/chains/{desk.chain_id}/clients"
    return await desk.api.get(path, ClientPage, search=part, limit=_SHOWN)


def own_path(desk: Desk, path: str) -> str:
    """Return a path of this location's back office; any other is refused with 404."""
    if not leads_below(desk.here, path):
        raise not_found("such page")
    return path


def added(path: str, **query: Any) -> str:
    """Return a path with more in its query."""
    return f"{path}{'&' if urlsplit(path).query else '?'}{urlencode(query)}"


def _is_part(desk: Desk) -> bool:
    headers = desk.request.headers
    return "hx-request" in headers and "hx-boosted" not in headers
