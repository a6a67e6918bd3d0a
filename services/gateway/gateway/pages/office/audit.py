"""What was done in the back office, by whom, for owners."""

from datetime import datetime
from typing import Final

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from gateway.pages.desk import Desk
from gateway.pages.forms import id_in
from gateway.staff import accounts, audit

_MOST: Final = 50
_YEARS: Final = range(1970, 3000)


@get("/{location_id:uuid}/audit")
async def show_audit(
    desk: NamedDependency[Desk],
    staff: FromQuery[str] = "",
    before: FromQuery[str] = "",
) -> Response[str]:
    """Show the newest actions of everybody, or of one person."""
    database = desk.request.app.state.database
    chosen = id_in(staff)
    entries = await audit.listed(
        database, desk.chain_id, staff_id=chosen, before=_instant(before), most=_MOST + 1
    )
    return desk.page(
        "office/audit.html",
        entries=entries[:_MOST],
        older=entries[_MOST - 1].at if len(entries) > _MOST else None,
        people=await accounts.of_chain(database, desk.chain_id),
        chosen=chosen,
    )


def _instant(text: str) -> datetime | None:
    """Return the instant that an address names; what is none is not said."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo and instant.year in _YEARS else None
