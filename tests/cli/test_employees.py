"""backhaul employee …"""

import pytest

STREET = (
    "--line-1", "1 Loop", "--city", "Cupertino", "--state", "California", "--postal-code", "95014", "--country", "us",
)  # fmt: skip
JANE = ("--first-name", "Jane", "--last-name", "Smith")


@pytest.fixture(scope="module")
def directory(installation):
    """An organization's directory at the command line, with one employee."""
    installation.run("org", "create", "Initech", "--plan", "enterprise")

    def run(command, *arguments, **options):
        return installation.run("employee", command, *arguments, "--org", "initech", **options)

    boss = ("--first-name", "Bill", "--last-name", "Lumbergh", "--department", "Software")
    added = run("add", "bill@initech.example", *boss, *STREET)
    assert added.stdout == "Bill Lumbergh is employee 1 of initech.\n"
    return run


def columns(listing):
    return [line.split("\t")[:-1] for line in listing.stdout.splitlines()]


def test_somebody_is_added_listed_shown_updated_and_removed(directory):
    added = directory(
        "add", "Jane@initech.example", *JANE, *STREET, "--postal-code", "10001", "--phone", "3242342",
        "--phone-country", "+1", "--location", "HQ", "--location-type", "corporate_office", "--department", "software",
        "--manager", "BILL@initech.example", "--status", "on_leave", "--starts-on", "2026-01-02",
    )  # fmt: skip
    assert added.stdout.splitlines()[-1] == "warning: postal_code does not fit an address in US"
    number = added.stdout.split(" is employee ")[1].split(" ")[0]
    assert columns(directory("list"))[:2] == [
        ["number", "name", "e-mail", "status", "department", "location", "warnings"],
        [number, "Jane Smith", "Jane@initech.example", "on_leave", "Software", "HQ", "1"],
    ]
    assert directory("show", "jane@INITECH.example").stdout.splitlines() == [
        f"{number}: Jane Smith <Jane@initech.example>, on_leave",
        "phone: +1 3242342",
        "location: HQ",
        "location type: corporate_office",
        "department: Software",
        "manager: Bill Lumbergh <bill@initech.example>",
        "starts on: 2026-01-02",
        "address: 1 Loop, Cupertino, California, 10001, US",
        "normalized: 1 Loop, CUPERTINO, CA, 10001, US",
        "warning: postal_code does not fit an address in US",
    ]
    change = ("--postal-code", "95014", "--manager", "", "--phone", "", "--status", "active")
    assert directory("update", number, *change).stdout == "Jane Smith is updated.\n"
    assert directory("update", number, *change).stdout == "Jane Smith is as before.\n"
    assert directory("show", number).stdout.splitlines() == [
        f"{number}: Jane Smith <Jane@initech.example>, active",
        "phone: +1",
        "location: HQ",
        "location type: corporate_office",
        "department: Software",
        "starts on: 2026-01-02",
        "address: 1 Loop, Cupertino, California, 95014, US",
        "normalized: 1 Loop, CUPERTINO, CA, 95014, US",
    ]
    assert directory("remove", number).stdout == f"Employee {number} is removed.\n"
    assert [line[1] for line in columns(directory("list"))] == ["name", "Bill Lumbergh"]


def test_a_refusal_is_one_sentence_and_changes_nothing(directory):
    before = directory("list").stdout
    for arguments, code in (
        (("add", "BILL@initech.example", *JANE, *STREET), "directory.email_taken"),
        (("add", "new@initech.example", *JANE), "input.invalid"),
        (("update", "4711", "--phone", "1"), "directory.employee_unknown"),
        (("remove", "nobody@initech.example"), "directory.employee_unknown"),
    ):
        refused = directory(*arguments, check=False)
        assert refused.returncode == 1
        assert refused.stdout == ""
        [line] = refused.stderr.splitlines()
        assert line.startswith(f"Refused ({code}): ")
    assert directory("list").stdout == before
