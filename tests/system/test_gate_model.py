"""Random sequences through the public edge lead to what a simple model of the rules says."""

import os
import secrets
from contextlib import ExitStack
from random import Random
from typing import Final

import pytest

from edge import Edge
from gate_allocation import Ask, Held, assign
from gate_scene import open_scene
from gate_walk import walk

WALKS: Final = int(os.environ.get("MODEL_WALKS", "2"))
STEPS: Final = int(os.environ.get("MODEL_STEPS", "30"))
SEED: Final = os.environ.get("MODEL_SEED", "")


@pytest.mark.rule(
    *("G5", "G6", "G7", "G11", "A5", "A8", "A10", "A13", "A15", "A16"),
    *("S6", "S7", "X1", "X2", "X6"),
)
@pytest.mark.timeout(60 + 10 * STEPS)
@pytest.mark.parametrize("number", range(WALKS))
def test_whatever_happens_the_edge_shows_what_the_rules_say(platform: Edge, number: int) -> None:
    seed = SEED or secrets.token_hex(4)
    with ExitStack() as closing:
        scene = open_scene(platform, Random(f"{seed}/{number}"), closing)
        try:
            walk(scene, STEPS)
        except Exception as error:
            again = f"MODEL_SEED={seed} MODEL_STEPS={STEPS} MODEL_WALKS={number + 1}"
            error.add_note("\n".join([*scene.told, again]))
            raise


def test_the_model_takes_the_first_choice_that_leaves_room_for_all() -> None:
    asks = [Ask("new", ("a",), required=True)]
    held = [Held("first", "a", ("b",)), Held("second", "a", ("b",)), Held("third", "b", ("c",))]
    found = assign(asks, held, {"c": 1})
    assert found.placed == {"new": "a"}
    assert found.moved == {"second": "b", "third": "c"}


def test_the_model_covers_what_is_required_first() -> None:
    asks = [Ask("one", ("a",), required=False), Ask("two", ("a",), required=True)]
    found = assign(asks, [], {"a": 1})
    assert (found.placed, found.uncovered) == ({"two": "a"}, {"one"})
