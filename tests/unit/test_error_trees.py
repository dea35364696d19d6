import ast
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

PACKAGES = ("lpr", "search", "web")


def errors_of(package: str) -> tuple[ModuleType, type[Exception]]:
    module = import_module(f"{package}.errors")
    (root,) = (c for c in vars(module).values() if isinstance(c, type) and c.__base__ is Exception)
    return module, root


def drawn(docstring: str) -> list[tuple[int, str]]:
    """The names of a drawn tree, each with its depth."""
    branches = re.findall(r"^([│├└─ ]*)(\w+Error)\b", docstring, re.MULTILINE)
    return [(len(stem) // 4, name) for stem, name in branches]


def true_tree(root: type[Exception], depth: int = 0) -> list[tuple[int, str]]:
    below = [entry for child in root.__subclasses__() for entry in true_tree(child, depth + 1)]
    return [(depth, root.__name__), *below]


@pytest.mark.parametrize("package", PACKAGES)
def test_the_tree_of_errors_is_drawn_whole(package: str) -> None:
    module, root = errors_of(package)
    assert drawn(module.__doc__ or "") == true_tree(root)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_error_of_a_package_is_described(package: str) -> None:
    _, root = errors_of(package)
    assert [c.__name__ for c in (root, *root.__subclasses__()) if not c.__doc__] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_error_of_a_package_is_defined_elsewhere(package: str) -> None:
    module, _ = errors_of(package)
    known = {name for name, thing in vars(module).items() if isinstance(thing, type)}
    folder = Path(module.__file__ or "").parent
    elsewhere = [
        node.name
        for path in folder.rglob("*.py")
        if path.name != "errors.py" and "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        and {base.id for base in node.bases if isinstance(base, ast.Name)} & known
    ]
    assert elsewhere == []
