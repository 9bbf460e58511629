"""backhaul campaign …"""

import pytest

STREET = (
    "--line-1", "1 Loop", "--city", "Cupertino", "--state", "California", "--postal-code", "95014", "--country", "us",
)  # fmt: skip


@pytest.fixture(scope="module")
def desk(installation):
    """An organization with a member, a default address and one employee."""
    installation.run("org", "create", "Hooli", "--plan", "enterprise")
    owner = ("--org", "hooli", "--role", "member", "--name", "Gavin")
    installation.run("user", "add", "gavin@hooli.example", *owner)
    address = (
        "--name",
        "Hooli",
        "--line-1",
        "1 Way",
        "--city",
        "Reno",
        "--state-code",
        "NV",
        "--postal-code",
        "89501",
    )
    installation.run("org", "address", "hooli", *address, "--country-code", "US")
    person = ("--first-name", "Nelson", "--last-name", "Bighetti", "--phone", "4155550198")
    installation.run("employee", "add", "big@hooli.example", *person, *STREET, "--org", "hooli")

    def run(command, *arguments, **options):
        return installation.run("campaign", command, *arguments, "--org", "hooli", **options)

    return run


def columns(listing):
    return [line.split("\t")[:-1] for line in listing.stdout.splitlines()]


def test_a_campaign_from_its_beginning_to_its_end(desk):
    made = desk("create", "Spring", "--owner", "gavin@hooli.example", "--deadline-on", "2099-01-31")
    number = made.stdout.split(" is campaign ")[1].split(" ")[0]
    again = desk("create", "spring", "--owner", "gavin@hooli.example", check=False)
    assert (again.returncode, again.stderr.split(":")[0]) == (1, "Refused (recovery.campaign_name_taken)")
    nobody = desk("create", "Summer", "--owner", "nobody@hooli.example", check=False)
    assert nobody.stderr.startswith("Refused (input.invalid): ")

    added = desk("add", number, "--email", "big@hooli.example", "--item", "Laptop:SN-1", "--item", "Phone")
    code = added.stdout.split(", code ")[1].removesuffix(".\n")
    line = columns(desk("list"))[1]
    assert (line[1:6], line[6]) == (["active", "US", "1", "2", "2099-01-31"], "Spring")
    assert "to Hooli, Reno: boxes for 1 × Laptop" in desk("show", number).stdout.splitlines()
    assert columns(desk("show", number))[-1] == [
        "Nelson Bighetti", "big@hooli.example", "2", "0", "Order Received", code,
    ]  # fmt: skip

    early = desk("close", number, check=False)
    assert early.stderr.startswith("Refused (recovery.campaign_has_open_cases): 1 recoveries")
    kept = desk("settle", code, "kept", "--item", "1", "--reason", "bought out", "--evidence", "invoice=7")
    assert kept.stdout.splitlines() == [
        "item 1, parcel 1: Laptop, kept; bought out",
        "item 2, parcel 2: Phone, expected",
    ]
    desk("settle", code, "lost")
    assert desk("person", code).stdout.splitlines()[1] == "in Spring: Not Returned"
    assert desk("close", number).stdout == "Spring is completed.\n"
