"""The form of a sale: products, memberships and lines of a visit, as a page sends them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from contracts.membership_views import MembershipTypeView
from contracts.problems import INVALID_REQUEST
from contracts.reply import FieldError, Problem
from contracts.values import Money
from gateway.pages.amounts import amount_in
from gateway.pages.forms import Form, id_in

_MOST_AT_ONCE: Final = 20
_TOO_MUCH: Final = "It is more than the price"


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the API wants it; `prefix` begins the names of its fields on the page.

    `to_pay` is what money pays of it, in minor units, as far as that can be told.
    """

    form: Mapping[str, Any]
    prefix: str
    to_pay: int = 0


@dataclass(slots=True)
class Order:
    """What is sold, what of it money pays, and what was typed wrong."""

    currency: str
    lines: list[Line] = field(default_factory=list[Line])
    wrong: list[FieldError] = field(default_factory=list[FieldError])

    @property
    def to_pay(self) -> Money:
        """What is to be paid in money."""
        return Money(amount=sum(line.to_pay for line in self.lines), currency=self.currency)

    def problem(self) -> Problem | None:
        """Return what must be corrected before the API is asked."""
        if self.wrong:
            detail = "Please correct the fields that are marked."
            return INVALID_REQUEST.problem(detail, errors=self.wrong)
        if not self.lines:
            return INVALID_REQUEST.problem("Nothing is in this sale yet: add what is sold.")
        return None

    def typed_wrong(self, form: Form) -> Problem | None:
        """Return what is wrong with fields that are filled in, while the sale is put together."""
        filled = [error for error in self.wrong if form.text(error.field)]
        detail = "Please correct the fields that are marked."
        return INVALID_REQUEST.problem(detail, errors=filled) if filled else None

    def amount(self, form: Form, name: str, *, needed: bool = False) -> int | None:
        """Return the amount of a field, or None; what is wrong with it is noted."""
        return amount_in(form, name, self.currency, self.wrong, needed=needed)

    def discount(self, form: Form, prefix: str, price: int) -> int:
        """Return the discount of a line, which is at most its price."""
        name = f"{prefix}-discount"
        discount = self.amount(form, name) or 0
        if discount > price:
            self.wrong.append(FieldError(field=name, message=f"{_TOO_MUCH}."))
        return min(discount, price)


def rows_of(form: Form, kind: str) -> list[str]:
    """Return the rows of products or of memberships that a page has, by their prefixes.

    A button "add" adds one, and a button "remove" with its prefix takes it away.
    """
    rows = [row for row in form.many(kind) if row != form.text("remove")]
    if form.text("add") == kind:
        used = set(form.many(kind))
        rows.append(next(f"{kind}{n}" for n in range(len(used) + 1) if f"{kind}{n}" not in used))
    return rows


def products(form: Form, order: Order) -> Iterator[Line]:
    """Give the retail products of a form."""
    for row in rows_of(form, "product"):
        price = order.amount(form, f"{row}-price", needed=True) or 0
        quantity = _quantity(form, row, order)
        discount = order.discount(form, row, price * quantity)
        fields = {
            "kind": "product",
            "name": form.text(f"{row}-name"),
            "price": price,
            "quantity": quantity,
            "discount": discount,
        }
        yield Line(fields, row, price * quantity - discount)


def memberships(form: Form, order: Order, types: Sequence[MembershipTypeView]) -> Iterator[Line]:
    """Give the memberships of a form, one line for each that is sold."""
    known = {each.membership_type_id: each for each in types}
    for row in rows_of(form, "membership"):
        chosen = known.get(id_in(form.text(f"{row}-membership_type_id")) or UUID(int=0))
        if chosen is None:
            name = f"{row}-membership_type_id"
            order.wrong.append(FieldError(field=name, message="Choose a membership type."))
            continue
        price = order.amount(form, f"{row}-price")
        to_pay = chosen.price.amount if price is None else price
        discount = order.discount(form, row, to_pay)
        fields: dict[str, Any] = {
            "kind": "membership",
            "membership_type_id": str(chosen.membership_type_id),
            "price": price,
            "discount": discount,
        }
        if chosen.activation == "on_date":
            fields["activates_on"] = form.optional(f"{row}-activates_on")
        for _ in range(_quantity(form, row, order, most=_MOST_AT_ONCE)):
            yield Line(fields, row, to_pay - discount)


def named_on_the_page(problem: Problem, lines: Sequence[Line]) -> Problem:
    """Return a refusal that names the fields of the page instead of those of the API."""
    errors = tuple(_named(each, _field(each, lines)) for each in problem.errors)
    return problem.model_copy(update={"errors": errors})


def fields_of_rows(problem: Problem | None) -> list[str]:
    """Return the fields of a refusal that rows of the page show themselves."""
    return [each.field for each in problem.errors if "-" in each.field] if problem else []


def forms_of(lines: Iterable[Line]) -> list[Mapping[str, Any]]:
    """Return lines as the API wants them."""
    return [line.form for line in lines]


def _named(error: FieldError, name: str) -> FieldError:
    """Return an error at a field of the page; it tells no price in minor units (rule X5)."""
    too_much = name.endswith("-discount") and error.message.startswith(_TOO_MUCH)
    message = f"{_TOO_MUCH}." if too_much else error.message
    return FieldError(field=name, message=message)


def _field(error: FieldError, lines: Sequence[Line]) -> str:
    name, *rest = error.field.split(".")
    if name != "lines" or not rest or not rest[0].isdecimal() or int(rest[0]) >= len(lines):
        return error.field
    return f"{lines[int(rest[0])].prefix}-{rest[-1]}"


def _quantity(form: Form, row: str, order: Order, most: int = 1000) -> int:
    quantity = form.number(f"{row}-quantity") or 1
    if isinstance(quantity, int) and 1 <= quantity <= most:
        return quantity
    order.wrong.append(
        FieldError(field=f"{row}-quantity", message=f"Type a number from 1 to {most}.")
    )
    return 1
