"""Which membership pays for which line (rule G6), in the plainest way: by trying.

It knows nothing of how the services do it, and takes its time.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

Bucket = str


@dataclass(frozen=True)
class Ask:
    """A line that needs a session, and the buckets that may give it, best first."""

    line: str
    buckets: tuple[Bucket, ...]
    required: bool


@dataclass(frozen=True)
class Held:
    """A line that has its session in one bucket, and could have it in others, best first."""

    line: str
    bucket: Bucket
    others: tuple[Bucket, ...]


@dataclass(frozen=True)
class Assignment:
    """Where the new lines are held, where older ones move to, and what finds no session."""

    placed: Mapping[str, Bucket]
    moved: Mapping[str, Bucket]
    uncovered: frozenset[str]


def assign(asks: Sequence[Ask], held: Sequence[Held], free: Mapping[Bucket, int]) -> Assignment:
    """Return the first assignment in the order of G6; `asks` and `held` are in theirs.

    Required lines come before the others, and a line that does not fit with those is left out.
    """
    room = Counter(free) + Counter(each.bucket for each in held)
    movable = [(each.bucket, *each.others) for each in held]
    covered: list[Ask] = []
    for ask in sorted(asks, key=lambda one: not one.required):
        if _fits([*(one.buckets for one in covered), ask.buckets, *movable], room):
            covered.append(ask)
    in_order = [ask for ask in asks if ask in covered]
    chosen: list[tuple[Bucket, ...]] = [ask.buckets for ask in in_order]
    for number, ask in enumerate(in_order):
        chosen[number] = next(
            (bucket,)
            for bucket in ask.buckets
            if _fits([*chosen[:number], (bucket,), *chosen[number + 1 :], *movable], room)
        )
    placed = {ask.line: bucket for ask, (bucket,) in zip(in_order, chosen, strict=True)}
    return Assignment(
        placed,
        _fewest_moves(held, room - Counter(placed.values())),
        frozenset(ask.line for ask in asks if ask not in covered),
    )


def _fewest_moves(held: Sequence[Held], room: Counter[Bucket]) -> dict[str, Bucket]:
    for number in range(len(held) + 1):
        ways = list(_ways_to_move(held, room, number))
        if ways:
            _, moved = min(ways, key=lambda way: way[0])
            return moved
    raise AssertionError("what fits in some way fits in none")


def _ways_to_move(
    held: Sequence[Held], room: Counter[Bucket], number: int
) -> Iterator[tuple[list[int], dict[str, Bucket]]]:
    """Give every way to move so many lines: the ranks of all lines' buckets, and the moves."""
    for movers in combinations(held, number):
        for targets in product(*(mover.others for mover in movers)):
            moved = {mover.line: target for mover, target in zip(movers, targets, strict=True)}
            taken = Counter(moved.get(each.line, each.bucket) for each in held)
            if all(taken[bucket] <= room[bucket] for bucket in taken):
                yield [_rank(each, moved.get(each.line)) for each in held], moved


def _rank(held: Held, target: Bucket | None) -> int:
    return 0 if target is None else 1 + held.others.index(target)


def _fits(lines: Sequence[tuple[Bucket, ...]], room: Mapping[Bucket, int]) -> bool:
    """Whether every line finds a session in one of its buckets."""
    inside: dict[Bucket, list[int]] = {}

    def seat(line: int, tried: set[Bucket]) -> bool:
        for bucket in lines[line]:
            if bucket in tried:
                continue
            tried.add(bucket)
            taken = inside.setdefault(bucket, [])
            if len(taken) < room.get(bucket, 0):
                taken.append(line)
                return True
            for other in taken:
                if seat(other, tried):
                    taken[taken.index(other)] = line
                    return True
        return False

    return all(seat(line, set()) for line in range(len(lines)))
