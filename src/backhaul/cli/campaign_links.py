"""backhaul campaign link, revoke-links, said: the person's page, seen from the organization."""

from typing import Annotated

import msgspec
import typer

from backhaul import main as wiring
from backhaul import outside
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain.identity import Actor
from backhaul.domain.recovery import Case, person
from backhaul.domain.recovery.person import Pages

Port = Annotated[
    int | None,
    typer.Option("--port", help="Where the server listens, if it was started with --port; default 8000."),
]
Recovery = Annotated[str, typer.Argument(help="The recovery id or recovery code.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to those of campaigns."""
    app.command("link")(link)
    app.command("revoke-links")(revoke_links)


def link(org: Org, case: Recovery, data_dir: DataDir = None, port: Port = None) -> None:
    """Print a new link to somebody's page. Other links of theirs stay good."""

    async def work(session: Session) -> None:
        settings = session.settings
        if port is not None:
            settings = msgspec.structs.replace(
                settings, http=msgspec.structs.replace(settings.http, port=port)
            )
        ports = outside.person_ports(settings.recovery, base_url=wiring.base_url(settings))
        pages: Pages = ports[Pages]
        actor = await session.operator_in(org)
        print(
            await person.make_link(session.db, actor=actor, case=case, pages=pages, now=session.clock.now())
        )

    run(data_dir, work)


def revoke_links(org: Org, case: Recovery, data_dir: DataDir = None) -> None:
    """End all links to somebody's page."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        ended = await person.revoke_links(session.db, actor=actor, case=case, now=session.clock.now())
        print(f"{ended} links of recovery {case} were revoked.")

    run(data_dir, work)


async def print_said(session: Session, actor: Actor, case: Case) -> None:
    """Print what a person said and signed on their page."""
    said = await person.list_statements(session.db, actor=actor, case=case)
    if said.confirmed_at is not None:
        print(f"address confirmed by the person: {said.confirmed_at:%Y-%m-%d %H:%M} UTC")
    for claim in said.claims:
        note = f": {claim.note}" if claim.note else ""
        taken_back = "" if claim.withdrawn_at is None else f", taken back {claim.withdrawn_at:%Y-%m-%d}"
        print(
            f"item {claim.position}, the person says {claim.reason.value.replace('_', ' ')}{note} "
            f"({claim.claimed_at:%Y-%m-%d}{taken_back}); `backhaul campaign settle` says what became of it"
        )
    if said.signature is not None:
        print(
            f"signed by {said.signature.full_name}, {said.signature.signed_at:%Y-%m-%d %H:%M} UTC, these words:"
        )
        print(said.signature.text)
        print(f"SHA-256 {said.signature.text_sha256}")
