"""Who may do what: taken from the operations' own signatures, so that a new one cannot be forgotten."""

import importlib
import inspect
import pkgutil
import types
import typing
from datetime import UTC, date, datetime

import msgspec
import pytest

from backhaul import domain
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import RIGHTS, Actor, Plan, Role
from backhaul.domain.inventory.model import AssetPatch
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money
from backhaul.storage.history import SYSTEM

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
# What a viewer may do is to look: everything else that takes an actor is refused, by whatever name.
LOOKING = ("browse_", "certify", "count_", "export_", "find_", "get_", "list_", "preview_", "scan", "search")
# What belongs to whoever is signed in, whatever their rights: which organization that is, a first page that shows
# what each right allows, filters saved for oneself.
OF_ONESELF = {
    "backhaul.domain.identity.clients.queries.get_own_organization",
    "backhaul.domain.overview.queries.get_needs",
    "backhaul.domain.overview.queries.get_progress",
    "backhaul.domain.saved_views.operations.change_view",
    "backhaul.domain.saved_views.operations.remove_view",
    "backhaul.domain.saved_views.operations.restore_view",
    "backhaul.domain.saved_views.operations.save_view",
    "backhaul.domain.saved_views.queries.get_view",
    "backhaul.domain.saved_views.queries.list_views",
}
# These read what they are about before they may change it, and that asks for a right too.
READ_FIRST = {
    "backhaul.domain.bulk.operations.ask.ask_to_apply",
    "backhaul.domain.bulk.operations.ask.ask_to_undo",
}
# These judge what they are given before they ask who gives it; neither has happened to the database by then.
JUDGED_FIRST = {
    "backhaul.domain.bulk.operations.apply.apply_batch",
    "backhaul.domain.bulk.operations.undo.undo_batch",
    "backhaul.domain.bulk.queries.get_standing",
    "backhaul.domain.recovery.operations.add.add_case",
    "backhaul.domain.recovery.operations.add.add_cases",
    "backhaul.domain.reshipping.operations.create.create_reshipment",
    "backhaul.domain.reshipping.operations.weigh.weigh_and_label",
    "backhaul.domain.returns.sanitisation.operations.record_sanitisation",
}


class OpenedError(Exception):
    """Somebody got to the database."""


class JudgedError(Exception):
    """A value was looked at."""


class Untouched:
    """A database nobody may get to: a refusal comes first."""

    def transaction(self, scope):  # noqa: ARG002
        raise OpenedError

    read = lookup = transaction


class Unseen:
    """A value nobody may look at: a refusal comes first."""

    def __getattribute__(self, name):
        raise JudgedError(name)

    def __iter__(self):
        raise JudgedError


def acting() -> dict[str, typing.Any]:
    """Return every use case of the domain that takes an actor, by its full name."""
    found = {}
    for module in pkgutil.walk_packages(domain.__path__, "backhaul.domain."):
        for function in vars(importlib.import_module(module.name)).values():
            if not inspect.iscoroutinefunction(function) or function.__module__ != module.name:
                continue
            parameters = inspect.signature(function).parameters
            if not function.__name__.startswith("_") and {"db", "actor"} <= set(parameters):
                found[f"{module.name}.{function.__name__}"] = function
    return found


ACTING = acting()
READS = {name for name in ACTING if name.rpartition(".")[2].startswith(LOOKING)}


def value_for(hint):
    """Return some value of a parameter's type, unseen unless it is plain."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return None if type(None) in typing.get_args(hint) else value_for(typing.get_args(hint)[0])
    if inspect.isclass(hint) and issubclass(hint, AssetPatch):  # tidied up first, which fails for nothing
        return hint()
    plain = {bool: True, int: 1, str: "x", date: NOON.date(), datetime: NOON, Money: Money(100)}
    if hint in plain:
        return plain[hint]
    if hasattr(hint, "__supertype__"):  # a NewType over UUID
        return new_id()
    return next(iter(hint)) if hasattr(hint, "__members__") else Unseen()


async def call(function, actor):
    hints = typing.get_type_hints(function)
    arguments = {
        name: value_for(hints[name])
        for name, parameter in inspect.signature(function).parameters.items()
        if name not in ("db", "actor") and parameter.default is parameter.empty
    }
    return await function(Untouched(), actor=actor, **arguments)


def viewer() -> Actor:
    return Actor(
        org_id=new_id(),
        plan=Plan.ENTERPRISE,
        user_id=new_id(),
        user_email="viewer@maas.example",
        rights=RIGHTS[Role.VIEWER],
        author=SYSTEM,
    )


def test_the_operations_are_found():
    names = {name.rpartition(".")[2] for name in ACTING}
    assert {"place_transfer", "cancel_transfer", "discard_return", "create_reshipment", "top_up"} <= names
    assert set(ACTING) >= JUDGED_FIRST | OF_ONESELF | READ_FIRST
    assert len(READS) < len(ACTING) * 0.6  # else a name that begins like a read has let changes through


@pytest.mark.parametrize("name", sorted(set(ACTING) - READS - OF_ONESELF - READ_FIRST))
async def test_a_viewer_may_not(name):
    expected = (RightMissing, JudgedError) if name in JUDGED_FIRST else RightMissing
    with pytest.raises(expected):
        await call(ACTING[name], viewer())


@pytest.mark.parametrize("name", sorted(set(ACTING) - OF_ONESELF))
async def test_nobody_may_anything_without_rights(name):
    nobody = msgspec.structs.replace(viewer(), rights=frozenset())
    expected = (RightMissing, JudgedError) if name in JUDGED_FIRST else RightMissing
    with pytest.raises(expected):
        await call(ACTING[name], nobody)
