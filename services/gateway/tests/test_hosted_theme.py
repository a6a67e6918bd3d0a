"""Whatever colour a location has, its booking page can be read, light and dark (rule G9)."""

import re
from itertools import product

import pytest

from contracts.booking import WidgetTheme
from gateway.pages.booking.theme import contrast, stylesheet

SURFACES = {"light": "#ffffff", "dark": "#172027"}
COLOURS = [
    f"#{red}{green}{blue}" for red, green, blue in product(["00", "55", "aa", "ff"], repeat=3)
]


def tokens(color: str, mode: str) -> dict[str, str]:
    theme = WidgetTheme.model_validate({"color": color, "mode": mode})
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", stylesheet(theme)))


def mixed(color: str, surface: str, share: float) -> str:
    pairs = [(int(color[at : at + 2], 16), int(surface[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(one * share + other * (1 - share)):02x}" for one, other in pairs)


@pytest.mark.rule("G9")
@pytest.mark.parametrize("mode", SURFACES)
def test_every_colour_of_a_theme_can_be_read(mode: str) -> None:
    for color in COLOURS:
        found, surface = tokens(color, mode), SURFACES[mode]
        assert contrast(found["accent"], surface) >= 3, color
        assert contrast(found["on-accent"], found["accent"]) >= 4.5, color
        soft = mixed(found["accent"], surface, 0.12)
        assert contrast(found["accent-strong"], soft) >= 4.5, color


@pytest.mark.rule("G9")
def test_a_colour_that_can_be_read_is_taken_as_it_is() -> None:
    assert tokens("#c2185b", "light")["accent"] == "#c2185b"


def test_a_theme_without_a_mode_has_both() -> None:
    both = stylesheet(WidgetTheme())
    assert "prefers-color-scheme: dark" in both
    assert "color-scheme: light;" not in both
