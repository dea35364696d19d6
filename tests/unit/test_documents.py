import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from pydantic.fields import FieldInfo

from web.cli import main
from web.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GUIDES = (DOCS / "operations.md", DOCS / "user-guide.md")
ADRS = sorted((DOCS / "adr").glob("[0-9]*.md"))
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
README_LINES = 120
COMMAND = re.compile(r"(?<![\w./-])platetrail ([a-z]+(?:-[a-z]+)*)(?: ([a-z]+))?")
CODE = re.compile(r"`[^`]+`|^ {4}.*$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")


def read(file: Path) -> str:
    return file.read_text("utf-8")


def written(default: Any) -> str:
    if default in (None, ""):
        return "empty"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def commands_named(text: str) -> set[tuple[str, ...]]:
    """What a document's code spans and blocks call, as far as it can be a command."""
    named: set[tuple[str, ...]] = set()
    for code in CODE.findall(text):
        for first, second in COMMAND.findall(code):
            is_group = isinstance(main.commands.get(first), click.Group)
            named.add((first, second) if is_group and second else (first,))
    return named


@pytest.mark.parametrize(("key", "field"), list(Settings.model_fields.items()))
def test_every_setting_has_its_row_in_the_operations_guide(key: str, field: FieldInfo) -> None:
    row = f"| `{key}` | {written(field.default)} | {field.description} |"
    assert row in read(DOCS / "operations.md").splitlines()


def test_no_setting_is_described_that_is_not_there() -> None:
    table = read(DOCS / "operations.md").split("## Settings")[1].split("\n## ")[0]
    keys = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert keys == list(Settings.model_fields)


@pytest.mark.parametrize("path", list(commands(main)), ids=" ".join)
def test_every_command_is_named_in_a_guide(path: tuple[str, ...]) -> None:
    called = re.compile(rf"\bplatetrail {' '.join(path)}\b")
    assert any(called.search(read(guide)) for guide in GUIDES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_command_is_named_that_is_not_there(page: Path) -> None:
    assert commands_named(read(page)) - set(commands(main)) == set()


@pytest.mark.parametrize("adr", ADRS, ids=lambda adr: adr.stem)
def test_every_decision_says_its_context_and_consequences_and_is_listed(adr: Path) -> None:
    headings = re.findall(r"^## (.+)$", read(adr), re.MULTILINE)
    assert headings == ["Context", "Decision", "Consequences"]
    assert f"]({adr.name})" in read(DOCS / "adr" / "README.md")


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(adr.name[:4]) for adr in ADRS] == list(range(1, len(ADRS) + 1))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_documents_lead_somewhere(page: Path) -> None:
    assert [link for link in LINK.findall(read(page)) if not (page.parent / link).exists()] == []


def test_the_readme_fits_on_a_few_screens() -> None:
    assert len(read(ROOT / "README.md").splitlines()) <= README_LINES
