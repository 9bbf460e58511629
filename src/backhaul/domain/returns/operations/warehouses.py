"""Where parcels come in."""

import re
from datetime import datetime

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.returns import tables
from backhaul.domain.returns.errors import WarehouseTaken
from backhaul.domain.returns.model import Warehouse, WarehouseId
from backhaul.domain.returns.operations.working import operator_scope
from backhaul.kernel.addresses import Address
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.storage import history
from backhaul.storage.database import Database

_RULES = {
    "code": (re.compile(r"[A-Z0-9]{8}"), "must be eight capital letters and digits, such as WH0CVG01"),
    "entry_point": (re.compile(r"[A-Z0-9]{6}"), "must be six capital letters and digits"),
    "name": (re.compile(r"\S.{0,98}\S|\S"), "must have 1 to 100 characters"),
    "language": (re.compile(r"\S.{0,48}\S|\S"), "must have 1 to 50 characters"),
    "language_code": (re.compile(r"[a-z]{2}"), "must be two letters, such as en"),
}


async def add_warehouse(
    db: Database,
    *,
    actor: Actor,
    code: str,
    name: str,
    address: Address,
    entry_point: str,
    now: datetime,
    language: str = "English",
    language_code: str = "en",
) -> Warehouse:
    """Add a warehouse to the operator organization; refuses an id that is taken."""
    scope = operator_scope(actor, Right.INSTALLATION_OPERATE)
    given = {
        "code": code.strip().upper(),
        "name": name.strip(),
        "entry_point": entry_point.strip().upper(),
        "language": language.strip(),
        "language_code": language_code.strip().lower(),
    }
    problems = [
        FieldProblem(path, "returns.warehouse", text)
        for path, (rule, text) in _RULES.items()
        if rule.fullmatch(given[path]) is None
    ]
    if problems:
        raise InvalidInput(problems)
    one = Warehouse(id=WarehouseId(new_id()), address=address, created_at=now, **given)
    async with db.transaction(scope) as tx:
        if not await tables.add_warehouse(tx, one):
            raise WarehouseTaken(warehouse=one.code)
        history.note(tx, actor.author, subject=("warehouse", one.id), action="added", at=now, after=one)
    return one
