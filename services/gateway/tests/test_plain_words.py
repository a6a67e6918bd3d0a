"""What the API says, in words for people."""

import pytest

from contracts.problems import CONFLICT, EVENT_FULL
from contracts.reply import FieldError
from gateway.pages.plain_words import message_of, name_of, title_of


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Field required", "Please fill this in."),
        ("String should have at least 1 character", "Please fill this in."),
        ("String should have at least 10 characters", "Type at least 10 characters."),
        ("Input should be less than or equal to 10000", "It must be 10000 or less."),
        ("Value error, the end is before the start", "The end is before the start."),
        ("is not a phone number in PT", "This is not a phone number in PT."),
        ("Choose a date.", "Choose a date."),
    ],
)
def test_what_is_wrong_with_a_field_is_a_sentence(message: str, said: str) -> None:
    assert message_of(FieldError(field="any", message=message)) == said


def test_a_field_has_the_name_that_people_read() -> None:
    assert name_of(FieldError(field="buckets.0.free_days", message="")) == "Free days"


def test_a_title_for_programs_is_said_otherwise_and_others_stay() -> None:
    assert title_of(CONFLICT.problem("")) == "This is not possible"
    assert title_of(EVENT_FULL.problem("")) == EVENT_FULL.title
