"""Finding: one statement a question."""

from typing import Any
from uuid import UUID

from backhaul.domain.directory.model import EmployeeId
from backhaul.domain.finding import statements
from backhaul.domain.finding.model import AssetDossier, Hit, HitGroup, HitKind, PersonDossier
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory.model import AssetId
from backhaul.domain.inventory.model import number_of as asset_number_of
from backhaul.domain.inventory.spelling import searchable
from backhaul.domain.recovery.model import number_of as recovery_number_of
from backhaul.domain.returns.matching import readings
from backhaul.domain.returns.scanning import clean_number, numbers_in
from backhaul.kernel.errors import InvalidInput
from backhaul.storage.database import Database, Reader
from backhaul.storage.rows import record
from backhaul.storage.scope import Scope

SHORTEST_TEXT, LONGEST_CODE = 2, 200
_LAST_SIGN = "\U0010ffff"
_LARGEST = 2**63 - 1

RIGHTS: dict[HitKind, Right] = {
    HitKind.ASSET: Right.INVENTORY_READ,
    HitKind.PERSON: Right.DIRECTORY_READ,
    HitKind.TRANSFER: Right.TRANSFERS_READ,
    HitKind.CASE: Right.RECOVERY_READ,
    HitKind.CAMPAIGN: Right.RECOVERY_READ,
    HitKind.RETURN: Right.RETURNS_READ,
    HitKind.RESHIPMENT: Right.RETURNS_READ,
    HitKind.PARCEL: Right.WAREHOUSE_OPERATE,
    HitKind.DISPATCH: Right.WAREHOUSE_OPERATE,
    HitKind.CUSTOMER: Right.INSTALLATION_OPERATE,
}
_OPERATORS = {Right.WAREHOUSE_OPERATE, Right.INSTALLATION_OPERATE}


async def get_asset_dossier(db: Database, *, actor: Actor, asset_id: AssetId) -> AssetDossier:
    """Return what others than the inventory know of an asset, as far as the caller may see it."""
    scope = actor.scope(Right.INVENTORY_READ)
    seen = (Right.TRANSFERS_READ, Right.RECOVERY_READ, Right.HOLDS_READ, Right.RETURNS_READ)
    async with db.read(scope) as reader:
        row = await reader.fetchrow(
            statements.GET_ASSET_DOSSIER, scope.org_id, asset_id, *(right in actor.rights for right in seen)
        )
    return record(AssetDossier, row)


async def get_person_dossier(db: Database, *, actor: Actor, employee_id: EmployeeId) -> PersonDossier:
    """Return what others than the directory know of a person, as far as the caller may see it."""
    scope = actor.scope(Right.DIRECTORY_READ)
    seen = (Right.TRANSFERS_READ, Right.RECOVERY_READ, Right.HOLDS_READ)
    async with db.read(scope) as reader:
        row = await reader.fetchrow(
            statements.GET_PERSON_DOSSIER,
            scope.org_id,
            employee_id,
            *(right in actor.rights for right in seen),
        )
    return record(PersonDossier, row)


async def scan(db: Database, *, actor: Actor, code: str) -> list[Hit]:
    """Return what a code means: a serial number, a tag, an IMEI, a tracking number, any number we give out.

    What is exactly that comes alone; only when nothing is, things follow whose number begins so, or people whose
    name, surname or address does. Of the kinds that the caller may see.
    """
    scope = _scope(actor)
    code = searchable(code).strip()[:LONGEST_CODE]
    if not code:
        return []
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.SCAN, scope.org_id, *_meanings(actor, code))
        found = await _find_for_operator(reader, scope, actor, code)
    hits = [record(Hit, row) for row in rows] + found
    return [hit for hit in hits if hit.is_exact] or hits


async def search(db: Database, *, actor: Actor, text: str) -> list[HitGroup]:
    """Return what a text means and what begins with it, by kind: of each the first few, of the kinds that may be seen.

    People are found by the start of their name, surname or address, wherever they are written: in the directory, on
    transfers, in cases. Campaigns by any part of their name. A text of one character finds nothing.
    """
    scope = _scope(actor)
    text = " ".join(searchable(text).split())[:LONGEST_CODE]
    if len(text) < SHORTEST_TEXT:
        return []
    name, serial = text.lower(), text.upper().replace(" ", "")  # as the schema's name_key and serial_key do
    ranges = (name, name + _LAST_SIGN, serial, serial + _LAST_SIGN)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.SEARCH, scope.org_id, *_meanings(actor, text), *ranges)
        found = await _find_for_operator(reader, scope, actor, text)
    hits = [record(Hit, row) for row in rows] + found
    most = statements.MOST_OF_KIND - 1
    groups = {kind: [hit for hit in hits if hit.kind is kind] for kind in HitKind}
    return [
        HitGroup(kind=kind, hits=tuple(found[:most]), has_more=len(found) > most)
        for kind, found in groups.items()
        if found
    ]


async def _find_for_operator(reader: Reader, scope: Scope, actor: Actor, text: str) -> list[Hit]:
    """Return what a text is among all customers' parcels and reshipments, and customers: for the operator alone."""
    if _OPERATORS.isdisjoint(actor.rights):
        return []
    kinds = [kind.value for kind, right in RIGHTS.items() if right in _OPERATORS & actor.rights]
    wanted = list(dict.fromkeys([text, *_numbers(text), *readings(text)]))
    rows = await reader.fetch(
        statements.FIND_FOR_OPERATOR,
        scope.org_id,
        wanted,
        _digits(text),
        text,
        kinds,
        statements.MOST_OF_KIND,
    )
    return [record(Hit, row) for row in rows]


def _numbers(text: str) -> list[str]:
    """Return the tracking numbers that a scanned barcode may hold."""
    try:
        return numbers_in(clean_number(text))
    except InvalidInput:
        return []


def _scope(actor: Actor) -> Scope:
    return actor.scope(next((one for one in RIGHTS.values() if one in actor.rights), Right.INVENTORY_READ))


def _meanings(actor: Actor, code: str) -> tuple[Any, ...]:
    """Return what a code is asked as: which kinds may be seen, and every number and id that it may be."""
    kinds = [kind.value for kind, right in RIGHTS.items() if right in actor.rights]
    seconds, number = recovery_number_of(code) or (None, None)
    asset = _fitting(asset_number_of(code))
    return (code, kinds, asset, code[-14:], seconds, _fitting(number), _digits(code), _id(code))


def _digits(code: str) -> int | None:
    is_number = code.isascii() and code.isdigit() and len(code) <= len(str(_LARGEST))
    return _fitting(int(code)) if is_number else None


def _fitting(number: int | None) -> int | None:
    return number if number is not None and number <= _LARGEST else None


def _id(code: str) -> UUID | None:
    try:
        return UUID(code)
    except ValueError:
        return None
