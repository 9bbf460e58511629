"""Who may do what: taken from the operations' own signatures, so that a new one cannot be forgotten."""

import importlib
import inspect
import pkgutil
import types
import typing
from collections.abc import Sequence
from datetime import UTC, date, datetime

import msgspec
import pytest
from tests.making import Make

from backhaul.domain import inventory
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import RIGHTS, Actor, Plan, Right, Role
from backhaul.domain.inventory import browsing, operations, queries
from backhaul.domain.inventory.browsing import AssetFilter, PeopleFilter
from backhaul.domain.inventory.model import AssetPatch
from backhaul.domain.inventory.operations.change_many import Previous
from backhaul.kernel.ids import new_id
from backhaul.storage.history import SYSTEM

READS = {
    "get_asset", "get_asset_with_history", "list_assets", "list_people", "list_history", "list_custody",
    "list_custody_of_employee", "list_status_labels",
}  # fmt: skip
BROWSING = {"browse_assets", "browse_people", "get_asset_sheet", "list_choices", "list_numbers"}


def acting():
    """Every public function of inventory that takes an actor, by name."""
    found = {}
    for module in pkgutil.walk_packages(inventory.__path__, f"{inventory.__name__}."):
        for name, function in vars(importlib.import_module(module.name)).items():
            is_own = inspect.iscoroutinefunction(function) and function.__module__ == module.name
            if is_own and not name.startswith("_") and "actor" in inspect.signature(function).parameters:
                found[name] = function
    return found


ACTING = acting()


def value_for(hint):
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return None if type(None) in typing.get_args(hint) else value_for(typing.get_args(hint)[0])
    plain = {
        int: 1,
        str: "x",
        datetime: datetime(2026, 5, 4, 12, tzinfo=UTC),
        AssetPatch: AssetPatch(sku="x"),
        AssetFilter: AssetFilter(),
        PeopleFilter: PeopleFilter(),
        date: date(2026, 5, 4),
        Sequence[str]: ["x"],
        Sequence[Previous]: [],
    }
    if hint in plain:
        return plain[hint]
    if hasattr(hint, "__supertype__"):  # a NewType over UUID
        return new_id()
    if hasattr(hint, "__members__"):
        return next(iter(hint))
    if hint.__name__ == "NewAsset":
        return Make(None, None).new_asset()
    raise AssertionError(f"teach this test what a {hint} is")


class Untouched:
    """A database nobody may get to: a refusal comes first."""

    def transaction(self, scope):  # noqa: ARG002
        raise AssertionError("the database was opened")

    read = transaction


async def call(function, actor):
    hints = typing.get_type_hints(function)
    arguments = {
        name: value_for(hints[name])
        for name, parameter in inspect.signature(function).parameters.items()
        if name not in ("db", "actor") and parameter.default is parameter.empty
    }
    return await function(Untouched(), actor=actor, **arguments)


def viewer(rights=RIGHTS[Role.VIEWER]):
    return Actor(
        org_id=new_id(), org_number=1, plan=Plan.ENTERPRISE, user_id=new_id(), user_email="viewer@maas.example",
        rights=frozenset(rights), author=SYSTEM,
    )  # fmt: skip


def test_the_operations_are_found():
    assert set(ACTING) == READS | BROWSING | set(operations.__all__)
    assert {name for name in READS if not hasattr(queries, name)} == set()
    assert {name for name in BROWSING if not hasattr(browsing, name)} == set()


@pytest.mark.parametrize("name", sorted(set(ACTING) - READS - BROWSING))
async def test_a_viewer_may_not(name):
    with pytest.raises(RightMissing) as refused:
        await call(ACTING[name], viewer())
    assert refused.value.data == {"right": "inventory.write"}


@pytest.mark.parametrize("name", sorted(READS | BROWSING))
async def test_a_viewer_may_read(name):
    with pytest.raises(AssertionError, match="the database was opened"):
        await call(ACTING[name], viewer())


@pytest.mark.parametrize("name", sorted(ACTING))
async def test_nobody_may_anything_without_rights(name):
    with pytest.raises(RightMissing):
        await call(ACTING[name], viewer(()))


@pytest.mark.parametrize("missing", [Right.DIRECTORY_READ, Right.INVENTORY_READ])
async def test_people_with_their_devices_need_both_rights(missing):
    with pytest.raises(RightMissing):
        await call(queries.list_people, viewer(RIGHTS[Role.VIEWER] - {missing}))


async def test_a_viewer_reads_and_changes_nothing(stock):
    asset = await stock.add()
    reader = msgspec.structs.replace(stock.actor, rights=RIGHTS[Role.VIEWER])
    assert (await queries.list_assets(stock.db, actor=reader, page=1)).total == 1
    stock.actor = reader
    async with stock.refused(RightMissing):
        await stock.change(asset, sku="X")
