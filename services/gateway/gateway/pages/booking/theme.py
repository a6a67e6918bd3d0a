"""The colours of a location (rule G9), made of the one that its widget has, so that all is read."""

from typing import Final, NamedTuple

from litestar import Response, get
from litestar.di import NamedDependency

from contracts.booking import WidgetTheme
from gateway.pages.booking.guest import Guest

_LIGHT_SURFACE: Final = "#ffffff"
_DARK_SURFACE: Final = "#172027"
_READ: Final = 4.5  # the contrast of text
_SEEN: Final = 3.1  # the contrast of what is no text

_RULE: Final = (
    ":root {{ --accent: {accent}; --accent-strong: {strong}; --on-accent: {on};"
    " --accent-soft: color-mix(in srgb, {accent} 12%, var(--surface)); }}"
)


class _Colours(NamedTuple):
    accent: str
    strong: str
    on: str


@get("/theme.css")
async def show_theme(guest: NamedDependency[Guest]) -> Response[str]:
    """Return the few tokens that the theme of the location replaces."""
    headers = {"Cache-Control": "private, max-age=60", "X-Content-Type-Options": "nosniff"}
    text = stylesheet(guest.location.widget_theme)
    return Response(text, media_type="text/css", headers=headers)


def stylesheet(theme: WidgetTheme) -> str:
    """Return the tokens of a theme, in the modes that it has."""
    light = _rule(_colours(theme.color, _LIGHT_SURFACE))
    dark = _rule(_colours(theme.color, _DARK_SURFACE))
    if theme.mode == "auto":
        return f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n"
    only = light if theme.mode == "light" else dark
    return f":root {{ color-scheme: {theme.mode}; }}\n{only}\n"


def _rule(colours: _Colours) -> str:
    return _RULE.format(**colours._asdict())


def _colours(color: str, surface: str) -> _Colours:
    accent = _until_contrast(color, surface, _SEEN)
    white, ink = contrast(accent, "#ffffff"), contrast(accent, "#000000")
    return _Colours(
        accent=accent,
        strong=_until_contrast(color, surface, _READ + 1),
        on="#ffffff" if white >= _READ or white >= ink else "#000000",
    )


def _until_contrast(color: str, surface: str, wanted: float) -> str:
    """Return a colour, nearer to black or white as far as it must be to be seen on a surface."""
    towards = 0 if surface == _LIGHT_SURFACE else 255
    mixed = _parts(color)
    for percent in range(0, 101, 4):
        mixed = [round(part + (towards - part) * percent / 100) for part in _parts(color)]
        if contrast(_text(mixed), surface) >= wanted:
            break
    return _text(mixed)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG defines it."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _parts(color: str) -> list[int]:
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]


def _text(parts: list[int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in parts)
