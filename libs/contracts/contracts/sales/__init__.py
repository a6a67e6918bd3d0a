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
    MembershipSaleForm,
    MembershipSold,
    Method,
    ProductLineForm,
    RefundForm,
    RefundSale,
    SaleForm,
    SaleLineForm,
    SellMembership,
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
    "MembershipSaleForm",
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
    "SellMembership",
    "SettleUnpaidVisits",
    "TakePayment",
    "UndoPayment",
    "UnpaidVisitsForm",
    "VisitLineForm",
]
