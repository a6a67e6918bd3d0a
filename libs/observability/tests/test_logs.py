"""All logs take one way, whoever writes them."""

import json
import logging
from collections.abc import Generator

import pytest
import structlog

import observability


@pytest.fixture(autouse=True)
def root_as_it_was() -> Generator[None, None, None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_json_is_one_object_a_line_whoever_writes_it(capsys: pytest.CaptureFixture[str]) -> None:
    observability.setup(service="booking", instance="booking-1", log_format="json")
    structlog.get_logger("ours").info("said", answer=42)
    logging.getLogger("theirs").warning("said by %s", "them")
    logging.getLogger("aiokafka").warning("not worth a line")

    ours, theirs = map(json.loads, capsys.readouterr().out.splitlines())

    assert (ours["event"], ours["answer"], ours["level"]) == ("said", 42, "info")
    assert (theirs["event"], theirs["logger"]) == ("said by them", "theirs")
    assert ours["service"] == theirs["service"] == "booking"
    assert ours["instance"] == theirs["instance"] == "booking-1"


def test_a_console_shows_a_traceback_without_the_values_of_variables(
    capsys: pytest.CaptureFixture[str],
) -> None:
    observability.setup(service="booking", instance="booking-1")
    phone = "+37060000000"
    try:
        int(phone[:0])
    except ValueError:
        structlog.get_logger().exception("failed")

    shown = capsys.readouterr().out
    assert "ValueError: invalid literal" in shown
    assert phone not in shown
