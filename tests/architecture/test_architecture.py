"""The architecture holds, and each of its checks sees what it is there to see."""

import pytest

from architecture import (
    LIBRARIES,
    ROOT,
    SERVICES,
    foreign_imports,
    impurities,
    modules,
    parse,
    pyproject_of,
    strange_rooms,
    undeclared,
    uphill_imports,
)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_rooms_of_the_design_and_no_others(service: str) -> None:
    entries = {
        path.name.removesuffix(".py")
        for path in (ROOT / "services" / service / service).iterdir()
        if path.name != "__pycache__"
    }
    assert strange_rooms(service, entries) == []
    assert {"__main__", "app", "settings"} <= entries
    assert (ROOT / "services" / service / "README.md").is_file()


@pytest.mark.parametrize("service", SERVICES)
def test_data_flows_down_through_the_rooms(service: str) -> None:
    assert [line for module in modules(service) for line in uphill_imports(module)] == []


@pytest.mark.parametrize("package", [*SERVICES, *LIBRARIES])
def test_services_know_nothing_of_each_other_nor_libraries_of_services(package: str) -> None:
    assert [line for module in modules(package) for line in foreign_imports(module)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_domains_decide_and_do_nothing_else(service: str) -> None:
    assert [line for module in modules(service) for line in impurities(module)] == []


@pytest.mark.parametrize("package", [*SERVICES, *LIBRARIES])
def test_packages_declare_what_they_import(package: str) -> None:
    imports = {name.split(".")[0] for module in modules(package) for name in module.imports}
    assert undeclared(package, imports, pyproject_of(package)) == []


def test_a_strange_room_is_seen() -> None:
    assert strange_rooms("booking", {"store", "utils"}) == ["booking has no room called utils"]


@pytest.mark.parametrize(
    ("name", "source", "violation"),
    [
        (
            "sales.store",
            "from sales.commands import sell",
            "sales.store imports uphill from commands",
        ),
        ("sales.api", "import sales.consumers", "sales.api imports uphill from consumers"),
        (
            "sales.domain.bill",
            "from sales import store",
            "sales.domain.bill imports uphill from store",
        ),
    ],
)
def test_an_uphill_import_is_seen(name: str, source: str, violation: str) -> None:
    assert uphill_imports(parse(name, source)) == [violation]


@pytest.mark.parametrize("name", ["sales.store", "messaging.relay"])
def test_an_import_of_another_service_is_seen(name: str) -> None:
    module = parse(name, "from booking.domain import slots")
    assert foreign_imports(module) == [f"{name} imports the service booking"]


@pytest.mark.parametrize(
    ("source", "violation"),
    [
        ("import asyncpg", "sales.domain.bill imports asyncpg"),
        ("from contracts.values import Money", "sales.domain.bill imports contracts.values"),
        ("import time", "sales.domain.bill imports time"),
        ("async def f(): ...", "sales.domain.bill waits"),
        ("d = datetime.now(UTC)", "sales.domain.bill looks at a clock"),
    ],
)
def test_an_impurity_is_seen(source: str, violation: str) -> None:
    assert violation in impurities(parse("sales.domain.bill", source))


def test_a_dependency_that_is_missing_or_needless_is_seen() -> None:
    pyproject = {"project": {"dependencies": ["punchcard-web", "pydantic"]}}
    assert undeclared("sales", {"contracts", "pydantic"}, pyproject) == [
        "sales imports contracts undeclared",
        "sales declares web in vain",
    ]
