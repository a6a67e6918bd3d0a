"""What the API says is wrong, in words for people: it speaks of fields and input."""

import re
from typing import Final

from contracts.problems import (
    CONFLICT,
    FORBIDDEN,
    IDEMPOTENCY_KEY_REUSED,
    INVALID_REQUEST,
    METHOD_NOT_ALLOWED,
    TOO_LARGE,
    UNAUTHENTICATED,
)
from contracts.reply import FieldError, Problem

_TITLES: Final = {
    INVALID_REQUEST.uri: "Something is not right yet",
    IDEMPOTENCY_KEY_REUSED.uri: "This form was sent before: open the page again",
    UNAUTHENTICATED.uri: "Please sign in again",
    FORBIDDEN.uri: "You may not do this",
    METHOD_NOT_ALLOWED.uri: "This cannot be opened like that",
    TOO_LARGE.uri: "That was too much at once",
    CONFLICT.uri: "This is not possible",
}
_MESSAGES: Final = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"Field required", "Please fill this in."),
        (r"\w+ should have at least 1 \w+.*", "Please fill this in."),
        (r"String should have at least (\d+) characters", r"Type at least \1 characters."),
        (r"String should have at most (\d+) characters?", r"Type at most \1 characters."),
        (r"String should match pattern '.*@.*'", "Type an email address."),
        (r"String should match pattern .*", "This is not in the form that it must have."),
        (r"Input should be a valid (?:integer|number).*", "Type a whole number."),
        (r"Input should be greater than or equal to (\S+)", r"It must be \1 or more."),
        (r"Input should be less than or equal to (\S+)", r"It must be \1 or less."),
        (r"Input should be greater than (\S+)", r"It must be more than \1."),
        (r"Input should be less than (\S+)", r"It must be less than \1."),
        (r"Input should be a valid date.*", "Choose a date."),
        (r"Input should be a valid UUID.*", "Choose one of the list."),
        (r"must be from 0 to 365 days after `from`", "Choose a day within a year after the first."),
        (r"((?:must|cannot|needs) .*)", r"It \1."),
        (r"(is .*)", r"This \1."),
    )
)


def title_of(problem: Problem) -> str:
    """Return what is refused, as a title."""
    return _TITLES.get(problem.type, problem.title)


def message_of(error: FieldError) -> str:
    """Return what is wrong with a field, as a sentence."""
    message = error.message.removeprefix("Value error, ")
    for pattern, said in _MESSAGES:
        if found := pattern.fullmatch(message):
            return found.expand(said)
    sentence = message[:1].upper() + message[1:]
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def name_of(error: FieldError) -> str:
    """Return "buckets.0.free_days" as "Free days"."""
    names = [part for part in error.field.split(".") if not part.isdecimal()]
    return names[-1].replace("_", " ").capitalize() if names else ""
