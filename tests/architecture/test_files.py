"""Files stay small, and are named after what they do."""

import pytest

from tests.architecture.sources import PROJECT, files_of_tests, python_files

HARD_LIMIT = 500
SOFT_LIMIT = 300
# Files past the soft limit. The list may shrink; whoever lets it grow splits a file instead.
LONG: set[str] = set()

BANNED = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "managers",
    "base",
    "data",
    "info",
    "process",
    "handle",
}


def lines_of(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def watched():
    """Every Python file of the package and of its tests."""
    return [*python_files(), *files_of_tests()]


def test_no_file_is_past_the_hard_limit():
    assert {str(path): lines_of(path) for path in watched() if lines_of(path) > HARD_LIMIT} == {}


def test_the_list_of_long_files_is_true_and_does_not_grow():
    long = {str(path.relative_to(PROJECT)) for path in watched() if lines_of(path) > SOFT_LIMIT}
    assert long == LONG


def test_no_module_or_folder_is_called_by_a_name_that_says_nothing():
    names = {path: {*path.relative_to(PROJECT).parts[:-1], path.stem} for path in watched()}
    assert {str(path): found & BANNED for path, found in names.items() if found & BANNED} == {}


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt"])
def test_requirements_name_no_host_and_pin_every_hash(name):
    text = (PROJECT / "requirements" / name).read_text(encoding="utf-8")
    for word in ("http://", "https://", "--index-url", "--extra-index-url", "--find-links", "--trusted-host"):
        assert word not in text
    pinned = [line for line in text.splitlines() if line and not line[0].isspace() and line[0] != "#"]
    assert len(pinned) > 20
    assert [line for line in pinned if "==" not in line] == []
    assert text.count("==") <= text.count("--hash=sha256:")


@pytest.mark.parametrize(
    "pattern", ["*.toml", "*.json", "*.py", ".npmrc", "Makefile", ".ci/*", "src/**/*.py", "tests/**/*.py"]
)
def test_no_file_names_a_package_registry(pattern):
    words = [
        prefix + rest for prefix, rest in (("pypi.", "org"), ("files.python", "hosted"), ("npmjs.", "org"))
    ]
    for path in PROJECT.glob(pattern):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert [word for word in words if word in text] == [], path
