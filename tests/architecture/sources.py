"""The project's own source, as files, as modules and as syntax trees."""

import ast
import importlib
import pkgutil
from functools import cache
from pathlib import Path

import backhaul

PACKAGE = Path(backhaul.__file__).parent
PROJECT = Path(__file__).parents[2]


def python_files():
    """Every Python file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def files_of_tests():
    """Every Python file of the tests."""
    return sorted((PROJECT / "tests").rglob("*.py"))


def module_name(path):
    """The dotted name of a file of the package."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules():
    """Every module by name, imported. Revisions of the schema are scripts that Alembic alone can run."""
    names = [
        found.name
        for found in pkgutil.walk_packages([str(PACKAGE)], "backhaul.")
        if not found.name.startswith("backhaul.storage.migrations.versions")
        and found.name not in {"backhaul.storage.migrations.env", "backhaul.__main__"}
    ]
    return {name: importlib.import_module(name) for name in names}


@cache
def tree(path):
    """A file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def texts(path):
    """(line, text) of every string of a file that is no docstring; of f-strings the fixed parts, joined."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "…" for part in node.values]
            yield node.lineno, "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value
