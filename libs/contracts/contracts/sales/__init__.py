"""What sales is asked to do, and what it says."""

from contracts.sales.bills import (
    AppointmentOwed,
    BillChanged,
)
from contracts.sales.counter import (
    DebitForm,
    DebitVisit,
    PaymentForm,
    SettleUnpaidVisits,
    TakePayment,
    UndoPayment,
    UnpaidVisitsForm,
)
from contracts.sales.online import (
    PaidLine,
    PaymentFailed,
    PaymentReceived,
    PaymentRefunded,
    RecordProviderEvent,
    RequestPayment,
)
from contracts.sales.sales import (
    Article,
    MakeSale,
    MembershipLineForm,
    MembershipSold,
    Method,
    ProductLineForm,
    RefundForm,
    RefundSale,
    SaleForm,
    SaleLineForm,
    VisitLineForm,
)

__all__ = [
    "AppointmentOwed",
    "Article",
    "BillChanged",
    "DebitForm",
    "DebitVisit",
    "MakeSale",
    "MembershipLineForm",
    "MembershipSold",
    "Method",
    "PaidLine",
    "PaymentFailed",
    "PaymentForm",
    "PaymentReceived",
    "PaymentRefunded",
    "ProductLineForm",
    "RecordProviderEvent",
    "RefundForm",
    "RefundSale",
    "RequestPayment",
    "SaleForm",
    "SaleLineForm",
    "SettleUnpaidVisits",
    "TakePayment",
    "UndoPayment",
    "UnpaidVisitsForm",
    "VisitLineForm",
]
