"""Assets from elsewhere are the files that were read and listed, whole, with their licences."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [ROOT / "static" / "vendor", ROOT / "tests" / "journeys" / "vendor"]
FILE_LINE = re.compile(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", re.MULTILINE)
FOLDER_LINE = re.compile(r"^\| `([^`]+)` \| `[^`]+` \| ([^|]+) \| ([^|]+) \| ", re.MULTILINE)


def listed(folder: Path) -> dict[str, str]:
    return dict(FILE_LINE.findall((folder / "VENDOR.md").read_text(encoding="utf-8")))


def present(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "VENDOR.md"
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_each_file_is_listed_with_its_sum_and_nothing_else_is_there(folder):
    assert present(folder) == listed(folder)


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_each_folder_has_a_line_with_its_version_and_a_licence(folder):
    lines = FOLDER_LINE.findall((folder / "VENDOR.md").read_text(encoding="utf-8"))
    folders = {path.name for path in folder.iterdir() if path.is_dir()}

    assert {name for name, _, _ in lines} == folders
    assert all(name.endswith(f"-{version}") for name, version, _ in lines)
    assert all((folder / name / "LICENSE").is_file() for name in folders)


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_no_host_is_named(folder):
    assert "://" not in (folder / "VENDOR.md").read_text(encoding="utf-8")


def test_no_file_asks_for_a_source_map():
    """The manifest storage stops on a map that was not copied."""
    asking = [
        path.name
        for folder in FOLDERS
        for path in folder.rglob("*")
        if path.suffix in {".css", ".js"} and "sourceMappingURL" in path.read_text(encoding="utf-8")
    ]
    assert asking == []


def test_style_sheets_fetch_nothing_from_outside():
    sheets = [*(ROOT / "static").rglob("*.css")]
    outside = re.compile(r"url\(\s*['\"]?(?:https?:)?//|@import")

    assert sheets
    assert [sheet.name for sheet in sheets if outside.search(sheet.read_text("utf-8"))] == []
