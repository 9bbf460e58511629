"""backhaul campaign start."""

import pytest


@pytest.fixture(scope="module")
def desk(installation):
    """An organization with a member, a default address and one employee."""
    installation.run("org", "create", "Umbrella", "--plan", "enterprise")
    owner = ("--org", "umbrella", "--role", "member", "--name", "Ada")
    installation.run("user", "add", "ada@umbrella.example", *owner)
    address = ("--line-1", "1 Way", "--city", "Reno", "--postal-code", "89501")
    place = ("--name", "Umbrella", *address, "--state-code", "NV", "--country-code", "US")
    installation.run("org", "address", "umbrella", *place)
    person = ("--first-name", "Jill", "--last-name", "Valentine", "--phone", "4155550198")
    street = (*address, "--state", "Nevada", "--country", "us")
    installation.run("employee", "add", "jill@umbrella.example", *person, *street, "--org", "umbrella")

    def run(command, *arguments, **options):
        return installation.run("campaign", command, *arguments, "--org", "umbrella", **options)

    return run


def test_a_campaign_waits_is_moved_and_is_started(desk):
    made = desk("create", "Future", "--owner", "ada@umbrella.example", "--starts-on", "2199-03-01")
    number = made.stdout.split(" is campaign ")[1].split(" ")[0]
    waits = "It starts on {}: nothing is sent, ordered or written to anybody before."
    assert waits.format("2199-03-01") in made.stdout.splitlines()
    added = desk("add", number, "--email", "jill@umbrella.example", "--item", "Laptop")
    assert "Nothing is sent to them before 2199-03-01 08:00 UTC, when the campaign starts." in added.stdout
    shown = desk("preview", number).stdout
    assert "cases opened 2199-03-01" in shown
    assert "2199-03-09" in shown

    moved = desk("start", number, "--on", "2199-04-01")
    assert moved.stdout.splitlines() == [waits.format("2199-04-01")]
    past = desk("start", number, "--on", "2001-01-01", check=False)
    assert (past.returncode, past.stderr.split(":")[0]) == (1, "Refused (input.invalid)")
    code = added.stdout.split(", code ")[1].split(".\n")[0]
    link = desk("link", code, check=False)
    assert link.stderr.startswith("Refused (recovery.case_waiting): Nothing is sent for ")

    started = desk("start", number)
    assert started.stdout == "Future has started: whoever waits in it is asked now.\n"
    again = desk("start", number, "--on", "2199-05-01", check=False)
    assert again.stderr.startswith("Refused (recovery.campaign_begun): Campaign Future began on ")
