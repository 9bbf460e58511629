"""`backhaul …`: every command, and how refusals look to a person at a terminal."""

import sys

import typer
from rich.console import Console

from backhaul import __version__
from backhaul.cli import (
    assets,
    campaigns,
    clients,
    demo,
    doctor,
    employees,
    exports,
    holds,
    imports,
    invoices,
    jobs,
    keys,
    ladders,
    ledger,
    letters,
    organizations,
    radar,
    reshipments,
    returns,
    running,
    shipments,
    transfers,
    users,
    wallet,
    webhooks,
)
from backhaul.cli.queues import app as warehouse_app
from backhaul.kernel.errors import DomainError

app = typer.Typer(
    name="backhaul",
    help="Device logistics, self-hosted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
running.add_to(app)
demo.add_to(app)
doctor.add_to(app)
app.add_typer(organizations.app, name="org", help="Organizations, their plans and default addresses.")
app.add_typer(users.app, name="user", help="Accounts and memberships.")
app.add_typer(employees.app, name="employee", help="The directory: people and where they work.")
app.add_typer(assets.app, name="asset", help="Devices, their statuses and who holds them.")
app.add_typer(holds.app, name="hold", help="Legal holds: what must be kept until two people release it.")
app.add_typer(keys.app, name="key", help="API keys.")
app.add_typer(clients.app, name="client", help="OAuth clients, and the keys their tokens are signed with.")
app.add_typer(transfers.app, name="transfer", help="Device transfers.")
app.add_typer(campaigns.app, name="campaign", help="Recovery campaigns: whose devices must come back.")
app.add_typer(ladders.app, name="ladder", help="Reminder ladders: who is written to when, and what stops it.")
app.add_typer(radar.app, name="radar", help="Parcels that need somebody: whose, what to do, by when.")
app.add_typer(letters.app, name="letter", help="What people are written: look at it, send a test.")
app.add_typer(warehouse_app, name="warehouse", help="The operator's table: receive, open, verify, sanitise.")
app.add_typer(returns.app, name="return", help="What came back to a warehouse, and what becomes of it.")
app.add_typer(reshipments.app, name="reshipment", help="What lies in a warehouse, sent on for a quoted fee.")
app.add_typer(shipments.app, name="shipment", help="Parcels: labels and scans by hand.")
app.add_typer(ledger.app, name="ledger", help="Charges and accounts.")
app.add_typer(wallet.app, name="wallet", help="What an organization can spend, and what of it is held.")
app.add_typer(invoices.app, name="invoice", help="What an organization was charged, week by week.")
app.add_typer(imports.app, name="import", help="Files of devices and people: check, write, take back.")
app.add_typer(exports.app, name="export", help="All devices or people as one file.")
app.add_typer(webhooks.app, name="webhook", help="Endpoints, and what was sent to them.")
app.add_typer(jobs.app, name="jobs", help="Background jobs and events.")


@app.command()
def version() -> None:
    """Print the version."""
    print(__version__)


def main() -> None:
    """Run a command; a refusal is one sentence on standard error and exit code 1."""
    try:
        app()
    except DomainError as refusal:
        Console(stderr=True, soft_wrap=True).print(f"Refused ({refusal.code}): {refusal}", markup=False)
        sys.exit(1)
