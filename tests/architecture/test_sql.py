"""SQL stands where it is looked for, is understood by the migrated schema, and names the tenant."""

import ast
import itertools
import re
import types

import pytest

from backhaul.jobqueue import borrowed
from backhaul.jobqueue.declaring import JOB_FACT
from backhaul.kernel.ids import new_id
from backhaul.storage.facts import FactKind, compose
from backhaul.storage.history import HISTORY
from backhaul.storage.outbox import OUTBOX
from tests.architecture.sources import PACKAGE, module_name, modules, python_files, texts, tree

LOOKS_LIKE_SQL = re.compile(r"\s*(WITH|SELECT|INSERT|UPDATE|DELETE|VALUES|CALL|MERGE)\b")
KEYWORDS = re.compile(
    r"\b(SELECT\b.*\bFROM|SELECT\s+\w+\(|INSERT\s+INTO|UPDATE\s+[\w.]+(\s+AS\s+\w+)?\s+SET|DELETE\s+FROM"
    r"|LEFT\s+JOIN|FOR\s+UPDATE|ON\s+CONFLICT|SET\s+(ROLE|LOCAL)|CREATE\s+(TABLE|INDEX|FUNCTION|ROLE|DATABASE)"
    r"|ALTER\s+(TABLE|ROLE|DATABASE|SYSTEM)|DROP\s+(TABLE|DATABASE|ROLE)|GRANT\s+\w+|TRUNCATE|LISTEN|NOTIFY)\b",
    re.DOTALL,
)

# Where SQL may stand, besides tables.py and queries.py of a capability.
HOMES = {
    "storage": "what PostgreSQL is to the rest",
    "jobqueue": "the queue's own tables",
}
ELSEWHERE: dict[str, str] = {}

# Statements that do not tie what they touch to one organization, and why they may.
_QUEUE = "the queue spans tenants; the payload names the organization"
_DUE = "due work across tenants: ids only, each then done in its tenant's scope"
_WHOSE = "finds out whose it is: a SECURITY DEFINER function that returns ids"
_OF_ACCOUNTS = "accounts belong to the installation, not to a tenant"
_OWN = "a temporary table of one transaction, in one tenant's scope"
WITHOUT_TENANT = {
    "backhaul.adapters.payments.simulated.tables": "the simulated gateway stands for a service elsewhere",
    "backhaul.domain.billing.queries.DUE": _DUE,
    "backhaul.domain.billing.wallet.queries.EXPIRED": _DUE,
    "backhaul.domain.bulk.assets.statements": _OWN,
    "backhaul.domain.bulk.assets.tables.NEEDS_NAMES": _OWN,
    "backhaul.domain.bulk.employees.statements": _OWN,
    "backhaul.domain.bulk.employees.tables.KEEP_EXAMINED": _OWN,
    "backhaul.domain.bulk.employees.tables.NEW_ADDRESSES": _OWN,
    "backhaul.domain.holds.statements.SHARE_CASES": "an advisory lock; its key is made of the tenant and the case",
    "backhaul.domain.identity.browsing.queries.FIND_ACCOUNT": _WHOSE,
    "backhaul.domain.identity.browsing.queries.FIND_SESSION": _WHOSE,
    "backhaul.domain.identity.browsing.queries.HAS_PASSWORD": _OF_ACCOUNTS,
    "backhaul.domain.identity.browsing.queries.LIST_SESSIONS": _OF_ACCOUNTS,
    "backhaul.domain.identity.browsing.queries.PROVED_AT": _OF_ACCOUNTS,
    "backhaul.domain.identity.browsing.statements": _OF_ACCOUNTS,
    "backhaul.domain.identity.clients.queries.ADD_FIRST_KEY": "the installation's keys, for all its tenants",
    "backhaul.domain.identity.clients.queries.FIND_BEARER": _WHOSE,
    "backhaul.domain.identity.clients.queries.FIND_CLIENT": _WHOSE,
    "backhaul.domain.identity.clients.queries.FIND_KEYS": "the installation's keys, for all its tenants",
    "backhaul.domain.identity.clients.tables.TELL": "a notice; its payload names the organization",
    "backhaul.domain.identity.queries.FIND_API_KEY": _WHOSE,
    "backhaul.domain.identity.queries.FIND_BEARER": _WHOSE,
    "backhaul.domain.identity.queries.FIND_ORGANIZATION": "an operator names one at the command line",
    "backhaul.domain.identity.queries.FIND_SIGNING_KEYS": "the installation's keys, for all its tenants",
    "backhaul.domain.identity.queries.FIND_SIGN_IN": _WHOSE,
    "backhaul.domain.identity.queries.FIND_USER": _OF_ACCOUNTS,
    "backhaul.domain.identity.queries.LIST_ORGANIZATIONS": "the installation's own list, for its operator",
    "backhaul.domain.identity.queries.PULSE": "asks whether the connection lives",
    "backhaul.domain.identity.second_factor.queries.FIND_FACTOR": _OF_ACCOUNTS,
    "backhaul.domain.identity.second_factor.statements": _OF_ACCOUNTS,
    "backhaul.domain.identity.statements": _OF_ACCOUNTS,
    "backhaul.domain.identity.tables.TELL": "a notice; its payload names the organization",
    "backhaul.domain.invitations.queries.FIND": _WHOSE,
    "backhaul.domain.recovery.person.statements.FIND_LINK": _WHOSE,
    "backhaul.domain.recovery.reminding.statements.DUE": _DUE,
    "backhaul.domain.recovery.starting.statements.DUE": _DUE,
    "backhaul.domain.reshipping.queries.FIND_OWNER": _WHOSE,
    "backhaul.domain.reshipping.tables.DUE": _DUE,
    "backhaul.domain.reshipping.tables.UNQUOTED": _DUE,
    "backhaul.domain.returns.statements.FIND_EXPECTED": _WHOSE,
    "backhaul.domain.returns.statements.FIND_WAREHOUSE": "warehouses are known to everybody",
    "backhaul.domain.returns.statements.LIST_WAREHOUSES": "warehouses are known to everybody",
    "backhaul.domain.returns.sanitisation.statements.SEEDS": "the installation's keys, for all its tenants",
    "backhaul.domain.shipping.queries.FIND_LINK": _WHOSE,
    "backhaul.domain.shipping.queries.FIND_TRACKED": _WHOSE,
    "backhaul.domain.transfers.tables.DUE_REMINDERS": _DUE,
    "backhaul.domain.transfers.tables.DUE_TO_GIVE_UP": _DUE,
    "backhaul.jobqueue": _QUEUE,
    "backhaul.storage.leases.SET_TENANT": "sets the tenant",
    "backhaul.storage.embedded.postmaster.ASK": "looks at the server itself",
    "backhaul.storage.inspecting": "looks at the database itself",
    "backhaul.storage.installation_secrets.FIND": "the installation's own secrets",
    "backhaul.storage.nudges.SEND": "wakes workers; says nothing",
    "backhaul.storage.rate_limits": "counts requests before anybody knows whose they are",
    "backhaul.storage.relay.PARKED": "the installation's own list, for its operator",
    "backhaul.storage.relay.RELEASE": "an operator names an event by its number",
    "backhaul.storage.sessions": "looks at the connection itself",
}


def statements():
    """Name → SQL of every statement that a module assigns to a constant, alone or in a kind of fact."""
    for path in python_files():
        name = module_name(path)
        if name not in modules() or not is_home(name):
            continue
        for constant in assigned(path):
            value = getattr(modules()[name], constant)
            text = value.insert if isinstance(value, FactKind) else value
            if isinstance(text, str) and LOOKS_LIKE_SQL.match(text):
                yield f"{name}.{constant}", text


def assigned(path):
    """The upper-case names a file assigns at its top level; imported ones are another file's."""
    for node in tree(path).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and target.id.isupper():
                yield target.id


def is_home(name):
    parts = name.split(".")
    return parts[-1] in {"tables", "queries", "statements"} or (len(parts) > 1 and parts[1] in HOMES)


def temporary_tables(name):
    """The temporary tables a statement stands on: a module that has such names their definitions TEMPORARY."""
    module = modules()[name.rsplit(".", 1)[0]]
    return getattr(module, "TEMPORARY", ())


STATEMENTS = dict(statements())
NAMES = sorted(STATEMENTS)
# Compared with, handed over by name, written, or joined to a key that is: selecting the column is not enough.
NAMES_TENANT = re.compile(r"\borg_id (=|<>|IN) |\borg_id => \$|\(org_id,|INSERT INTO \w+\s+\([^)]*\borg_id\b")
FACTS = [
    order for length in (1, 2, 3) for order in itertools.permutations((HISTORY, OUTBOX, JOB_FACT), length)
]


def reason_to_leave_the_tenant_out(name):
    return next((why for listed, why in WITHOUT_TENANT.items() if f"{name}.".startswith(f"{listed}.")), None)


def test_there_are_statements_to_look_at():
    assert len(NAMES) >= 80
    homes = {name.rsplit(".", 1)[0].split(".")[1] for name in NAMES}
    assert {"domain", "storage", "jobqueue", "adapters"} <= homes


@pytest.mark.parametrize("name", NAMES)
async def test_every_statement_prepares(owner, name):
    async with owner.transaction():
        for definition in temporary_tables(name):
            await owner.execute(definition)
        await owner.prepare(STATEMENTS[name])


@pytest.mark.parametrize("is_single", [True, False])
@pytest.mark.parametrize("kinds", FACTS, ids=lambda kinds: "+".join(kind.name for kind in kinds))
async def test_facts_prepare_in_every_order_they_can_be_noted_in(owner, kinds, is_single):
    await owner.prepare(compose(tuple((kind, is_single) for kind in kinds)))


@pytest.mark.parametrize("at_most", [1, 8])
async def test_what_the_queue_borrows_prepares(owner, at_most):
    await owner.prepare(borrowed.HEARTBEAT)
    await owner.prepare(borrowed.FINISH)
    sql, arguments = borrowed.pick(worker_id=new_id(), names=["a.b", "c.d"], at_most=at_most)
    prepared = await owner.prepare(sql)
    assert len(prepared.get_parameters()) == len(arguments)


@pytest.mark.parametrize("name", NAMES)
def test_every_statement_names_the_tenant_or_has_a_reason(name):
    assert NAMES_TENANT.search(STATEMENTS[name]) or reason_to_leave_the_tenant_out(name) is not None


def test_every_reason_is_still_needed():
    """A line for a statement that is gone, or that names its tenant by now, hides the next one."""
    for listed in WITHOUT_TENANT:
        below = [name for name in STATEMENTS if f"{name}.".startswith(f"{listed}.")]
        needy = [name for name in below if not NAMES_TENANT.search(STATEMENTS[name])]
        assert needy, listed


def test_sql_stands_in_its_homes_only():
    found = {}
    for path in python_files():
        where = str(path.relative_to(PACKAGE))
        if path.stem in {"tables", "queries", "statements"} or where.split("/", maxsplit=1)[0] in HOMES:
            continue
        lines = [line for line, text in texts(path) if KEYWORDS.search(text)]
        if lines:
            found[where] = lines
    assert {where: lines for where, lines in found.items() if where not in ELSEWHERE} == {}
    assert set(ELSEWHERE) <= set(found)


def test_sql_is_recognised():
    """The search above can find something."""
    for text in (
        "SELECT a\nFROM b",
        "INSERT INTO a (b)",
        "UPDATE a SET b = 1",
        "DELETE FROM a",
        "SET ROLE x",
    ):
        assert KEYWORDS.search(text)
    for text in ("Select a device", "Update your settings", "a text", "set role", "ORDER"):
        assert not KEYWORDS.search(text)


def test_every_constant_that_is_sent_is_looked_at():
    """Statements are upper-case constants: one that hides under another name would never be prepared."""
    hidden = {}
    for name, module in modules().items():
        if not is_home(name) or "migrations" in name:
            continue
        for constant, value in vars(module).items():
            if isinstance(value, types.ModuleType) or not isinstance(value, str):
                continue
            if LOOKS_LIKE_SQL.match(value) and not constant.isupper():
                hidden[f"{name}.{constant}"] = value
    assert hidden == {}
