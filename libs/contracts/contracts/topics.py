"""The whole conversation on one screen: who says what, who hears it, what keeps its order."""

from datetime import timedelta
from typing import Final

from contracts import booking, membership, sales, scheduler
from contracts.conversation import FOR_EVER, Conversation, Topic
from contracts.dead_letter import MessageDeadLettered
from contracts.reply import Reply

SERVICES: Final = ("booking", "membership", "scheduler", "sales")

CONVERSATION: Final = Conversation(
    (
        Topic(
            name="booking.commands",  # here are names and phones, and in the replies
            types={
                booking.CreateChain: "chain_id",
                booking.SetTestClock: "chain_id",
                booking.CreateCategory: "chain_id",
                booking.CreateLocation: "location_id",
                booking.ChangeLocation: "location_id",
                booking.CreateService: "location_id",
                booking.ChangeService: "location_id",
                booking.DuplicateService: "location_id",
                booking.MergeServices: "location_id",
                booking.CreateTeamMember: "location_id",
                booking.ChangeTeamMember: "location_id",
                booking.AddTimeOff: "location_id",
                booking.RemoveTimeOff: "location_id",
                booking.CreateEvent: "location_id",
                booking.CreateEventSeries: "location_id",
                booking.MoveEvent: "location_id",
                booking.ChangeEventCapacity: "location_id",
                booking.CancelEvent: "location_id",
                booking.RegisterClient: "chain_id",
                booking.ChangeClient: "chain_id",
                booking.MergeClients: "chain_id",
                booking.EraseClient: "chain_id",
                booking.SubmitBooking: "location_id",
                booking.RescheduleAppointment: "location_id",
                booking.RepeatAppointment: "location_id",
                booking.CancelAppointment: "location_id",
                booking.SetVisitStatus: "location_id",
            },
            writers=("gateway",),
            readers=("booking",),
            retention=timedelta(hours=24),
        ),
        Topic(
            name="booking.events",
            types={
                booking.BookingAccepted: "location_id",
                booking.BookingRefused: "location_id",
                booking.AppointmentRescheduled: "location_id",
                booking.RescheduleRefused: "location_id",
                booking.AppointmentCancelled: "location_id",
                booking.VisitStatusChanged: "location_id",
                booking.ServicesMerged: "location_id",
                booking.ClientsMerged: "chain_id",
            },
            writers=("booking",),
            readers=("membership", "scheduler", "sales"),
            retention=timedelta(days=7),
        ),
        Topic(
            name="booking.clocks",  # of sandbox chains
            types={booking.TestClockSet: "chain_id"},
            writers=("booking",),
            readers=("membership", "scheduler", "sales"),
            retention=FOR_EVER,
        ),
        Topic(
            name="membership.commands",
            types={
                membership.CreateMembershipType: "chain_id",
                membership.ChangeMembershipType: "chain_id",
                membership.FreezeMembership: "membership_id",
                membership.UnfreezeMembership: "membership_id",
                membership.ShareMembership: "membership_id",
                membership.UnshareMembership: "membership_id",
                membership.ExtendMembership: "membership_id",
                membership.AdjustMembership: "membership_id",
                membership.VoidMembership: "membership_id",
                membership.ImportMembership: "membership_id",
                membership.UndoDebit: "client_id",
            },
            writers=("gateway",),
            readers=("membership",),
            retention=timedelta(days=7),
        ),
        Topic(
            name="membership.requests",
            types={
                membership.HoldSessions: "client_id",
                membership.ClaimLines: "client_id",
                membership.ReturnLines: "client_id",
                membership.DebitLines: "client_id",
                membership.ReverseLines: "client_id",
                membership.VoidSoldMembership: "client_id",
            },
            writers=("booking", "sales"),
            readers=("membership",),
            retention=timedelta(days=7),
        ),
        Topic(
            name="membership.holds",
            types={
                membership.HoldPlaced: "client_id",
                membership.HoldRefused: "client_id",
                membership.HoldMoved: "client_id",
                membership.HoldReleased: "client_id",
            },
            writers=("membership",),
            readers=("booking",),
            retention=timedelta(days=7),
        ),
        Topic(
            name="membership.payments",  # what sales asked for
            types={
                membership.LinesClaimed: "visit_id",
                membership.ClaimRefused: "visit_id",
                membership.LinesDebited: "visit_id",
                membership.DebitRefused: "visit_id",
                membership.LinesReversed: "visit_id",
            },
            writers=("membership",),
            readers=("sales",),
            retention=timedelta(days=7),
        ),
        Topic(
            name="membership.events",
            types={
                membership.MembershipIssued: "membership_id",
                membership.IssueRefused: "sale_id",
                membership.MembershipFrozen: "membership_id",
                membership.MembershipUnfrozen: "membership_id",
                membership.MembershipShared: "membership_id",
                membership.MembershipUnshared: "membership_id",
                membership.MembershipExtended: "membership_id",
                membership.MembershipAdjusted: "membership_id",
                membership.MembershipVoided: "membership_id",
                membership.SoldMembershipVoided: "membership_id",
                membership.VoidRefused: "membership_id",
            },
            writers=("membership",),
            readers=("sales",),
            retention=timedelta(days=7),
        ),
        Topic(
            name="membership.ledger",  # public
            types={membership.LedgerEntryRecorded: "membership_id"},
            writers=("membership",),
            readers=(),
            retention=FOR_EVER,
        ),
        Topic(
            name="membership.settlements",  # public
            types={membership.AppointmentSettled: "appointment_id"},
            writers=("membership",),
            readers=("booking", "sales"),
            retention=FOR_EVER,
        ),
        Topic(
            name="scheduler.events",
            types={scheduler.AppointmentStarted: "client_id"},
            writers=("scheduler",),
            readers=("membership",),
            retention=timedelta(days=7),
        ),
        Topic(
            name="sales.commands",
            types={
                sales.MakeSale: "sale_id",
                sales.RefundSale: "sale_id",
                sales.TakePayment: "visit_id",
                sales.UndoPayment: "visit_id",
                sales.DebitVisit: "visit_id",
                sales.SettleUnpaidVisits: "membership_id",
            },
            writers=("gateway",),
            readers=("sales",),
            retention=timedelta(days=7),
        ),
        Topic(
            name="sales.requests",
            types={sales.RequestPayment: "payment_id"},
            writers=("booking",),
            readers=("sales",),
            retention=timedelta(days=7),
        ),
        Topic(
            name="sales.provider_events",  # of the payment provider's webhooks
            types={sales.RecordProviderEvent: "payment_id"},
            writers=("gateway",),
            readers=("sales",),
            retention=timedelta(days=7),
        ),
        Topic(
            name="sales.payments",
            types={
                sales.PaymentReceived: "payment_id",
                sales.PaymentFailed: "payment_id",
                sales.PaymentRefunded: "payment_id",
            },
            writers=("sales",),
            readers=("booking",),
            retention=timedelta(days=7),
        ),
        Topic(
            name="sales.events",
            types={sales.MembershipSold: "sale_id"},
            writers=("sales",),
            readers=("membership",),
            retention=timedelta(days=7),
        ),
        Topic(
            name="sales.bills",
            types={sales.BillChanged: "visit_id"},
            writers=("sales",),
            readers=("booking",),
            retention=timedelta(days=7),
        ),
        Topic(
            name="replies",  # read by every replica of gateway, without a group
            types={Reply: "command_id"},
            writers=SERVICES,
            readers=("gateway",),
            retention=timedelta(hours=1),
        ),
        Topic(
            name="dead_letters",
            types={MessageDeadLettered: "dead_letter_id"},
            writers=SERVICES,
            readers=("booking",),  # of starts that could not be settled
            retention=timedelta(days=30),
        ),
    )
)
