"""What the watchdog makes of a broker's answers."""

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import GroupLoadInProgressError
from aiokafka.structs import OffsetAndMetadata

from messaging.watchdog import lags

_ONE, _OTHER = TopicPartition("topic", 1), TopicPartition("topic", 2)


def test_what_waits_is_counted_from_what_is_committed_or_still_there() -> None:
    committed = {_ONE: OffsetAndMetadata(7, ""), _OTHER: OffsetAndMetadata(-1, "")}

    assert lags(committed, {_ONE: 0, _OTHER: 4}, {_ONE: 10, _OTHER: 6}) == {_ONE: 3, _OTHER: 2}


def test_a_coordinator_that_has_just_started_says_nothing_about_the_lag() -> None:
    with pytest.raises(GroupLoadInProgressError):
        lags({}, {_ONE: 0}, {_ONE: 10})
