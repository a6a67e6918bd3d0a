"""What may change in a contract: an optional field or a type may come, nothing else.

Old messages must be read by new readers, and new messages by old readers, who ignore fields that
they do not know. Every function takes what is committed and what is new, and returns the
violations as sentences.
"""

from collections.abc import Iterator
from typing import Any, Final

ADVICE: Final = (
    "A change may add an optional field or a type, nothing else: "
    "leave the .v1 as it is, and say the new thing in a .v2 beside it."
)

Schema = dict[str, Any]

_PROSE: Final = {"$schema", "title", "description"}
_STRUCTURE: Final = {"properties", "required", "items", "anyOf", "definitions"}


def schema_violations(committed: dict[str, Schema], new: dict[str, Schema]) -> list[str]:
    """Compare the schemas of all types, by name."""
    gone = [f"{name}: the type is gone" for name in sorted(committed.keys() - new.keys())]
    changed = [
        f"{name}: {violation}"
        for name in sorted(committed.keys() & new.keys())
        for violation in _Comparison(committed[name], new[name]).violations()
    ]
    return gone + changed


def topic_violations(committed: Schema, new: Schema) -> list[str]:
    """Compare two AsyncAPI documents: where each type travels, and what keeps its order."""
    before, after = _places(committed), _places(new)
    return [
        f"{name}: {what} was {old}, and is {now} now"
        for name in sorted(before.keys() & after.keys())
        for what, old, now in zip(
            ("topic", "key", "number of partitions"), before[name], after[name], strict=True
        )
        if old != now
    ]


def _places(document: Schema) -> dict[str, tuple[str, str, int]]:
    messages = document["components"]["messages"]
    return {
        name: (
            channel["address"],
            messages[name]["x-key-field"],
            channel["bindings"]["kafka"]["partitions"],
        )
        for channel in document["channels"].values()
        for name in channel["messages"]
    }


class _Comparison:
    """One type's committed and new schema; the references of each lead into itself."""

    def __init__(self, committed: Schema, new: Schema) -> None:
        self._committed = committed
        self._new = new

    def violations(self) -> list[str]:
        return list(self._nodes(self._committed, self._new, "body"))

    def _nodes(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        old, new = _resolved(old, self._committed), _resolved(new, self._new)
        yield from self._alternatives(old, new, path)
        yield from self._properties(old, new, path)
        if "items" in old and "items" in new:
            yield from self._nodes(old["items"], new["items"], f"{path}[]")
        elif ("items" in old) != ("items" in new):
            yield f"{path} has other items"
        yield from _values(old, new, path)
        for keyword in sorted((old.keys() | new.keys()) - _PROSE - _STRUCTURE - {"enum"}):
            if old.get(keyword) != new.get(keyword):
                yield f"{path}: {keyword} was {_said(old, keyword)}, is {_said(new, keyword)} now"

    def _alternatives(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        before, after = old.get("anyOf", []), new.get("anyOf", [])
        if len(before) != len(after):
            yield f"{path} has other alternatives (may it be null?)"
            return
        for one, other in zip(before, after, strict=True):
            yield from self._nodes(one, other, path)

    def _properties(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed, given = set(old.get("required", ())), set(new.get("required", ()))
        for name in before:
            if name not in after:
                yield f"{path}.{name} is gone: old readers look for it"
            else:
                yield from self._nodes(before[name], after[name], f"{path}.{name}")
        for name in sorted(given - needed):
            yield f"{path}.{name} is required now: old messages lack it"
        for name in sorted((needed - given) & after.keys()):
            yield f"{path}.{name} is optional now: old readers need it"


def _values(old: Schema, new: Schema, path: str) -> Iterator[str]:
    """Compare what a field may say; one that had no list of values must not get one."""
    if ("enum" in old) != ("enum" in new):
        yield f"{path}: the list of values has come or gone"
        return
    before, after = old.get("enum", []), new.get("enum", [])
    yield from (
        f"{path} may be {value!r} now: old readers do not know it"
        for value in after
        if value not in before
    )
    yield from (
        f"{path} may not be {value!r} any more: old messages say it"
        for value in before
        if value not in after
    )


def _resolved(node: Schema, root: Schema) -> Schema:
    """Follow a reference; what stands beside it, such as a default, stays."""
    if "$ref" not in node:
        return node
    name = node["$ref"].removeprefix("#/definitions/")
    beside = {key: value for key, value in node.items() if key != "$ref"}
    return {**root["definitions"][name], **beside}


def _said(node: Schema, keyword: str) -> str:
    return repr(node[keyword]) if keyword in node else "absent"
