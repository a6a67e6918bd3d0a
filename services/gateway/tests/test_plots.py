"""Plots: scales that are round, bars that are as high as their counts, and nothing at all."""

import pytest

from gateway.pages.plots import NARROW, WIDE, Place, Plot, Series, bars, labelled, scale


def plotted(*values: int) -> Plot:
    places = [Place(f"{at}", f"Place {at}") for at in range(len(values))]
    return bars(places, [Series("used", "accent", values)])


@pytest.mark.parametrize(
    ("highest", "levels"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 2, 4, 6]),
        (9, [0, 5, 10]),
        (20, [0, 5, 10, 15, 20]),
        (21, [0, 10, 20, 30]),
        (999, [0, 500, 1000]),
        (1001, [0, 500, 1000, 1500]),
    ],
)
def test_levels_are_few_round_and_reach_the_highest(highest: int, levels: list[int]) -> None:
    assert scale(highest) == levels


def test_any_number_has_a_scale_that_is_not_much_higher() -> None:
    for highest in (*range(300), 4_999, 5_000, 123_456, 10**9):
        levels = scale(highest)
        assert 2 <= len(levels) <= 5
        assert levels[-2] < max(highest, 1) <= levels[-1]


def test_bars_are_as_high_as_their_counts_and_stand_on_the_floor() -> None:
    plot = plotted(4, 1, 0)
    four, one, nothing = plot.columns
    [high], [low] = four.bars, one.bars
    assert high.height == pytest.approx(plot.bottom - plot.top)
    assert low.height == pytest.approx(high.height / 4, abs=0.01)
    assert {bar.y + bar.height for bar in (high, low)} == {plot.bottom}
    assert nothing.bars == ()


def test_bars_of_a_place_are_stacked_in_their_order() -> None:
    series = [Series("automatic", "accent", (3,)), Series("by hand", "soft", (1,))]
    [column] = bars([Place("1", "Monday")], series).columns
    below, above = column.bars
    assert (below.kind, above.kind) == ("accent", "soft")
    assert above.y + above.height == pytest.approx(below.y)
    assert column.says == "Monday: 3 automatic, 1 by hand"


def test_places_fill_the_grid_and_their_bars_keep_apart() -> None:
    plot = plotted(1, 2, 3)
    first, *_, last = plot.columns
    assert first.x == plot.left
    assert last.x + last.width == pytest.approx(plot.right, abs=0.02)
    for left, right in zip(plot.columns, plot.columns[1:], strict=False):
        assert left.bars[0].x + left.bars[0].width < right.bars[0].x


def test_few_bars_are_not_as_wide_as_they_could_be() -> None:
    [column] = plotted(1).columns
    assert column.bars[0].width < column.width / 4


@pytest.mark.parametrize("frame", [WIDE, NARROW])
@pytest.mark.parametrize("number", [0, 1, 2, 8, 9, 31, 53])
def test_no_more_places_are_labelled_than_there_is_room_for(number: int, frame: object) -> None:
    most = WIDE.most_labels if frame is WIDE else NARROW.most_labels
    labels = labelled(number, most)
    assert len(labels) <= most
    assert number == 0 or labels[0] == 0


def test_without_places_there_is_an_empty_grid() -> None:
    plot = bars([], [Series("used", "accent", ())])
    assert plot.columns == ()
    assert [level.label for level in plot.levels] == ["0", "1"]
