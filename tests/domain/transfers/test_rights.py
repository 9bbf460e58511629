"""Who may do what: taken from the operations' own signatures, so that a new one cannot be forgotten."""

import importlib
import inspect
import pkgutil
import types
import typing
from datetime import UTC, date, datetime

import msgspec
import pytest
from tests.making import Make

from backhaul.domain import billing, shipping, transfers
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import RIGHTS, Actor, Role
from backhaul.kernel.ids import new_id

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
# What a viewer may do. Everything else that takes an actor is refused; a new operation is, until listed here.
READS = {
    "backhaul.domain.billing.queries.list_charges",
    "backhaul.domain.transfers.queries.find_linked_asset",
    "backhaul.domain.transfers.queries.get_detail",
    "backhaul.domain.transfers.queries.list_of_asset",
    "backhaul.domain.transfers.queries.list_recent",
}


def acting() -> dict[str, typing.Any]:
    """Return every public function of these capabilities that takes an actor, by its full name."""
    found = {}
    for package in (billing, shipping, transfers):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for function in vars(importlib.import_module(module.name)).values():
                if not inspect.iscoroutinefunction(function) or function.__module__ != module.name:
                    continue
                if (
                    not function.__name__.startswith("_")
                    and "actor" in inspect.signature(function).parameters
                ):
                    found[f"{module.name}.{function.__name__}"] = function
    return found


ACTING = acting()


def value_for(hint):
    """Return some value of a parameter's type."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return None if type(None) in typing.get_args(hint) else value_for(typing.get_args(hint)[0])
    plain = {bool: True, int: 1, str: "x", date: NOON.date(), datetime: NOON}
    if hint in plain:
        return plain[hint]
    if hasattr(hint, "__supertype__"):  # a NewType over UUID
        return new_id()
    if hasattr(hint, "__members__"):
        return next(iter(hint))
    if hint.__name__ == "Order":
        return Make(None, None).order()
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


def test_the_operations_are_found():
    names = {name.rpartition(".")[2] for name in ACTING}
    assert {"place_transfer", "cancel_transfer", "schedule_pickup", "record_scan", "get_detail"} <= names
    assert set(ACTING) >= READS


@pytest.mark.parametrize("name", sorted(set(ACTING) - READS))
async def test_a_viewer_may_not(name):
    with pytest.raises(RightMissing):
        await call(ACTING[name], viewer())


@pytest.mark.parametrize("name", sorted(ACTING))
async def test_nobody_may_anything_without_rights(name):
    nobody = msgspec.structs.replace(viewer(), rights=frozenset())
    with pytest.raises(RightMissing):
        await call(ACTING[name], nobody)


async def test_a_viewer_may_read(world):
    asset = (await world.make.asset(world.actor, serial_number="SN-1")).asset
    order = await world.order(device_serial_number="SN-1")
    reader = msgspec.structs.replace(world.actor, rights=RIGHTS[Role.VIEWER])
    from backhaul.domain.billing.queries import list_charges
    from backhaul.domain.transfers.queries import find_linked_asset, get_detail, list_of_asset, list_recent

    assert (await get_detail(world.db, actor=reader, transfer_id=order.id)).transfer.id == order.id
    assert [found.id for found in await list_recent(world.db, actor=reader)] == [order.id]
    assert [found.id for found in await list_of_asset(world.db, actor=reader, asset_id=asset.id)] == [
        order.id
    ]
    assert (await find_linked_asset(world.db, actor=reader, transfer_id=order.id)).id == asset.id
    assert [found.subject_id for found in await list_charges(world.db, actor=reader)] == [order.id]


def viewer() -> Actor:
    from backhaul.domain.identity.model import Plan
    from backhaul.storage.history import SYSTEM

    return Actor(
        org_id=new_id(),
        plan=Plan.ENTERPRISE,
        user_id=new_id(),
        user_email="viewer@maas.example",
        rights=RIGHTS[Role.VIEWER],
        author=SYSTEM,
    )
