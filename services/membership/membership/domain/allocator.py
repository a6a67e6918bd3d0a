"""Which bucket carries which line: the assignment of rule G6, and of rule A5 at the start.

Lines are placed in buckets with a limited number of free sessions; what is held already may move
to another bucket. If any assignment covers everything, it is found. Of those that do, the one
with the least cost is taken, and the cost is a number whose digits are the rule's priorities:
the choices of the new lines in their order, then how many held lines move, then the choices of
those that move, in their order. Python's integers have as many digits as it takes.

Every line is added on the cheapest path: it takes a place, whoever is in its way moves on, until
a free session ends the chain. Adding on cheapest paths keeps the whole assignment a cheapest one
(successive shortest paths), so nothing is ever tried and taken back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID


class Ask(NamedTuple):
    """A line that needs a session. `places` are the buckets that may carry it, best first."""

    line_id: UUID
    places: Sequence[UUID]
    required: bool


class Held(NamedTuple):
    """A line that has its session in `place`, and may move to one of `others`, best first."""

    line_id: UUID
    place: UUID
    others: Sequence[UUID]


class Allocation(NamedTuple):
    """Where the lines are placed, where held ones move to, and which lines found no place."""

    placed: dict[UUID, UUID]
    moved: dict[UUID, UUID]
    uncovered: frozenset[UUID]


def first_choices(asks: Sequence[Ask], free: Mapping[UUID, int]) -> Allocation | None:
    """Return the assignment of every line to its first choice, if all fit: nothing is better."""
    taken: dict[UUID, int] = {}
    placed: dict[UUID, UUID] = {}
    for ask in asks:
        if not ask.places:
            return None
        place = ask.places[0]
        taken[place] = taken.get(place, 0) + 1
        if taken[place] > free[place]:
            return None
        placed[ask.line_id] = place
    return Allocation(placed, {}, frozenset())


def allocate(asks: Sequence[Ask], held: Sequence[Held], free: Mapping[UUID, int]) -> Allocation:
    """Return the best assignment; `asks` and `held` come in the order in which they count.

    Required lines are covered before the others. A line that cannot be covered together with
    those is left out. `free` says how many sessions are neither used nor held, per bucket.
    """
    movable = [line for line in held if line.others]
    plan = _Plan(dict(free), {}, {}, _costs(asks, movable))
    for line in movable:
        plan.put(line.line_id, line.place)
    in_order = [ask for ask in asks if ask.required] + [ask for ask in asks if not ask.required]
    uncovered = {ask.line_id for ask in in_order if not plan.add(ask.line_id)}
    return Allocation(
        placed={a.line_id: plan.at[a.line_id] for a in asks if a.line_id not in uncovered},
        moved={m.line_id: plan.at[m.line_id] for m in movable if plan.at[m.line_id] != m.place},
        uncovered=frozenset(uncovered),
    )


Costs = dict[UUID, dict[UUID, int]]


def _costs(asks: Sequence[Ask], movable: Sequence[Held]) -> Costs:
    """Return the cost of every line in each of its places, as digits of one number."""
    choices = [*(len(ask.places) for ask in asks), *(len(line.others) for line in movable)]
    base = 1 + max(choices, default=0)
    costs: Costs = {}
    weight = 1
    for line in reversed(movable):
        costs[line.line_id] = {
            place: rank * weight for rank, place in enumerate(line.others, start=1)
        }
        weight *= base
    for line in movable:
        costs[line.line_id] = {place: weight + c for place, c in costs[line.line_id].items()}
        costs[line.line_id][line.place] = 0
    weight *= len(movable) + 1
    for ask in reversed(asks):
        costs[ask.line_id] = {place: rank * weight for rank, place in enumerate(ask.places)}
        weight *= base
    return costs


class _Step(NamedTuple):
    """A place is reached at a total cost when `line_id` moves into it."""

    cost: int
    line_id: UUID


@dataclass(slots=True)
class _Plan:
    free: dict[UUID, int]
    at: dict[UUID, UUID]
    lines_in: dict[UUID, set[UUID]]
    costs: Costs

    def put(self, line_id: UUID, place: UUID) -> None:
        self.at[line_id] = place
        self.lines_in.setdefault(place, set()).add(line_id)

    def add(self, line_id: UUID) -> bool:
        """Place one more line on the cheapest path; say whether there is one."""
        reached = self._reach(line_id)
        ends = [place for place in reached if self.free[place] > 0]
        if not ends:
            return False
        place = min(ends, key=lambda end: reached[end].cost)
        self.free[place] -= 1
        while True:
            mover = reached[place].line_id
            origin = self.at.get(mover)
            if origin is not None:
                self.lines_in[origin].discard(mover)
            self.put(mover, place)
            if origin is None:
                return True
            place = origin

    def _reach(self, line_id: UUID) -> dict[UUID, _Step]:
        """Return the cheapest way into each place that can be reached (Bellman and Ford)."""
        reached = {place: _Step(cost, line_id) for place, cost in self.costs[line_id].items()}
        waiting = list(reached)
        while waiting:
            place = waiting.pop(0)
            for target, step in self._steps_from(place, reached[place].cost):
                if target not in reached or step.cost < reached[target].cost:
                    reached[target] = step
                    if target not in waiting:
                        waiting.append(target)
        return reached

    def _steps_from(self, place: UUID, cost: int) -> Iterable[tuple[UUID, _Step]]:
        for line_id in self.lines_in.get(place, ()):
            costs = self.costs[line_id]
            for target, there in costs.items():
                if target != place:
                    yield target, _Step(cost + there - costs[place], line_id)
