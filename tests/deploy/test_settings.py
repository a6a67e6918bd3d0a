"""What the processes must be told."""

from importlib import import_module

import pytest

from deployment import ROOT


@pytest.mark.parametrize(
    "service", sorted(folder.name for folder in (ROOT / "services").glob("[a-z]*"))
)
def test_a_process_does_not_start_without_a_name_of_its_own(service: str) -> None:
    settings = import_module(f"{service}.settings").Settings
    assert settings.model_fields["instance"].is_required()
