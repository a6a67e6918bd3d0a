"""A refusal as the problem document of the catalogue."""

from booking.domain.refusals import Refusal
from contracts.problems import CATALOGUE
from contracts.reply import FieldError, Problem


def problem_of(refusal: Refusal) -> Problem:
    """Return the problem document that answers what was refused."""
    kind = CATALOGUE[refusal.kind]
    if refusal.field is None:
        return kind.problem(refusal.detail, reasons=refusal.reasons)
    error = FieldError(field=refusal.field, message=refusal.detail)
    return kind.problem(f"Please correct: {refusal.field}.", errors=[error])
