"""Imports go down only."""

import tomllib

from tests.house.contracts import broken_contracts
from tests.house.tree import FLOORS, PROJECT


def test_every_import_contract_is_kept():
    assert broken_contracts(PROJECT.root) == ""


def test_every_floor_is_under_contract():
    config = tomllib.loads((PROJECT.root / "pyproject.toml").read_text())["tool"]["importlinter"]
    contracts = {contract["id"]: contract for contract in config["contracts"]}
    assert config["root_packages"] == list(FLOORS)
    assert contracts["floors"]["layers"] == list(reversed(FLOORS))
    assert contracts["rooms"]["containers"] == list(FLOORS[1:])
    assert contracts["rooms"]["exhaustive"]


def test_the_floors_are_the_only_packages():
    packages = {path.parent.name for path in PROJECT.root.glob("*/__init__.py")}
    assert packages == {*FLOORS, "tests"}
