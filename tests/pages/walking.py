"""Finding every page by its links, as somebody would who clicks on all of them once."""

import re
from collections import deque
from html import unescape
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

_LINKS: Final = re.compile(r'<a\b[^>]*\shref="([^"#]+)', re.IGNORECASE)
_OF_A_KIND: Final = 3
_IDS: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\d")


def walk(http: httpx.Client, start: str, *, below: str, with_queries: bool = True) -> list[str]:
    """Follow links from `start` to paths below `below`; return an address of each kind of page.

    Pages are of one kind when their addresses differ in ids, dates and numbers alone, or, not
    `with_queries`, in whatever their queries say. Several of a kind are looked at, for not all of
    them need have the same links.
    """

    def kind(path: str) -> str:
        return kind_of(path if with_queries else path.partition("?")[0])

    found: dict[str, list[str]] = {}
    seen, ahead = set[str](), deque([start])
    while ahead:
        asked = ahead.popleft()
        if asked in seen or len(found.get(kind(asked), ())) == _OF_A_KIND:
            continue
        seen.add(asked)
        answer = http.get(asked, follow_redirects=True)
        assert answer.status_code == 200, f"{asked}: {answer.status_code}"
        path = answer.url.raw_path.decode()
        if path != asked and path in seen:
            continue
        seen.add(path)
        if answer.headers["content-type"].startswith("text/html"):
            found.setdefault(kind(path), []).append(path)
            ahead.extend(link for link in links_in(answer.text, path) if link.startswith(below))
    return [paths[0] for paths in found.values()]


def links_in(html: str, path: str) -> list[str]:
    """Return the paths, with their queries, that a page of this path links to."""
    links = (urlsplit(urljoin(path, unescape(link))) for link in _LINKS.findall(html))
    return [
        f"{link.path}?{link.query}" if link.query else link.path
        for link in links
        if not link.netloc
    ]


def kind_of(path: str) -> str:
    """Return what is the same in the addresses of all pages of one kind."""
    parts = urlsplit(path)
    words = [value if value.isalpha() else name for name, value in parse_qsl(parts.query)]
    kind = _IDS.sub("…", parts.path)
    return f"{kind}?{'&'.join(sorted(set(words)))}" if words else kind
