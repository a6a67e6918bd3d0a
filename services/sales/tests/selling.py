"""Sales as they are asked for, what membership answers, and what comes of them."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID, uuid4

from contracts.base import Message, derive_id
from contracts.membership import (
    ClaimLines,
    ClaimRefused,
    DebitLines,
    HeldLine,
    IssueRefused,
    LinesClaimed,
    LinesDebited,
    MembershipIssued,
    MembershipState,
)
from contracts.reply import Reply
from contracts.sales import (
    Article,
    MakeSale,
    MembershipLineForm,
    MembershipSold,
    ProductLineForm,
    SaleForm,
    SaleLineForm,
    VisitLineForm,
)
from contracts.sales_views import SaleView
from contracts.values import Appointment, Money
from postgres import Database

M = TypeVar("M", bound=Message)
Ask = Callable[..., Awaitable[None]]
_SAID = "SELECT body FROM outbox WHERE headers::jsonb->>'ce_type' = $1 ORDER BY id"


def membership(**form: Any) -> MembershipLineForm:
    """Return a line of a membership; its type costs 90.00."""
    return MembershipLineForm(kind="membership", membership_type_id=uuid4(), **form)


def product(price: int, **form: Any) -> ProductLineForm:
    """Return a line of a product."""
    return ProductLineForm(kind="product", name="Massage oil", price=price, **form)


def visited(appointment: Appointment, number: int = 0, **form: Any) -> VisitLineForm:
    """Return a line of an appointment."""
    return VisitLineForm(kind="visit", line_id=appointment.lines[number].line_id, **form)


def make(*lines: SaleLineForm, visit: Appointment | None = None, method: Any = "card") -> MakeSale:
    """Return a sale of these lines; of a visit if an appointment of it is given."""
    types = [line.membership_type_id for line in lines if isinstance(line, MembershipLineForm)]
    return MakeSale(
        sale_id=uuid4(),
        chain_id=visit.chain_id if visit else uuid4(),
        location_id=visit.location_id if visit else uuid4(),
        time_zone="Europe/Berlin",
        currency="EUR",
        articles=tuple(
            Article(
                membership_type_id=each,
                name="Ten sessions",
                price=Money(amount=9000, currency="EUR"),
            )
            for each in types
        ),
        sale=SaleForm(
            client_id=visit.client_id if visit else uuid4(),
            visit_id=visit.visit_id if visit else None,
            lines=lines,
            method=method,
        ),
    )


def issued(sold: MembershipSold) -> MembershipIssued:
    """Issue what was sold."""
    membership_id = uuid4()
    return MembershipIssued(
        membership_id=membership_id,
        sale_id=sold.sale_id,
        membership=MembershipState(
            membership_id=membership_id,
            revision=1,
            chain_id=sold.chain_id,
            membership_type_id=sold.membership_type_id,
            name="Ten sessions",
            owner_client_id=sold.client_id,
            shared_client_ids=(),
            status="active",
            expires_on=None,
            auto_deduction=True,
        ),
    )


def refused(sold: MembershipSold) -> IssueRefused:
    """Refuse to issue what was sold."""
    return IssueRefused(sale_id=sold.sale_id, reason="The membership type is unknown.")


def debited(asked: DebitLines, *line_ids: UUID) -> LinesDebited:
    """Debit what was asked for, or these lines of it; the first settlement says so."""
    lines = line_ids or asked.line_ids
    return LinesDebited(
        debit_id=asked.debit_id,
        visit_id=asked.appointment.visit_id,
        appointment_id=asked.appointment.appointment_id,
        lines=tuple(HeldLine(line_id=one, membership_id=uuid4()) for one in lines),
        settlement_revision=1,
    )


def claimed(asked: ClaimLines) -> LinesClaimed:
    """Leave lines to money."""
    return LinesClaimed(**asked.model_dump(exclude={"client_id"}))


def claim_refused(asked: ClaimLines) -> ClaimRefused:
    """Say that sessions have paid lines already."""
    ids: dict[str, Any] = asked.model_dump(include={"claim_id", "visit_id", "appointment_id"})
    return ClaimRefused(**ids, debited_line_ids=asked.line_ids)


def command_id(sale: MakeSale) -> UUID:
    """Return the id of the command, as it is delivered."""
    return derive_id(sale.sale_id, sale.type)


async def said(database: Database, kind: type[M]) -> list[M]:
    """Return what was said of a kind, in order."""
    rows = await database.pool.fetch(_SAID, kind.type)
    return [kind.model_validate_json(row["body"]) for row in rows]


async def answered(database: Database) -> list[Reply]:
    """Return the different replies; a repeated command is answered with the same one again."""
    different: list[Reply] = []
    for reply in await said(database, Reply):
        if reply not in different:
            different.append(reply)
    return different


async def problem(database: Database) -> tuple[str, list[str]]:
    """Return the type of the problem in the last answer, and the fields that are wrong."""
    found = (await answered(database))[-1].problem
    assert found is not None
    return found.type.removeprefix("/problems/"), [error.field for error in found.errors]


async def view(database: Database) -> SaleView:
    """Return the sale in the last answer."""
    reply = (await answered(database))[-1]
    assert reply.problem is None
    return SaleView.model_validate(reply.result)
