"""Reading customers: for the operator organization alone."""

from backhaul.domain.billing.customers import statements
from backhaul.domain.billing.customers.model import Account, ChargeOf, Customer, FeeOf, ListedCustomer
from backhaul.domain.billing.model import ChargeId
from backhaul.domain.billing.queries import read_charge_detail
from backhaul.domain.billing.wallet.errors import FeeUnknown
from backhaul.domain.billing.wallet.model import Fee, FeeId
from backhaul.domain.identity.audit import read_changes_of
from backhaul.domain.identity.errors import OrganizationUnknown
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.identity.operating import operator_scope
from backhaul.storage.database import Database, Scope
from backhaul.storage.rows import optional, record

MOST_DECLINED, MOST_HOLDS = 1000, 1000
LONGEST_TEXT = 200


async def list_customers(
    db: Database,
    *,
    actor: Actor,
    text: str = "",
    only_empty: bool = False,
    after: int = 0,
    limit: int = 50,
) -> list[ListedCustomer]:
    """Return a page of customers by name; the next page comes `after` the last number of this one.

    By a part of the name, the short name or the number; only those of whose wallets one has nothing left to spend.
    """
    scope = operator_scope(actor, Right.INSTALLATION_OPERATE)
    wanted = text.replace("\x00", "").strip()[:LONGEST_TEXT]
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LIST_CUSTOMERS, scope.org_id, wanted, only_empty, after, limit)
    return [record(ListedCustomer, row) for row in rows]


async def find_customer(db: Database, *, actor: Actor, number: int) -> Customer:
    """Return which organization a customer's number means, or refuse."""
    scope = operator_scope(actor, Right.INSTALLATION_OPERATE)
    async with db.read(scope) as reader:
        found = optional(Customer, await reader.fetchrow(statements.FIND_CUSTOMER, scope.org_id, number))
    if found is None:
        raise OrganizationUnknown(organization=number)
    return found


async def get_account(
    db: Database,
    *,
    actor: Actor,
    number: int,
    charges_before: ChargeId | None = None,
    fees_before: FeeId | None = None,
    limit: int = 50,
) -> Account:
    """Return a customer's money, or refuse; of charges, fees and refunds `limit` each."""
    org_id = (await find_customer(db, actor=actor, number=number)).id
    async with db.read(Scope(org_id)) as reader:
        row = await reader.fetchrow(
            statements.GET_ACCOUNT, org_id, charges_before, fees_before, limit, MOST_HOLDS
        )
    return record(Account, row)


async def get_charge_of(db: Database, *, actor: Actor, number: int, charge_id: ChargeId) -> ChargeOf:
    """Return a customer's charge, or refuse."""
    customer = await find_customer(db, actor=actor, number=number)
    scope = Scope(customer.id)
    async with db.read(scope) as reader:
        detail = await read_charge_detail(reader, scope, charge_id=charge_id)
    return ChargeOf(customer=customer, detail=detail)


async def get_fee_of(db: Database, *, actor: Actor, number: int, fee_id: FeeId) -> FeeOf:
    """Return a customer's fee, or refuse."""
    customer = await find_customer(db, actor=actor, number=number)
    scope = Scope(customer.id)
    async with db.read(scope) as reader:
        fee = optional(Fee, await reader.fetchrow(statements.GET_FEE, scope.org_id, fee_id))
        if fee is None:
            raise FeeUnknown(fee_id=fee_id)
        changes = await read_changes_of(reader, scope, kind="fee", subject_id=fee_id)
    return FeeOf(customer=customer, fee=fee, changes=tuple(changes))
