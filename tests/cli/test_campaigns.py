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
    desk("settle", code, "returned", "--item", "2")
    unsaid = desk("settle", code, "refused", "--item", "2", check=False)
    assert unsaid.stderr.startswith("Refused (input.invalid): ")
    corrected = desk(
        "settle", code, "partly_returned", "--item", "2", "--outstanding", "charger", "--reason", "looked inside",
        "--evidence", "return=1001",
    )  # fmt: skip
    assert corrected.stdout.splitlines()[1] == (
        "item 2, parcel 2: Phone, partly returned; outstanding: charger; looked inside"
    )
    assert desk("person", code).stdout.splitlines()[3] == corrected.stdout.splitlines()[1]
    assert desk("close", number).stdout == "Spring is completed.\n"


FILE = """
[[return_address]]
phone = "+1 775 555 0123"
[[return_address.package]]
device = "Laptop"
quantity = 2
inches = [16, 12, 8]
pounds = 20
[[return_address.package]]
device = "Monitor"
centimetres = [76, 76, 30.5]
kilograms = 13.6

[[return_address]]
"""


def test_return_addresses_and_boxes_come_from_a_file_and_an_address_changes_later(desk, tmp_path):
    file = tmp_path / "places.toml"
    file.write_text(FILE)
    made = desk("create", "Winter", "--owner", "gavin@hooli.example", "--return-addresses", str(file))
    number = made.stdout.split(" is campaign ")[1].split(" ")[0]
    places = [
        "to Hooli, Reno: boxes for 2 × Laptop, 1 × Monitor, telephone +1 775 555 0123",
        "to Hooli, Reno: boxes for 1 × Laptop",
    ]
    shown = desk("show", number).stdout.splitlines()
    assert [line for line in shown if line.startswith("to ")] == places
    changed = desk("return-address", number, "--place", "2", "--phone", "775 555 0199")
    assert changed.stdout.splitlines() == [places[0], f"{places[1]}, telephone 775 555 0199"]
    for arguments, code in (
        (("--place", "3"), "input.invalid"),
        (("--location", "Nowhere"), "directory.location_unknown"),
        (("--phone", "call me"), "input.invalid"),
    ):
        refused = desk("return-address", number, *arguments, check=False)
        assert (refused.returncode, refused.stderr.split(":")[0]) == (1, f"Refused ({code})")


@pytest.mark.parametrize(
    "text",
    [
        "return_address = 1",
        "[[return_address]]\nplace = 1",
        '[[return_address]]\n[[return_address.package]]\ndevice = "Laptop"\ninches = [1, 2, 3]',
        '[[return_address]]\n[[return_address.package]]\ndevice = "Laptop"\ninches = [0, 2, 3]\npounds = 1',
        '[[return_address]]\nphone = "call me"',
        "[[",
    ],
)
def test_a_file_of_return_addresses_that_cannot_be_meant_is_refused(desk, tmp_path, text):
    file = tmp_path / "places.toml"
    file.write_text(text)
    refused = desk(
        "create", "Never", "--owner", "gavin@hooli.example", "--return-addresses", str(file), check=False
    )
    assert (refused.returncode, refused.stderr.split(":")[0]) == (1, "Refused (input.invalid)")
    assert "Never" not in desk("list").stdout


def test_everything_written_about_a_recovery_is_listed(desk):
    made = desk("create", "Autumn", "--owner", "gavin@hooli.example")
    number = made.stdout.split(" is campaign ")[1].split(" ")[0]
    added = desk("add", number, "--email", "big@hooli.example", "--item", "Laptop")
    code = added.stdout.split(", code ")[1].removesuffix(".\n")
    (headings,) = desk("contacts", code).stdout.splitlines()  # no server runs, so that nobody was written to
    assert headings.split("\t") == [
        "decided at", "planned at", "kind", "letter", "channel", "parcel", "outcome", "subject", "recipient",
    ]  # fmt: skip
