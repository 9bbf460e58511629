"""What waits for somebody, in words and with the way there. Pure."""

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.overview import MOST, Installation, Needs
from backhaul.domain.returns.browsing import QueueCounts
from backhaul.web.console.wording import money_text


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """One line: how many of what, and where to see to it."""

    count: str
    label: str
    detail: str
    path: str
    tone: str  # of the figure: bad, warn or accent


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A way on: a first step of an organization that has nothing yet, or where something is looked after."""

    label: str
    detail: str
    path: str


def listed(needs: Needs, queues: QueueCounts | None) -> list[Need]:
    """Return what waits, the most pressing first; nothing of which there is none."""
    late = (
        f"{_count(needs.late_exceptions)} past their day"
        if needs.late_exceptions
        else "lost, stuck or sent back"
    )
    lines = [
        _need(
            needs.exceptions, ("parcel needs somebody", "parcels need somebody"), late, "/exceptions", "bad"
        ),
        _need(
            needs.late_cases,
            ("case past its deadline", "cases past their deadline"),
            "the campaign's last day is over",
            "/cases?open=1&overdue=1",
            "bad",
        ),
        _need(
            needs.claims,
            ("device said to be gone", "devices said to be gone"),
            "lost, sent already or kept: decide what counts",
            "/cases?open=1&claimed=1",
            "warn",
        ),
        _need(
            needs.quotes,
            ("quote to approve", "quotes to approve"),
            "reshipments wait for a yes or a no",
            "/reshipments?status=answer",
            "warn",
        ),
        _need(
            needs.returns,
            ("return to decide on", "returns to decide on"),
            "verify, send on or discard",
            "/returns?status=processed",
            "accent",
        ),
        *([] if queues is None else _of_warehouse(queues)),
        _need(
            needs.declined_charges,
            ("payment declined", "payments declined"),
            "nothing is sent before it is paid",
            "/money/charges?status=declined",
            "bad",
        ),
        _need(
            needs.failed_deliveries,
            ("webhook given up", "webhooks given up"),
            "within a week; they can be sent again",
            "/settings/webhooks",
            "warn",
        ),
    ]
    low = [wallet for wallet in needs.wallets if wallet.is_low]
    lines += [
        Need(
            count=money_text(wallet.available),
            label="left in the wallet",
            detail=f"{money_text(wallet.needed)} are likely to be needed within a week",
            path="/money",
            tone="warn",
        )
        for wallet in low
    ]
    return [line for line in lines if line is not None]


def of_installation(found: Installation) -> list[Need]:
    """Return what keeps the installation from working, the most pressing first; nothing of which there is none."""
    names = ", ".join(found.empty_wallet_names)
    more = ", and others" if found.empty_wallets > len(found.empty_wallet_names) else ""
    lines = [
        _need(
            found.late_jobs,
            ("job waits for a worker", "jobs wait for a worker"),
            "for ten minutes and more: is `backhaul work` running?",
            "/settings/jobs",
            "bad",
        ),
        _need(
            found.parked_jobs,
            ("job failed", "jobs failed"),
            "parked until somebody decides: try again or drop",
            "/settings/jobs",
            "bad",
        ),
        _need(
            found.parked_events,
            ("event failed", "events failed"),
            "what should follow from it did not",
            "/settings/jobs",
            "bad",
        ),
        _need(
            found.repeated_shipping,
            ("call of a carrier is repeated", "calls of carriers are repeated"),
            "a carrier does not answer, or refuses for the time being",
            "/settings/carriers",
            "warn",
        ),
        _need(
            found.empty_wallets,
            ("customer has nothing left to spend", "customers have nothing left to spend"),
            f"their fees and approvals are refused: {names}{more}",
            "/settings/customers?wallet=empty",
            "warn",
        ),
    ]
    return [line for line in lines if line is not None]


def doors(actor: Actor) -> list[Step]:
    """Return where an installation is looked after, as far as somebody may."""
    steps = [
        (
            Right.WAREHOUSE_OPERATE,
            "Intake",
            "Open parcels, look into them, quote and dispatch.",
            "/warehouse",
        ),
        (
            Right.INSTALLATION_OPERATE,
            "Customers",
            "What they can spend, and what is given back.",
            "/settings/customers",
        ),
        (Right.INSTALLATION_OPERATE, "Jobs", "What waits, what runs, and what failed.", "/settings/jobs"),
        (
            Right.INSTALLATION_OPERATE,
            "Carriers",
            "Who serves which, and what each can do.",
            "/settings/carriers",
        ),
        (
            Right.INSTALLATION_OPERATE,
            "Prices",
            "What transfers and the warehouse's work cost.",
            "/settings/prices",
        ),
        (Right.INSTALLATION_OPERATE, "Mail", "What was kept instead of being sent.", "/settings/mail"),
    ]
    return _steps(actor, steps)


def first_steps(actor: Actor) -> list[Step]:
    """Return what somebody can begin with, as far as they may."""
    steps = [
        (Right.DIRECTORY_WRITE, "Add people", "One by one, or all of them from a file.", "/imports"),
        (
            Right.INVENTORY_WRITE,
            "Add devices",
            "From a file, with a dry run before anything is written.",
            "/imports",
        ),
        (
            Right.TRANSFERS_WRITE,
            "Order a transfer",
            "A box, a prepaid label, and tracking.",
            "/transfers/new",
        ),
        (Right.RECOVERY_WRITE, "Start a campaign", "Get devices back from many people.", "/campaigns/new"),
    ]
    return _steps(actor, steps)


def _steps(actor: Actor, steps: list[tuple[Right, str, str, str]]) -> list[Step]:
    return [
        Step(label=label, detail=detail, path=path)
        for right, label, detail, path in steps
        if right in actor.rights
    ]


def _of_warehouse(queues: QueueCounts) -> list[Need | None]:
    def waits(count: int, noun: str, detail: str, queue: str) -> Need | None:
        return _need(
            count, (f"parcel to {noun}", f"parcels to {noun}"), detail, f"/warehouse/queues/{queue}", "accent"
        )

    return [
        waits(queues.unidentified, "identify", "nobody knows whose they are", "unidentified"),
        waits(queues.to_open, "open", "received, not looked into", "open"),
        waits(queues.to_verify, "verify", "their owners asked for it", "verify"),
        waits(queues.to_quote, "quote", "their owners want them sent on", "quotes"),
        waits(queues.to_weigh, "weigh", "approved, not packed", "weigh"),
        waits(queues.to_dispatch, "dispatch", "packed and labelled", "dispatch"),
    ]


def _need(count: int, labels: tuple[str, str], detail: str, path: str, tone: str) -> Need | None:
    """Return a line, labelled by its number: one of them, or many."""
    if count == 0:
        return None
    return Need(count=_count(count), label=labels[count != 1], detail=detail, path=path, tone=tone)


def _count(count: int) -> str:
    return f"{count:,}" if count < MOST else f"{MOST:,}+"
