"""What the code must look like from far: rooms, directions, purity, independence.

Every check takes the plain facts about a code base and returns the violations as sentences, so
that the tests can show each of them a code base that is wrong.
"""

import ast
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
SERVICES: Final = tuple(sorted(path.name for path in (ROOT / "services").iterdir()))
LIBRARIES: Final = tuple(sorted(path.name for path in (ROOT / "libs").iterdir()))

# Data flows down: a room imports from those of a lower rank, and never from one beside it.
RANKS: Final = {
    "__main__": 6,
    "app": 5,
    "consumers": 4, "api": 4, "timers": 4, "errands": 4,
    "commands": 3, "queries": 3,
    "announcements": 2, "store": 2,
    "settings": 1, "domain": 1,
}  # fmt: skip
# The gateway keeps no aggregate: it has the rooms of an edge beside the usual ones.
EDGE_RANKS: Final = RANKS | {
    "static": 1,
    "outages": 1,
    "services": 2,  # asking the services
    "replies": 2,  # hearing from them
    "message_log": 2,  # showing people what is said
    "keys": 2,
    "staff": 2,
    "pages": 4,  # the edge's own caller: it knows the API by its paths alone
    "phones": 2,
    "access": 2,
}
NOT_IMPORTED: Final = {"migrations", "py.typed", "__init__", "static", "templates"}
IMPURE: Final = {
    "asyncio", "concurrent", "http", "logging", "multiprocessing", "os", "pathlib", "random",
    "secrets", "select", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "sys",
    "tempfile", "threading", "time", "urllib",
}  # fmt: skip
CLOCKS: Final = {"now", "utcnow", "today"}


@dataclass(frozen=True)
class Module:
    """One module: its dotted name, the modules that it imports, and its syntax."""

    name: str
    imports: frozenset[str]
    tree: ast.Module = field(default_factory=lambda: ast.Module([], []))

    @property
    def package(self) -> str:
        """The service or library that it belongs to."""
        return self.name.split(".")[0]

    @property
    def room(self) -> str:
        """The room within its service."""
        return [*self.name.split("."), "__init__"][1]


def modules(*packages: str) -> Iterator[Module]:
    """Read the modules of services and libraries, tests left out."""
    for package in packages:
        kind = "services" if package in SERVICES else "libs"
        base = ROOT / kind / package
        for file in sorted((base / package).rglob("*.py")):
            name = ".".join(file.relative_to(base).with_suffix("").parts).removesuffix(".__init__")
            yield parse(name, file.read_text())


def parse(name: str, source: str) -> Module:
    """Make a module of its source text."""
    tree = ast.parse(source)
    return Module(name, frozenset(_imports(tree)), tree)


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def strange_rooms(service: str, entries: set[str]) -> list[str]:
    """Name the files and folders of a service that are not rooms of the design."""
    ranks = EDGE_RANKS if service == "gateway" else RANKS
    known = ranks.keys() | NOT_IMPORTED
    return [f"{service} has no room called {entry}" for entry in sorted(entries - known)]


def uphill_imports(module: Module) -> list[str]:
    """Name the imports that go to a room of the same or a higher rank."""
    ranks = EDGE_RANKS if module.package == "gateway" else RANKS
    own = ranks.get(module.room)
    if own is None:
        return []
    rooms = {
        imported.split(".")[1]
        for imported in module.imports
        if imported.startswith(f"{module.package}.")
    }
    return [
        f"{module.name} imports uphill from {room}"
        for room in sorted(rooms - {module.room})
        if ranks.get(room, 0) >= own
    ]


def foreign_imports(module: Module) -> list[str]:
    """Name the imports from another service, and from a service into a library."""
    others = set(SERVICES) - {module.package}
    imported = {name.split(".")[0] for name in module.imports}
    return [f"{module.name} imports the service {name}" for name in sorted(imported & others)]


def impurities(module: Module) -> list[str]:
    """Name what a module of a domain does beside deciding."""
    if module.room != "domain":
        return []
    own = f"{module.package}.domain"
    allowed = sys.stdlib_module_names - IMPURE
    found = [
        f"{module.name} imports {name}"
        for name in sorted(module.imports)
        if not name.startswith(own) and name.split(".")[0] not in allowed
    ]
    for node in ast.walk(module.tree):
        if isinstance(node, (ast.AsyncFunctionDef, ast.Await, ast.AsyncWith, ast.AsyncFor)):
            found.append(f"{module.name} waits")
        if _calls_a_clock(node):
            found.append(f"{module.name} looks at a clock")
    return found


def _calls_a_clock(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
    )


def undeclared(package: str, imports: set[str], pyproject: dict[str, Any]) -> list[str]:
    """Name the packages of this repository that are imported but not declared, or the reverse."""
    prefix = "punchcard-"
    declared = {
        entry.removeprefix(prefix)
        for entry in pyproject["project"]["dependencies"]
        if entry.startswith(prefix)
    }
    used = {name for name in imports if name in {*SERVICES, *LIBRARIES}} - {package}
    missing = [f"{package} imports {name} undeclared" for name in sorted(used - declared)]
    needless = [f"{package} declares {name} in vain" for name in sorted(declared - used)]
    return missing + needless


def pyproject_of(package: str) -> dict[str, Any]:
    """Read the pyproject.toml of a service or library."""
    kind = "services" if package in SERVICES else "libs"
    return tomllib.loads((ROOT / kind / package / "pyproject.toml").read_text())
