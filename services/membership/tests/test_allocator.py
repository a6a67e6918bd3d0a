"""The allocator against all assignments there are."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from membership.domain.allocator import Allocation, Ask, Held, allocate, first_choices

PLACES = [UUID(int=number) for number in range(1, 5)]
Case = tuple[list[Ask], list[Held], dict[UUID, int]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Crowded places: what makes room for one line mostly puts another out."""
    places = PLACES[: draw(st.integers(2, 4))]
    some = st.permutations(places).flatmap(
        lambda order: st.integers(0, len(order)).map(lambda size: order[:size])
    )
    asks = [
        Ask(UUID(int=100 + number), draw(some), draw(st.booleans()))
        for number in range(draw(st.integers(0, 3)))
    ]
    held: list[Held] = []
    for number in range(draw(st.integers(0, 5))):
        place = draw(st.sampled_from(places))
        others = [other for other in draw(some) if other != place]
        held.append(Held(UUID(int=200 + number), place, others))
    free = {place: draw(st.sampled_from([0, 0, 0, 1, 2])) for place in places}
    return asks, held, free


A, B, C, D = PLACES
TWO_MOVES_OR_ONE: Case = (
    [Ask(UUID(int=100), [A], True)],
    [Held(UUID(int=200), A, [D]), Held(UUID(int=201), A, [B]), Held(UUID(int=202), B, [C])],
    {A: 0, B: 0, C: 1, D: 1},
)
MOVED_AGAIN: Case = (
    [Ask(UUID(int=100), [A], True), Ask(UUID(int=101), [B], True)],
    [Held(UUID(int=200), A, [B, C]), Held(UUID(int=201), B, [C])],
    {A: 0, B: 1, C: 1},
)


@pytest.mark.rule("G6", "X6")
@settings(max_examples=400, deadline=None)
@given(cases())
@example(TWO_MOVES_OR_ONE)
@example(MOVED_AGAIN)
def test_the_assignment_found_is_the_best_of_all(case: Case) -> None:
    asks, held, free = case
    covered = largest_cover(asks, held, free)
    best = min(assignments(covered, held, free), key=lambda found: badness(found, covered, held))
    found = allocate(asks, held, free)
    assert found == Allocation(
        placed={ask.line_id: place for ask, place in zip(covered, best, strict=False)},
        moved={
            line.line_id: place
            for line, place in zip(held, best[len(covered) :], strict=True)
            if place != line.place
        },
        uncovered=frozenset(ask.line_id for ask in asks if ask not in covered),
    )


@settings(deadline=None)
@given(cases())
def test_first_choices_are_taken_only_where_nothing_is_better(case: Case) -> None:
    asks, held, free = case
    greedy = first_choices(asks, free)
    assert greedy is None or greedy == allocate(asks, held, free)


def largest_cover(
    asks: Sequence[Ask], held: Sequence[Held], free: dict[UUID, int]
) -> Sequence[Ask]:
    """Return the asks that can be covered together: required ones first, each before the next."""
    covered: list[Ask] = []
    for ask in sorted(asks, key=lambda ask: not ask.required):
        if any(assignments([*covered, ask], held, free)):
            covered.append(ask)
    return [ask for ask in asks if ask in covered]


def assignments(
    asks: Sequence[Ask], held: Sequence[Held], free: dict[UUID, int]
) -> Iterator[tuple[UUID, ...]]:
    capacity = Counter(free) + Counter(line.place for line in held)
    choices = [*(ask.places for ask in asks), *([h.place, *h.others] for h in held)]
    for places in product(*choices):
        if all(taken <= capacity[place] for place, taken in Counter(places).items()):
            yield places


def badness(
    places: tuple[UUID, ...], asks: Sequence[Ask], held: Sequence[Held]
) -> tuple[object, ...]:
    choices = [ask.places.index(place) for ask, place in zip(asks, places, strict=False)]
    ranks = [
        [line.place, *line.others].index(place)
        for line, place in zip(held, places[len(asks) :], strict=True)
    ]
    return choices, sum(rank > 0 for rank in ranks), ranks


@pytest.mark.rule("G6")
def test_a_chain_of_holds_moves_when_only_that_makes_room() -> None:
    held = [Held(UUID(int=first), A, [B]) for first in (1, 2)] + [Held(UUID(int=3), B, [C])]
    asks = [Ask(UUID(int=9), [A], required=True)]
    found = allocate(asks, held, {A: 0, B: 0, C: 1})
    assert found.placed == {UUID(int=9): A}
    assert found.moved == {UUID(int=2): B, UUID(int=3): C}, "the earlier hold stays where it is"


@pytest.mark.rule("G6")
def test_hundreds_of_holds_are_no_obstacle() -> None:
    pairs = list(combinations(PLACES, 2))
    held = [Held(UUID(int=1000 + at), *_pair(pairs[at % len(pairs)])) for at in range(600)]
    asks = [Ask(UUID(int=1), PLACES, required=True)]
    assert allocate(asks, held, dict.fromkeys(PLACES, 0) | {PLACES[3]: 1}).moved


def _pair(pair: tuple[UUID, UUID]) -> tuple[UUID, list[UUID]]:
    return pair[0], [pair[1]]
