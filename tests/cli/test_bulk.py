"""import and export as a person uses them."""

import os
import signal
import subprocess

import pytest

from tests.cli.conftest import COMMAND

FILE = """Serial;product_type;Model;Make;Status;Colour
A-1;Laptop;Büro;Apple;Available;red
B-2;Laptop;Book;Apple;Lost;
"""


@pytest.fixture(scope="module")
def org(installation):
    installation.run("org", "create", "Files", "--plan", "enterprise")
    return "files"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "devices.csv"
    path.write_bytes(FILE.encode("cp1252"))
    return path


def test_a_dry_run_lists_every_error_and_exits_with_1(installation, org, file):
    done = installation.run("import", "assets", str(file), "--org", org, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    heading, problem, ignored, counted, closing = done.stdout.splitlines()
    assert heading.split("\t") == ["row", "column", "value", "code", "hint"]
    assert problem.split("\t")[:4] == ["3", "Status", "Lost", "unknown"]
    assert ignored == "Columns ignored: Colour"
    assert counted == "2 rows: 1 to create, 0 to update, 0 unchanged, 1 with errors."
    assert closing == "Nothing was changed. Repeat it with --apply to write it."


def test_a_file_with_errors_is_refused_and_then_written_without_them_and_taken_back(
    installation, org, file, tmp_path
):
    refused = installation.run("import", "assets", str(file), "--org", org, "--apply", check=False)
    assert refused.returncode == 1
    assert refused.stderr.startswith(
        "Refused (bulk.rows_refused): 1 rows have errors, so nothing was imported."
    )
    assert installation.run("import", "list", "--org", org).stdout.count("\n") == 1
    written = installation.run(
        "import", "assets", str(file), "--org", org, "--apply", "--skip-errors", check=False
    )
    assert written.returncode == 1  # one row was left out
    last = written.stdout.splitlines()[-1]
    assert last.endswith(": 1 created, 0 updated, 0 unchanged, 0 went wrong meanwhile.")
    number = last.split()[1].rstrip(":")

    exported = installation.run("export", "assets", "--org", org)
    assert exported.stderr == "1 assets written.\n"
    assert exported.stdout.splitlines()[1].startswith("A-1,,Laptop,Büro,Apple,Available,")
    out = tmp_path / "out.jsonl"
    installation.run("export", "assets", "--org", org, "--format", "jsonl", "--out", str(out))
    assert out.read_text().count("\n") == 1
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []

    shown = installation.run("import", "show", number, "--org", org).stdout
    assert "devices.csv (assets) is applied." in shown
    undone = installation.run("import", "undo", number, "--org", org)
    assert undone.stdout == f"Import {number}: 1 rows taken back, 0 kept.\n"
    assert installation.run("export", "assets", "--org", org).stderr == "0 assets written.\n"
    again = installation.run("import", "undo", number, "--org", org, check=False)
    assert (again.returncode, "bulk.batch_move_refused" in again.stderr) == (1, True)


def test_where_an_export_cannot_go_is_a_refusal(installation, org, tmp_path):
    (tmp_path / "taken").mkdir()
    for out in (tmp_path / "missing" / "x.csv", tmp_path / "taken"):
        refused = installation.run("export", "assets", "--org", org, "--out", str(out), check=False)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr.startswith("Refused (bulk.export_unwritable): "), refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_an_export_ends_quietly_when_nobody_reads_on(installation, org):
    reads, writes = os.pipe()
    os.close(reads)
    with os.fdopen(writes, "wb") as pipe:
        command = [*COMMAND, "export", "assets", "--org", org, "--data-dir", str(installation.data_dir)]
        done = subprocess.run(
            command,
            stdout=pipe,
            stderr=subprocess.PIPE,
            timeout=90,
            env=installation.environment({}),
            check=False,
        )
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, b"")


def test_an_input_that_can_be_read_only_once_is_a_refusal(installation, org):
    command = [
        *COMMAND,
        "import",
        "assets",
        "/dev/stdin",
        "--org",
        org,
        "--data-dir",
        str(installation.data_dir),
    ]
    refused = subprocess.run(
        command,
        input=FILE.encode(),
        capture_output=True,
        timeout=90,
        env=installation.environment({}),
        check=False,
    )
    assert refused.returncode == 1
    assert refused.stderr.startswith(b"Refused (bulk.file_unreadable): "), refused.stderr


def test_escapes_and_file_names_of_other_encodings_reach_no_terminal(installation, org, tmp_path):
    path = tmp_path / os.fsdecode(b"bad\xe9.csv")
    path.write_bytes(
        b"Serial;product_type;Model;Make;Status;\x1b[31mColour\n"
        b"\x1b]0;pwn\x07;Laptop;Book;Apple;Available;\nC-3;Lap\x00top;Book;Apple;Available;\n"
        b"D-4;Laptop;Book;Apple;Available;\n"
    )
    written = installation.run(
        "import", "assets", str(path), "--org", org, "--apply", "--skip-errors", check=False
    )
    assert (written.returncode, written.stderr) == (1, "")
    number = written.stdout.splitlines()[-1].split()[1].rstrip(":")
    shown = installation.run("import", "show", number, "--org", org).stdout
    assert shown.startswith(f"Import {number} of bad\ufffd.csv (assets) is applied.")
    for text in (written.stdout, shown):
        assert all(character.isprintable() or character in "\t\n" for character in text)
    installation.run("import", "undo", number, "--org", org)
