"""A tree of files as the guardians read it: the real one, or a copy where a breach is planted."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

#: The floors, from the ground up.
FLOORS = ("autoprod", "programmes", "beneficiaries", "gardens", "evaluation")
APPS = FLOORS[1:]

#: Written by others, made by tools, or not ours to read.
SKIPPED_FOLDERS = frozenset(
    {"vendor", "var", "node_modules", "__pycache__"}
    | {".git", ".venv", ".hypothesis", ".pytest_cache", ".ruff_cache", ".import_linter_cache"}
)
SKIPPED_FILES = frozenset({"uv.lock", "requirements.lock", "requirements-dev.lock", ".env"})
TEXTS = frozenset(
    {".py", ".html", ".txt", ".md", ".toml", ".cfg", ".ini", ".yml", ".yaml", ".sh", ".service"}
    | {".css", ".js", ".csv", ".json", ".svg", ""}
)


@dataclass(frozen=True)
class Source:
    """One file of the tree; `name` is its path from the root, with slashes."""

    name: str
    text: str

    @cached_property
    def parsed(self) -> ast.Module:
        """Return the syntax tree of a Python file."""
        return ast.parse(self.text, filename=self.name)

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the folders and the file, without its extension."""
        return Path(self.name).with_suffix("").parts

    @property
    def floor(self) -> str:
        """Return the top package, empty for a file of another folder."""
        return self.parts[0] if self.parts[0] in FLOORS else ""

    @property
    def room(self) -> str:
        """Return « views » for `programmes/views/sites.py` and for `autoprod/jobs/views.py`."""
        place = 1 if self.floor in APPS else 2
        return self.parts[place] if len(self.parts) > place else ""

    @property
    def line_count(self) -> int:
        """Return the number of lines."""
        return len(self.text.splitlines())


@dataclass(frozen=True)
class Tree:
    """The files under a root; each is read once."""

    root: Path

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Return every text file of ours, in the order of their names."""
        return tuple(sorted(self._walk(self.root), key=lambda source: source.name))

    def _walk(self, folder: Path) -> Iterator[Source]:
        for path in folder.iterdir():
            if path.is_dir():
                if path.name not in SKIPPED_FOLDERS:
                    yield from self._walk(path)
            elif path.suffix in TEXTS and path.name not in SKIPPED_FILES:
                name = path.relative_to(self.root).as_posix()
                yield Source(name, path.read_text(encoding="utf-8"))

    @cached_property
    def python(self) -> tuple[Source, ...]:
        """Return the Python files of the floors, migrations left out."""
        return tuple(
            source
            for source in self.sources
            if source.floor and source.name.endswith(".py") and "migrations" not in source.parts
        )

    @cached_property
    def templates(self) -> tuple[Source, ...]:
        """Return the templates; their `name` starts with « templates/ »."""
        return tuple(
            source
            for source in self.sources
            if source.parts[0] == "templates" and source.name.endswith((".html", ".txt"))
        )

    def in_rooms(self, rooms: frozenset[str], *, floors: tuple[str, ...] = FLOORS) -> list[Source]:
        """Return the Python files of some rooms."""
        return [s for s in self.python if s.room in rooms and s.floor in floors]


#: The project itself.
PROJECT = Tree(Path(__file__).resolve().parents[2])
