"""The issued memberships of a chain, in pages and by what they are looked for."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from contracts.membership import Status
from contracts.membership_views import MembershipPage
from membership.queries.connection import Connection
from membership.queries.memberships import views
from web.pagination import instant, page, position

_FOUND: Final = """
SELECT membership.*, time.now
FROM memberships AS membership CROSS JOIN (SELECT chain_now($1) AS now) AS time
WHERE membership.chain_id = $1{conditions}
ORDER BY membership.issued_at DESC, membership.membership_id DESC LIMIT {limit}
"""
_TODAY: Final = "(now AT TIME ZONE time_zone)::date"
_LASTS: Final = f"state IN ('issued', 'active') AND (expires_on IS NULL OR expires_on >= {_TODAY})"
_HAS_SESSIONS: Final = """EXISTS (
        SELECT FROM buckets WHERE buckets.membership_id = membership.membership_id
            AND (granted IS NULL OR granted + adjusted - expired > debited)
    )"""
# As the domain sees it (`seen_status`), in terms that the planner can estimate.
_STATUSES: Final[Mapping[Status, str]] = {
    "frozen": "state = 'frozen'",
    "voided": "state = 'voided'",
    "expired": f"state IN ('issued', 'active') AND expires_on < {_TODAY}",
    "used_up": f"{_LASTS} AND NOT {_HAS_SESSIONS}",
    "active": f"{_LASTS} AND {_HAS_SESSIONS} AND activated_on <= {_TODAY}",
    "issued": f"{_LASTS} AND {_HAS_SESSIONS} AND (activated_on IS NULL OR activated_on > {_TODAY})",
}


# Who was merged is found as the client who is left.
_KEPT: Final = """ARRAY(
    SELECT coalesce(merged_into, client_id) FROM clients WHERE client_id = ANY({clients}::uuid[])
)"""


class Search(NamedTuple):
    """What memberships are looked for by; what is not given excludes nothing.

    `name` is a part of the membership's name, `client_ids` are owners or shared clients: whoever
    looks for both finds what has the one or the other.
    """

    status: Status | None = None
    membership_type_id: UUID | None = None
    client_ids: Sequence[UUID] = ()
    name: str | None = None
    expires_from: date | None = None
    expires_until: date | None = None


async def issued_memberships(
    connection: Connection, chain_id: UUID, search: Search, cursor: str | None, limit: int
) -> MembershipPage:
    """Return a page of the memberships of a chain, newest first."""
    given: list[object] = [chain_id]
    conditions = [*_conditions(search, given)]
    if start := position(cursor, instant):
        issued_at, membership_id = _parameters(given, *start)
        conditions.append(f"(issued_at, membership_id) < ({issued_at}, {membership_id})")
    (at_most,) = _parameters(given, limit + 1)
    both = "".join(f"\n    AND {condition}" for condition in conditions)
    rows = await connection.fetch(_FOUND.format(conditions=both, limit=at_most), *given)
    kept, next_cursor = page(rows, limit, lambda row: (row["issued_at"], row["membership_id"]))
    found = await views(connection, kept)
    return MembershipPage(memberships=tuple(found), next_cursor=next_cursor)


def _conditions(search: Search, given: list[object]) -> Iterator[str]:
    """Give the conditions of a search, and add their parameters."""
    if search.membership_type_id is not None:
        yield "membership_type_id = {}".format(*_parameters(given, search.membership_type_id))
    if search.expires_from is not None:
        yield "expires_on >= {}".format(*_parameters(given, search.expires_from))
    if search.expires_until is not None:
        yield "expires_on <= {}".format(*_parameters(given, search.expires_until))
    if search.status is not None:
        yield _STATUSES[search.status]
    either = [*_either(search, given)]
    if either:
        yield f"({' OR '.join(either)})"


def _either(search: Search, given: list[object]) -> Iterator[str]:
    if search.name is not None:
        yield "strpos(lower(name), lower({})) > 0".format(*_parameters(given, search.name))
    if search.client_ids:
        (clients,) = _parameters(given, list(search.client_ids))
        kept = _KEPT.format(clients=clients)
        yield f"owner_client_id = ANY({kept}) OR shared_client_ids && {kept}"


def _parameters(given: list[object], *values: object) -> list[str]:
    """Add parameters, and return their names."""
    first = len(given) + 1
    given += values
    return [f"${number}" for number in range(first, len(given) + 1)]
