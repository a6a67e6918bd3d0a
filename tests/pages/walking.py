"""Finding every page by its links, as somebody would who clicks on all of them once."""

import re
from collections import deque
from html import unescape
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

_LINKS: Final = re.compile(r'<a\b[^>]*\shref="([^"#]+)', re.IGNORECASE)
_IDS: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\d")


def walk(http: httpx.Client, start: str, *, below: str = "/") -> list[str]:
    """Follow all links from `start` to paths below `below`; return an address of each kind of page.

    Pages are of one kind when their addresses differ in ids and dates alone. The kind is the path
    and the names of the query, without them.
    """
    found: dict[str, str] = {}
    seen: set[str] = set()
    ahead = deque([start])
    while ahead:
        asked = ahead.popleft()
        if kind_of(asked) in seen:
            continue
        seen.add(kind_of(asked))
        answer = http.get(asked, follow_redirects=True)
        assert answer.status_code == 200, f"{asked}: {answer.status_code}"
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        path = answer.url.raw_path.decode()
        seen.add(kind_of(path))
        found.setdefault(kind_of(path), path)
        ahead.extend(link for link in links_in(answer.text, path) if link.startswith(below))
    return list(found.values())


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
    names = sorted({name for name, _ in parse_qsl(parts.query)})
    kind = _IDS.sub("…", parts.path)
    return f"{kind}?{'&'.join(names)}" if names else kind
