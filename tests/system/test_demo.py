"""The demo's story comes out right."""

import io

from rich.console import Console

from devstack import Stack
from story import play


def test_the_story_comes_out_right(system: Stack) -> None:
    printed = io.StringIO()
    console = Console(file=printed, width=120)
    story = play(system.service_url("gateway"), system.platform_key, console)
    assert story.wrong == [], printed.getvalue()
