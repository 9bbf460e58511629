"""Devices at the command line."""

import re

import pytest

ADD = ("--type", "Laptop", "--name", "MacBook Pro 16", "--manufacturer", "Apple")


@pytest.fixture(scope="module")
def asset(installation):
    """Runs `backhaul asset …` in an organization that has one employee."""
    installation.run("org", "create", "Maas Biolabs", "--plan", "enterprise")
    installation.run(
        "employee", "add", "ada@example.com", "--org", "maas-biolabs", "--first-name", "Ada", "--last-name", "Lovelace",
        "--line-1", "123 Market Street", "--city", "San Francisco", "--state", "CA", "--postal-code", "94103",
        "--country", "US",
    )  # fmt: skip

    def run(command, *arguments, **options):
        return installation.run("asset", command, "--org", "maas-biolabs", *arguments, **options)

    return run


def test_a_device_from_desk_to_desk(asset):
    added = asset(
        "add", "SN-1", *ADD, "--tag", "Desk 7", "--department", "IT", "--purchased", "2025-01-15"
    ).stdout
    number = re.fullmatch(r"(\d+) is Available\.\n", added)[1]
    assert asset("assign", "sn-1", "ADA@example.com").stdout == "SN-1 is with ADA@example.com.\n"
    listed = asset("list").stdout.splitlines()[1].split("\t")
    assert listed == ["SN-1", "MacBook Pro 16", "In Use", "Ada Lovelace", "Desk 7", number]
    shown = asset("show", "sn-1").stdout
    assert "Apple MacBook Pro 16 (Laptop) SN-1\n" in shown
    assert (
        "department IT\nassigned to Ada Lovelace <ada@example.com>\ncustody: Ada Lovelace since 20" in shown
    )
    hand_overs = shown.partition("hand-overs\n")[2].splitlines()
    assert [line.split()[2] for line in hand_overs] == ["added", "assigned"]
    assert asset("unassign", "SN-1", "ada@example.com").stdout == "SN-1 is back from ada@example.com.\n"
    told = [line.split(maxsplit=2)[2] for line in asset("history", "desk 7").stdout.splitlines()]
    assert told == [
        "unassigned   Unassigned from Ada Lovelace. Status changed from In Use to Ready to Deploy.",
        "assigned     Assigned to Ada Lovelace. Status changed from Available to In Use.",
        "added        Asset created. Status Available.",
    ]
    refused = asset("take-in", number, check=False)
    assert refused.returncode == 1
    assert "Refused (inventory.custody_move_refused): The asset is with the organization" in refused.stderr


def test_statuses_are_listed_and_added(asset):
    assert (
        asset("status-add", "On Loan", "--type", "deployed").stdout
        == "On Loan is a status of type deployed.\n"
    )
    refused = asset("status-add", "on  LOAN", "--type", "archived", check=False)
    assert (refused.returncode, "inventory.status_label_taken" in refused.stderr) == (1, True)
    assert asset("statuses").stdout.splitlines() == [
        "name\ttype",
        "In Use\tdeployed",
        "Available\tdeployable",
        "Ready to Deploy\tdeployable",
        "Pending\tpending",
        "Retired\tarchived",
        "Legal Hold\tundeployable",
        "On Loan\tdeployed",
    ]
    added = asset("add", "SN-2", *ADD, "--status", "on loan", "--assign-to", "ada@example.com").stdout
    assert added.endswith(" is On Loan.\n")
