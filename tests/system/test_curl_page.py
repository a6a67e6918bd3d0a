"""docs/booking-with-curl.md does what it says."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from devstack import Stack
from shell_page import differences, run, steps

PAGE: Final = Path(__file__).parents[2] / "docs" / "booking-with-curl.md"

TOOLS: Final = ("bash", "curl", "jq")


@pytest.mark.rule("G7")
@pytest.mark.rule("G9")
@pytest.mark.rule("G10")
def test_a_client_walks_from_the_list_of_services_to_my_bookings(
    system: Stack, tmp_path: Path
) -> None:
    assert all(map(shutil.which, TOOLS)), f"the page needs {TOOLS}"
    page = steps(PAGE.read_text())
    env = [sys.executable, "-m", "devstack", "env", "--folder", str(system.folder)]
    exports = subprocess.check_output(env, text=True).splitlines()
    settings = dict(line.removeprefix("export ").split("=", 1) for line in exports)
    for step, printed in zip(page, run(page, tmp_path, settings), strict=True):
        if step.answer is not None:
            wrong = differences(step.answer, printed)
            assert not wrong, "\n".join([step.commands, printed, *wrong])


def test_what_a_page_shows_of_an_answer_is_compared_with_it() -> None:
    shown = '{"name": "Anna", "token": "ct_…", "id": "…", "lines": [{"paid": true, …}, …], …}'
    seen = '{"name": "Anna", "token": "ct_1", "id": 7, "lines": [{"paid": true}, {}], "more": 1}'
    assert not differences(shown, seen)
    assert differences(shown, seen.replace("Anna", "Ben")) == ["answer.name is 'Ben', not 'Anna'"]
    assert differences(shown, seen.replace("ct_", "")) == ["answer.token is '1', not 'ct_…'"]
    assert differences(shown, seen.replace("true", "false"))
    assert differences("[1]", "[1, 2]") == ["answer has 2 elements, not 1"]
    assert differences("[1, 2, …]", "[1]") == ["answer has 1 elements, not 2"]
    assert differences('{"id": 7}', "{}") == ["answer has no id"]
