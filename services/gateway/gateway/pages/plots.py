"""Bars on a grid, as shapes in user units of an SVG: what is drawn, not of what.

A plot has one place after the other, each with a stack of bars, and a scale that begins at nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final, NamedTuple

_MOST_TICKS: Final = 5
_GAP: Final = 0.28  # of the width of a place
_WIDEST_BAR: Final = 44.0
_STEPS: Final = (1, 2, 5)


class Series(NamedTuple):
    """Counts of one kind, one for each place; `kind` names its colour in the stylesheet."""

    name: str
    kind: str
    values: Sequence[int]


class Place(NamedTuple):
    """One place along the plot: what is written below it, and what it is called when asked."""

    label: str
    name: str


class Frame(NamedTuple):
    """How large a plot is, with the room for its labels, and how many places have one."""

    width: int
    height: int
    most_labels: int
    left: int = 36
    right: int = 8
    top: int = 10
    bottom: int = 26


WIDE: Final = Frame(480, 200, 7)
NARROW: Final = Frame(300, 190, 4)


class Bar(NamedTuple):
    """A bar, its corner given from the upper left."""

    kind: str
    x: float
    y: float
    width: float
    height: float


class Column(NamedTuple):
    """The bars of one place, the room that belongs to it, and what it says: "3 March: 4 used"."""

    x: float
    width: float
    bars: tuple[Bar, ...]
    says: str


class Tick(NamedTuple):
    """A label, and where it is along its axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """All that is to be drawn."""

    frame: Frame
    columns: tuple[Column, ...]
    levels: tuple[Tick, ...]
    labels: tuple[Tick, ...]

    @property
    def left(self) -> float:
        """Where the grid begins."""
        return self.frame.left

    @property
    def right(self) -> float:
        """Where the grid ends."""
        return self.frame.width - self.frame.right

    @property
    def top(self) -> float:
        """Where the highest level may be."""
        return self.frame.top

    @property
    def bottom(self) -> float:
        """Where the bars stand."""
        return self.frame.height - self.frame.bottom


def bars(places: Sequence[Place], series: Sequence[Series], frame: Frame = WIDE) -> Plot:
    """Return stacked bars; every series has as many counts as there are places, none below 0."""
    levels = scale(max(map(sum, zip(*(each.values for each in series), strict=True)), default=0))
    floor, ceiling = frame.height - frame.bottom, frame.top
    unit = (floor - ceiling) / levels[-1]
    room = (frame.width - frame.left - frame.right) / max(len(places), 1)
    columns = tuple(
        _column(series, place, at, frame.left + at * room, (room, unit, floor))
        for at, place in enumerate(places)
    )
    return Plot(
        frame=frame,
        columns=columns,
        levels=tuple(Tick(_round(floor - level * unit), str(level)) for level in levels),
        labels=tuple(_labels(places, frame, room)),
    )


def scale(highest: int) -> list[int]:
    """Return the levels from 0 to the first above or at `highest`: whole, round, and few."""
    steps = (digit * 10**power for power in count() for digit in _STEPS)
    step = next(each for each in steps if highest <= each * (_MOST_TICKS - 1))
    most = max(1, -(-highest // step))
    return [step * level for level in range(most + 1)]


def labelled(number: int, most: int) -> range:
    """Return which of so many places have a label: evenly, the first among them."""
    return range(0, number, max(1, -(-number // most)))


def _column(
    series: Sequence[Series],
    place: Place,
    at: int,
    x: float,
    measures: tuple[float, float, float],
) -> Column:
    room, unit, floor = measures
    width = min(room * (1 - _GAP), _WIDEST_BAR)
    said = ", ".join(f"{each.values[at]} {each.name}" for each in series)
    stacked: list[Bar] = []
    for each in series:
        if each.values[at]:
            height = each.values[at] * unit
            left = x + (room - width) / 2
            floor -= height
            stacked.append(Bar(each.kind, *map(_round, (left, floor, width, height))))
    return Column(_round(x), _round(room), tuple(stacked), f"{place.name}: {said}")


def _labels(places: Sequence[Place], frame: Frame, room: float) -> Iterator[Tick]:
    for at in labelled(len(places), frame.most_labels):
        yield Tick(_round(frame.left + (at + 0.5) * room), places[at].label)


def _round(number: float) -> float:
    return round(number, 2)
