"""The slow side of billing: calls to the payment gateway, each between two short transactions."""

from datetime import timedelta

from backhaul.domain.billing import operations, queries, tasks
from backhaul.domain.billing.errors import GatewayRefused, GatewayUnavailable
from backhaul.domain.billing.model import ChargeId, RefundId, RefundStatus
from backhaul.domain.billing.ports import PaymentGateway
from backhaul.jobqueue import Run, periodic
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Scope

DUE_PER_ROUND = 500


@tasks.collect.handler
async def collect(run: Run, *, org_id: OrgId, charge_id: ChargeId) -> None:
    """Ask the gateway for the money of one charge. Safe to run twice, and at the same time."""
    scope = Scope(org_id)
    gateway = run.port(PaymentGateway)
    charge = await operations.begin_attempt(
        run.db, scope=scope, charge_id=charge_id, gateway=gateway.name, now=run.now()
    )
    if charge is None:
        return
    answer = await gateway.charge(
        idempotency_key=charge.attempt_key,
        amount=charge.amount,
        reference=charge.gateway_text,
        payer=org_id,
        since=charge.created_at,
        now=run.now(),
    )
    await operations.settle_attempt(
        run.db, scope=scope, charge_id=charge_id, attempt=charge.attempts, answer=answer, now=run.now()
    )


@tasks.pay_refund.handler
async def pay_refund(run: Run, *, org_id: OrgId, refund_id: RefundId) -> None:
    """Have the gateway pay one refund. Safe to run twice."""
    scope = Scope(org_id)
    gateway = run.port(PaymentGateway)
    async with run.db.read(scope) as reader:
        order = await queries.find_refund_order(reader, scope, refund_id=refund_id)
    if order is None or order.status is not RefundStatus.REQUESTED or order.gateway_reference is None:
        return
    if order.gateway != gateway.name:
        raise GatewayUnavailable(gateway=order.gateway)
    try:
        await gateway.refund(
            gateway_reference=order.gateway_reference,
            amount=order.amount,
            idempotency_key=str(refund_id),
            now=run.now(),
        )
    except GatewayRefused as refusal:
        await operations.refuse_refund(
            run.db,
            scope=scope,
            charge_id=order.charge_id,
            refund_id=refund_id,
            reason=str(refusal.data.get("reason", refusal.text)),
            now=run.now(),
        )
        return
    await operations.settle_refund(
        run.db, scope=scope, charge_id=order.charge_id, refund_id=refund_id, now=run.now()
    )


@periodic("billing.collect_due", every=timedelta(minutes=1))
async def collect_due(run: Run) -> None:
    """Look again at declined charges whose time has come, and at any whose job was lost or gave up."""
    async with run.db.system() as reader:
        due = await queries.list_due(reader, now=run.now(), limit=DUE_PER_ROUND)
    for org_id, charge_ids in due.items():
        await operations.collect_again(run.db, scope=Scope(org_id), charge_ids=charge_ids)
