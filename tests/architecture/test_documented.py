"""What can be set, can fail or runs by itself stands in the documentation, each under its name in backticks."""

import re
import typing

import msgspec
import pytest

from backhaul import settings
from backhaul.jobqueue.declaring import JOBS, PERIODICS
from backhaul.kernel.errors import REGISTRY
from backhaul.storage.outbox import EVENTS
from tests.architecture.sources import PROJECT, modules

assert modules()


def documented(name):
    text = (PROJECT / "docs" / name).read_text(encoding="utf-8")
    return set(re.findall(r"`([^`\n]+)`", text))


def setting_names():
    for field in msgspec.structs.fields(settings.Settings):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            for below in msgspec.structs.fields(field.type):
                yield f"{field.name}.{below.name}"
        else:
            yield field.name


SETTINGS = set(setting_names())
# Other code's jobs, events and errors are not ours to describe.
CODES = {code for code, kind in REGISTRY.items() if kind.__module__.startswith("backhaul.")}
TURNS = {name for name, turn in PERIODICS.items() if turn.handler.__module__.startswith("backhaul.")}
HAPPENINGS = {name for name, kind in EVENTS.items() if kind.__module__.startswith("backhaul.")}
WORK = {
    name
    for name in JOBS
    if name.split(".")[0] in {"shipping", "billing", "bulk", "notify", "recovery", "returns", "transfers"}
}


def test_every_setting_is_documented():
    assert len(SETTINGS) > 30
    assert SETTINGS - documented("settings.md") == set()


def test_every_error_code_is_documented():
    assert CODES - documented("errors.md") == set()


@pytest.mark.parametrize("names", [WORK, TURNS, HAPPENINGS], ids=["jobs", "periodic jobs", "events"])
def test_every_job_and_event_is_documented(names):
    assert names != set()
    assert names - documented("jobs-and-events.md") == set()


def test_no_documented_name_is_gone():
    """A name of that form that means nothing any more misleads."""
    known = WORK | TURNS | HAPPENINGS | CODES | SETTINGS
    groups = {name.split(".")[0] for name in known}
    for name, form in (
        ("errors.md", r"^\| `([a-z_]+\.[a-z_]+)` \|"),
        ("jobs-and-events.md", r"^\| `([a-z_]+\.[a-z_]+)` \|"),
        ("settings.md", r"^\| `([a-z_]+\.[a-z_]+)` \|"),
    ):
        text = (PROJECT / "docs" / name).read_text(encoding="utf-8")
        rows = set(re.findall(form, text, flags=re.MULTILINE))
        assert {row for row in rows - known if row.split(".")[0] in groups} == set(), name


def test_the_types_of_settings_can_be_read_from_the_environment():
    """Only kinds of values that `settings.load` knows to convert from a text."""
    plain = {str, int, float, bool, str | None, int | None, tuple[int, ...], tuple[str, ...], dict[str, str]}
    for field in msgspec.structs.fields(settings.Settings):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            assert set(typing.get_type_hints(field.type).values()) <= plain
