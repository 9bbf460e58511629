"""`backhaul demo` as a person runs it, and the terminal it types at."""

import csv
import io
import json
import os
import subprocess

import httpx2
import pytest
import typer
from rich.console import Console

from backhaul.cli.demo_terminal import DemoFailed, Terminal, settings_of_its_own
from backhaul.domain.reshipping.errors import NotLabelled
from tests.cli.conftest import COMMAND, Installation


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """What the demo printed, and the folder of what it left."""
    out = tmp_path_factory.mktemp("demo") / "out"
    environment = Installation(out).environment(
        {"BACKHAUL_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    )
    done = subprocess.run(
        [*COMMAND, "demo", "--day-seconds", "0.3", "--out", str(out)],
        capture_output=True, text=True, timeout=120, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines(), out


def part(lines, begin, end):
    """The lines between two titles."""
    return lines[lines.index(begin) + 1 : lines.index(end)]


def test_the_laptop_goes_from_one_employee_over_the_warehouse_to_the_next(played):
    lines, _ = played
    told = part(lines, "Who had it, on whose word", "Every cent")
    hand_overs = [line.split() for line in told[told.index("  hand-overs") + 1 :] if line.strip()]
    assert [words[2] for words in hand_overs] == [
        "added", "shipped", "delivered", "received", "shipped", "delivered",
    ]  # fmt: skip
    assert [" ".join(words[3:5]) for words in (hand_overs[0], hand_overs[3], hand_overs[5])] == [
        "Christopher Mitchell", "warehouse WH0CVG01", "Ines Carvalho",
    ]  # fmt: skip
    assert "  assigned to Ines Carvalho <ines@example.com>" in told
    assert any(
        "MacBook Pro 14, returned, of christopher@example.com in Leavers 2026" in line for line in told
    )


def test_each_step_is_shown_with_what_did_it(played):
    lines, _ = played
    for step in (
        "$ backhaul campaign create", "GET /api/v1/device_transfers/", "$ backhaul warehouse receive",
        "$ backhaul warehouse photo", "POST /auth/v1/token → 200", "PUT /v1/returns/12001 → 200",
        "$ backhaul warehouse sanitise", "  Genuine: C02XL0AB, purge, success", "POST /v1/reshipments → 201",
        "PUT /v1/reshipments/1001 → 200", "$ backhaul reshipment weigh 1001", "$ backhaul reshipment dispatch 1001",
    ):  # fmt: skip
        assert any(line.startswith(step) for line in lines), step
    assert not any("bh_" in line or "bhc_" in line for line in lines)


def test_the_books_add_up_and_the_wallet_paid_for_everything(played):
    lines, out = played
    with (out / "ledger.csv").open(newline="") as file:
        entries = [(entry["account"], int(entry["amount_minor"])) for entry in csv.DictReader(file)]
    assert sum(amount for _, amount in entries) == 0
    assert sum(amount for account, amount in entries if account == "wallet_available") == -(
        5000 - 100 - 250 - 2390
    )
    assert "  sum of all entries             0" in lines


def test_its_papers_are_left_and_its_database_is_not(played):
    _, out = played
    assert {path.name for path in out.iterdir()} == {
        "certificate.pdf", "label-box.pdf", "label-device.pdf", "label-onward.pdf", "ledger.csv", "photo.jpg",
    }  # fmt: skip
    for path in out.glob("*.pdf"):
        assert path.read_bytes().startswith(b"%PDF-")


@pytest.fixture
def terminal():
    """A terminal whose program knows three commands, and what it printed."""
    app, left = typer.Typer(), [NotLabelled(number=1), NotLabelled(number=1)]

    @app.command()
    def tell(word: str) -> None:
        typer.echo(f"heard {word}")

    @app.command()
    def refuse() -> None:
        if left:
            raise left.pop()
        typer.echo("granted")

    @app.command()
    def wrong() -> None:
        raise typer.Exit(1)

    console = Console(record=True, width=100, file=io.StringIO())
    context = typer.Context(typer.main.get_command(app))
    return Terminal(console, context, seconds=5), console


def test_a_command_is_shown_as_it_would_be_typed_and_a_secret_is_not(terminal):
    terminal, console = terminal
    assert terminal.run("tell", "two words") == "heard two words\n"
    terminal.run("tell", "sesame", hides=True)
    shown = console.export_text().splitlines()
    assert shown[:2] == ["$ backhaul tell 'two words'", "  heard two words"]
    assert "  heard sesame" not in shown


@pytest.mark.parametrize("word", ["refuse", "wrong"])
def test_a_command_that_is_refused_or_fails_ends_the_demo(terminal, word):
    with pytest.raises(DemoFailed):
        terminal[0].run(word)


def test_a_command_is_repeated_while_it_is_refused_for_the_awaited_reason_alone(terminal):
    terminal, console = terminal
    with pytest.raises(DemoFailed):
        terminal.run_until_granted("reshipping.expired", "refuse", waits_for="nothing")
    assert terminal.run_until_granted("reshipping.not_labelled", "refuse", waits_for="a yes") == "granted\n"
    assert console.export_text().count("$ backhaul refuse") == 1


def test_a_request_that_is_refused_ends_the_demo(terminal):
    def answer(request):
        status = 200 if request.url.path == "/good" else 409
        return httpx2.Response(status, text=json.dumps({"path": request.url.path}))

    with httpx2.Client(transport=httpx2.MockTransport(answer), base_url="http://demo.example") as http:
        assert terminal[0].ask(http, "GET", "/good").json() == {"path": "/good"}
        with pytest.raises(DemoFailed, match="409"):
            terminal[0].ask(http, "GET", "/bad")


def test_a_persons_own_settings_are_away_only_for_a_while(monkeypatch):
    monkeypatch.setenv("BACKHAUL_DATABASE_URL", "postgresql://real")
    with settings_of_its_own(data_dir="/nowhere"):
        assert os.environ["BACKHAUL_DATA_DIR"] == "/nowhere"
        assert "BACKHAUL_DATABASE_URL" not in os.environ
    assert "BACKHAUL_DATA_DIR" not in os.environ
    assert os.environ["BACKHAUL_DATABASE_URL"] == "postgresql://real"
