"""What is said of sales, payments and bills, and how they are shown."""

from sales.announcements.sales import (
    membership_sold,
    reversal_wanted,
    sale_view,
    settled_visits,
    void_wanted,
)
from sales.announcements.visits import (
    bill_changed,
    bill_view,
    claim_given_up,
    claim_wanted,
    debit_wanted,
    declined,
    payment_outcome,
    payment_view,
)

__all__ = [
    "bill_changed",
    "bill_view",
    "claim_given_up",
    "claim_wanted",
    "debit_wanted",
    "declined",
    "membership_sold",
    "payment_outcome",
    "payment_view",
    "reversal_wanted",
    "sale_view",
    "settled_visits",
    "void_wanted",
]
