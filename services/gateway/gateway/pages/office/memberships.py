"""Issued memberships: the list, and what one looks at of each."""

from datetime import date
from typing import Final, get_args
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from contracts.membership import Status
from contracts.membership_views import MembershipPage, MembershipTypeList
from gateway.pages.desk import Desk
from gateway.pages.forms import id_in
from gateway.pages.office.membership import membership_page

_PATH = "/{location_id:uuid}/memberships"
_A_PAGE: Final = 25
_STATUSES: Final = get_args(Status)


@get(_PATH)
async def show_memberships(
    desk: NamedDependency[Desk],
    *,
    q: FromQuery[str] = "",
    status: FromQuery[str] = "",
    type: FromQuery[str] = "",  # noqa: A002 — its name in the address
    until: FromQuery[str] = "",
    cursor: FromQuery[str] = "",
) -> Response[str]:
    """List the issued memberships of the chain, the newest first, all or those looked for."""
    wanted = {
        "q": q.strip()[:100],
        "status": status if status in _STATUSES else "",
        "type": str(id_in(type) or ""),
        "until": _day(until),
    }
    found = await desk.api.get(
        f"/v1/chains/{desk.chain_id}/memberships",
        MembershipPage,
        search=wanted["q"] if len(wanted["q"]) > 1 else None,
        status=wanted["status"] or None,
        membership_type_id=wanted["type"] or None,
        expires_until=wanted["until"] or None,
        cursor=cursor or None,
        limit=_A_PAGE,
    )
    types = await desk.api.get(f"/v1/chains/{desk.chain_id}/membership-types", MembershipTypeList)
    return desk.page(
        "office/memberships/list.html",
        found=found,
        types=types.membership_types,
        statuses=_STATUSES,
        wanted={name: value for name, value in wanted.items() if value},
        cursor=cursor,
    )


@get(_PATH + "/{membership_id:uuid}")
async def show_membership(
    membership_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str]:
    """Show a membership: owner, who shares it, balance, "Used in sales", and its history."""
    return await membership_page(desk, membership_id)


def _day(text: str) -> str:
    """Return a date as the API takes it; what is none is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
