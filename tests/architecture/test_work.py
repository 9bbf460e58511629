"""What is enqueued can be run, what is told can be read, what is written has a letter."""

import ast
import importlib

import pytest

from backhaul.domain import work
from backhaul.domain.notify.rendering import DEFAULT_LOCALE
from backhaul.domain.transfers import letters
from backhaul.jobqueue.declaring import JOBS, Job
from backhaul.storage.outbox import EVENTS, Event, reacted_names, reactions_to
from tests.architecture.sources import PACKAGE, module_name, modules, python_files, tree

assert work.DECLARING
assert modules()
TASKS = [module_name(path) for path in python_files() if path.stem == "tasks"]
TEMPLATES = PACKAGE / "domain" / "notify" / "templates" / DEFAULT_LOCALE / "transfers"
PARTS = {"closing", "words"}  # what letters are put together from


def letters_written():
    """The letter every call of `write_letter` names; a call that passes a name on is followed to its callers."""
    named, passed_on = set(), {"write_letter"}
    calls = [
        (path, node)
        for path in (PACKAGE / "domain" / "transfers").rglob("*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    for path in (PACKAGE / "domain" / "transfers").rglob("*.py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.AsyncFunctionDef) and "letter" in {a.arg for a in node.args.args}:
                passed_on.add(node.name)
    for path, call in calls:
        if call.func.id not in passed_on:
            continue
        function = next(
            node
            for p in (PACKAGE / "domain" / "transfers").rglob("*.py")
            for node in ast.walk(tree(p))
            if isinstance(node, ast.AsyncFunctionDef) and node.name == call.func.id
        )
        position = [argument.arg for argument in function.args.args].index("letter")
        value = call.args[position]
        if isinstance(value, ast.Constant):
            named.add(value.value)
        else:
            assert getattr(value, "id", None) == "letter", f"{path}:{call.lineno}"
    return named


def test_there_are_tasks_to_look_at():
    assert len(TASKS) >= 3


@pytest.mark.parametrize("name", TASKS)
def test_every_job_named_for_enqueueing_has_a_handler(name):
    declared = [value for value in vars(importlib.import_module(name)).values() if isinstance(value, Job)]
    assert declared != []
    assert [job.name for job in declared if JOBS[job.name] is not job or job.arguments is None] == []


def test_a_jobs_name_begins_with_the_capability_that_declares_it():
    for name in TASKS:
        capability = name.split(".")[-2]
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, Job):
                assert value.name.startswith(f"{capability}.")


def test_every_letter_that_is_written_has_a_template():
    named = letters_written()
    assert len(named) >= 10
    assert {name for name in named if not (TEMPLATES / f"{name}.jinja").is_file()} == set()


def test_every_template_is_a_letter_that_somebody_writes():
    assert {path.stem for path in TEMPLATES.glob("*.jinja")} - PARTS == letters_written()


def test_every_letter_with_a_recipient_of_its_own_is_written():
    assert letters_written() >= letters.PERSON | letters.RECEIVER | letters.ORGANIZATION
    groups = (letters.PERSON, letters.RECEIVER, letters.ORGANIZATION)
    assert sum(map(len, groups)) == len(frozenset().union(*groups))


def test_every_event_with_reactions_is_declared():
    assert reacted_names() != []
    assert set(reacted_names()) <= set(EVENTS)
    assert all(reactions_to(name) for name in reacted_names())


def test_every_event_class_is_declared_under_one_name():
    ours = {kind for kind in Event.__subclasses__() if kind.__module__.startswith("backhaul.")}
    declared = [kind for kind in EVENTS.values() if kind.__module__.startswith("backhaul.")]
    assert set(declared) == ours
    assert len(declared) == len(ours)


def test_an_events_name_begins_with_the_capability_that_tells_it():
    for name, kind in EVENTS.items():
        if kind.__module__.startswith("backhaul.domain."):
            assert name.split(".")[0] == kind.__module__.split(".")[2]
