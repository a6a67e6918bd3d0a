"""Paths that a request names for where to go on: none leads to another site."""

from urllib.parse import urlsplit


def leads_below(start: str, path: str) -> bool:
    """Return whether a path leads to `start` or below it, and not elsewhere by some trick."""
    try:
        parts = urlsplit(path)
    except ValueError:
        return False
    is_within = parts.path == start or parts.path.startswith(f"{start}/")
    return (
        is_within
        and not parts.scheme
        and not parts.netloc
        and path.isprintable()
        and "\\" not in path
    )
