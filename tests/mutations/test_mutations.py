"""The list of mutations fits the code: each still applies, and the test that sees it exists.

`make mutations` really applies them.
"""

import re
from dataclasses import replace

import pytest

from .mutation import Mutation
from .mutations import MUTATIONS
from .workshop import ROOT, mutated


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.name)
def test_a_mutation_applies_to_the_present_code(mutation: Mutation) -> None:
    text = (ROOT / mutation.file).read_text()
    assert mutated(text, mutation) != text


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.name)
def test_the_test_that_sees_a_mutation_exists(mutation: Mutation) -> None:
    file, _, name = mutation.test.partition("::")
    name = name.partition("[")[0]
    assert re.search(rf"^(async )?def {name}\(", (ROOT / file).read_text(), re.MULTILINE)


def test_a_mutation_whose_text_is_gone_or_there_twice_is_told() -> None:
    mutation = replace(MUTATIONS[0], edits=(("a", "b"),))
    for text in ("", "aa"):
        with pytest.raises(ValueError, match=mutation.name):
            mutated(text, mutation)


def test_names_are_unique() -> None:
    assert len({one.name for one in MUTATIONS}) == len(MUTATIONS)
