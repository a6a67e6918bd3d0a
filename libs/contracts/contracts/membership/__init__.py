"""What membership is asked to do, and what it says."""

from contracts.membership.facts import (
    IssueRefused,
    MembershipFrozen,
    MembershipIssued,
    MembershipShared,
    MembershipState,
    MembershipUnfrozen,
)
from contracts.membership.holds import (
    HeldLine,
    HoldAppointment,
    HoldLine,
    HoldMoved,
    HoldPlaced,
    HoldRefused,
    HoldReleased,
    HoldSessions,
)
from contracts.membership.managing import (
    FreezeMembership,
    SharedClientForm,
    ShareMembership,
    Status,
    UndoDebit,
    UndoForm,
    UnfreezeMembership,
)
from contracts.membership.payments import (
    ClaimLines,
    ClaimRefused,
    DebitLines,
    DebitRefused,
    LinesClaimed,
    LinesDebited,
    ReturnLines,
)
from contracts.membership.reasons import (
    RefusalDetail,
    RefusalReason,
)
from contracts.membership.streams import (
    AppointmentSettled,
    LedgerEntryRecorded,
    SettledLine,
)
from contracts.membership.types import (
    BucketForm,
    ChangeMembershipType,
    CreateMembershipType,
    GateForm,
    MembershipTypeForm,
    Validity,
)

__all__ = [
    "AppointmentSettled",
    "BucketForm",
    "ChangeMembershipType",
    "ClaimLines",
    "ClaimRefused",
    "CreateMembershipType",
    "DebitLines",
    "DebitRefused",
    "FreezeMembership",
    "GateForm",
    "HeldLine",
    "HoldAppointment",
    "HoldLine",
    "HoldMoved",
    "HoldPlaced",
    "HoldRefused",
    "HoldReleased",
    "HoldSessions",
    "IssueRefused",
    "LedgerEntryRecorded",
    "LinesClaimed",
    "LinesDebited",
    "MembershipFrozen",
    "MembershipIssued",
    "MembershipShared",
    "MembershipState",
    "MembershipTypeForm",
    "MembershipUnfrozen",
    "RefusalDetail",
    "RefusalReason",
    "ReturnLines",
    "SettledLine",
    "ShareMembership",
    "SharedClientForm",
    "Status",
    "UndoDebit",
    "UndoForm",
    "UnfreezeMembership",
    "Validity",
]
