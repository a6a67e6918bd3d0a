"""What membership can be asked: SQL straight to the views."""

from membership.queries.explanations import Explained, as_text, explain
from membership.queries.memberships import (
    inconsistent_buckets,
    membership_types,
    membership_types_by_id,
    memberships_by_id,
    memberships_of,
    settlements_by_id,
)

__all__ = [
    "Explained",
    "as_text",
    "explain",
    "inconsistent_buckets",
    "membership_types",
    "membership_types_by_id",
    "memberships_by_id",
    "memberships_of",
    "settlements_by_id",
]
