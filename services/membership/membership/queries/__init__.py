"""What membership can be asked: SQL straight to the views."""

from membership.queries.explanations import Explained, as_text, explain
from membership.queries.issued_memberships import Search, issued_memberships
from membership.queries.membership_changes import changes_of
from membership.queries.membership_types import membership_types, membership_types_by_id
from membership.queries.memberships import (
    chain_of,
    inconsistent_buckets,
    memberships_by_id,
    memberships_of,
    names_of,
)
from membership.queries.removals import removal_plan
from membership.queries.reports import Range, sessions_report
from membership.queries.settlements import settlements_by_id
from membership.queries.uses import uses_of

__all__ = [
    "Explained",
    "Range",
    "Search",
    "as_text",
    "chain_of",
    "changes_of",
    "explain",
    "inconsistent_buckets",
    "issued_memberships",
    "membership_types",
    "membership_types_by_id",
    "memberships_by_id",
    "memberships_of",
    "names_of",
    "removal_plan",
    "sessions_report",
    "settlements_by_id",
    "uses_of",
]
