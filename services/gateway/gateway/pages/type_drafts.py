"""The form of a membership type: as it is, as it was typed, and as the API wants it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from contracts.membership_views import MembershipTypeView
from contracts.problems import INVALID_REQUEST
from contracts.reply import FieldError, Problem
from gateway.pages.amounts import amount_in, typed_as
from gateway.pages.forms import Form

NEVER: Final = "never"
"""The unit of a membership that does not expire."""


@dataclass(slots=True)
class Bucket:
    """One count: its sessions as they were typed, and the ids of what it covers."""

    sessions: str = ""
    services: set[str] = field(default_factory=set[str])
    categories: set[str] = field(default_factory=set[str])


@dataclass(slots=True)
class Draft:
    """A membership type that is being put together; amounts and counts are as they were typed."""

    name: str = ""
    price: str = ""
    buckets: list[Bucket] = field(default_factory=list[Bucket])
    count: str = ""
    unit: str = "months"
    activation: str = "on_sale"
    auto_deduction: bool = True
    valid_on_visit_day: bool = False
    not_while_frozen: bool = False
    freezing_times: str = ""
    freezing_days: str = ""
    locations: set[str] = field(default_factory=set[str])


def draft_of(view: MembershipTypeView) -> Draft:
    """Return a membership type as its form shows it."""
    validity = view.validity
    return Draft(
        name=view.name,
        price=typed_as(view.price.amount, view.price.currency),
        buckets=[
            Bucket(
                _text(each.sessions),
                set(map(str, each.service_ids)),
                set(map(str, each.category_ids)),
            )
            for each in view.buckets
        ],
        count=_text(validity.count) if validity else "",
        unit=validity.unit if validity else NEVER,
        activation=view.activation,
        auto_deduction=view.auto_deduction,
        valid_on_visit_day=view.gate.valid_on_visit_day,
        not_while_frozen=view.gate.not_while_frozen,
        freezing_times=_text(view.freezing.times),
        freezing_days=_text(view.freezing.days),
        locations=set(map(str, view.location_ids)),
    )


def draft_in(form: Form) -> Draft:
    """Return what was typed; the buttons "add" and "remove" have added a count, or removed one."""
    removed = form.text("remove")
    buckets = [
        Bucket(
            form.text(f"buckets.{n}.sessions"),
            set(form.many(f"buckets.{n}.service_ids")),
            set(form.many(f"buckets.{n}.category_ids")),
        )
        for n in form.many("bucket")
        if n != removed
    ]
    return Draft(
        name=form.text("name"),
        price=form.text("price"),
        buckets=[*buckets, Bucket()] if form.has("add") else buckets,
        count=form.text("validity.count"),
        unit=form.text("validity.unit", NEVER),
        activation=form.text("activation", "on_sale"),
        auto_deduction=form.flag("auto_deduction"),
        valid_on_visit_day=form.flag("gate.valid_on_visit_day"),
        not_while_frozen=form.flag("gate.not_while_frozen"),
        freezing_times=form.text("freezing.times"),
        freezing_days=form.text("freezing.days"),
        locations=set(form.many("location_ids")),
    )


def type_form(draft: Draft, form: Form, currency: str) -> tuple[dict[str, Any], Problem | None]:
    """Return a draft as the API wants it, and what must be corrected before it is asked."""
    wrong: list[FieldError] = []
    fields = {
        "name": draft.name,
        "price": amount_in(form, "price", currency, wrong, needed=True),
        "currency": currency,
        "buckets": [_bucket(n, each, wrong) for n, each in enumerate(draft.buckets)],
        "validity": None
        if draft.unit == NEVER
        else {
            "count": _count("validity.count", draft.count, wrong, needed=True),
            "unit": draft.unit,
        },
        "activation": draft.activation,
        "auto_deduction": draft.auto_deduction,
        "gate": {
            "valid_on_visit_day": draft.valid_on_visit_day,
            "not_while_frozen": draft.not_while_frozen,
        },
        "freezing": {
            "times": _count("freezing.times", draft.freezing_times, wrong),
            "days": _count("freezing.days", draft.freezing_days, wrong),
        },
        "location_ids": sorted(draft.locations),
    }
    detail = "Please correct what is marked."
    return fields, INVALID_REQUEST.problem(detail, errors=wrong) if wrong else None


def errors_at_buckets(problem: Problem | None) -> Problem | None:
    """Return a refusal whose errors about what a count covers are at the count."""
    if problem is None:
        return None
    errors = (each.model_copy(update={"field": _at_bucket(each.field)}) for each in problem.errors)
    return problem.model_copy(update={"errors": tuple(_once(errors))})


def _bucket(number: int, bucket: Bucket, wrong: list[FieldError]) -> dict[str, Any]:
    if not bucket.services and not bucket.categories:
        wrong.append(FieldError(field=f"buckets.{number}", message="Tick what it covers."))
    return {
        "sessions": _count(f"buckets.{number}.sessions", bucket.sessions, wrong),
        "service_ids": sorted(bucket.services),
        "category_ids": sorted(bucket.categories),
    }


def _count(name: str, text: str, wrong: list[FieldError], *, needed: bool = False) -> int | None:
    """Return a whole number; the API knows how large it may be."""
    if text.isdecimal() and len(text) < 10:
        return int(text)
    if text or needed:
        wrong.append(FieldError(field=name, message="Type a whole number."))
    return None


def _at_bucket(name: str) -> str:
    parts = name.split(".")
    covers = len(parts) > 2 and parts[0] == "buckets" and parts[2] != "sessions"
    return ".".join(parts[:2]) if covers else name


def _once(errors: Iterable[FieldError]) -> list[FieldError]:
    return list({(each.field, each.message): each for each in errors}.values())


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
