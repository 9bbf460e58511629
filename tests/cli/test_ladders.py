"""backhaul ladder …, and the commands of campaigns that are about reminders."""

import json
import tomllib

import pytest

from backhaul.domain.ladders import BUILT_IN, read_policy

STREET = (
    "--line-1", "1 Loop", "--city", "Cupertino", "--state", "California", "--postal-code", "95014", "--country", "us",
)  # fmt: skip


@pytest.fixture(scope="module")
def shop(installation):
    """An organization with a member, a default address and one employee."""
    installation.run("org", "create", "Aviato", "--plan", "enterprise")
    installation.run(
        "user", "add", "erlich@aviato.example", "--org", "aviato", "--role", "member", "--name", "E"
    )
    office = (
        "--name",
        "Aviato",
        "--line-1",
        "1 Way",
        "--city",
        "Reno",
        "--state-code",
        "NV",
        "--postal-code",
        "89501",
    )
    installation.run("org", "address", "aviato", *office, "--country-code", "US")
    person = ("--first-name", "Nelson", "--last-name", "Bighetti", "--phone", "4155550198")
    installation.run("employee", "add", "big@aviato.example", *person, *STREET, "--org", "aviato")

    def run(*arguments, **options):
        return installation.run(*arguments, "--org", "aviato", **options)

    return run


def rows(listing):
    return [line.split("\t") for line in listing.stdout.splitlines()]


def test_the_built_in_ladder_is_printed_to_start_from(installation):
    assert read_policy(tomllib.loads(installation.run("ladder", "show").stdout)) == BUILT_IN


def test_a_ladder_from_a_file_to_a_campaign_and_its_calendar(shop, installation, tmp_path):
    file = tmp_path / "firm.toml"
    file.write_text(
        installation.run("ladder", "show").stdout.replace("offset_days = 9", "offset_days = 8"),
        encoding="utf-8",
    )
    assert shop("ladder", "add", "Firm", str(file)).stdout == "Firm has 3 steps.\n"
    assert shop("ladder", "add", "firm", str(file), check=False).stderr.startswith(
        "Refused (ladder.name_taken)"
    )
    assert [row[0] for row in rows(shop("ladder", "list"))[1:]] == ["yes", "no"]
    assert shop("ladder", "default", "firm").stdout == "New campaigns of aviato follow Firm.\n"
    assert [(row[0], row[-1]) for row in rows(shop("ladder", "list"))[1:]] == [
        ("no", "built-in"),
        ("yes", "Firm"),
    ]
    shown = shop("ladder", "show", "firm").stdout
    assert shown.startswith("# Firm, version 2\n")
    assert "offset_days = 8" in shown

    document = tomllib.loads(shown)
    later = tmp_path / "later.json"
    later.write_text(json.dumps(document, default=str), encoding="utf-8")
    changed = shop("ladder", "change", "firm", str(later), "--version", "2", "--name", "Later")
    assert changed.stdout == "Later has version 3.\n"
    stale = shop("ladder", "change", "later", str(file), "--version", "2", check=False)
    assert stale.stderr.startswith("Refused (ladder.changed_meanwhile)")

    made = shop(
        "campaign", "create", "Spring", "--owner", "erlich@aviato.example", "--starts-on", "2099-06-01"
    )
    number = made.stdout.split(" is campaign ")[1].split(" ")[0]
    said, *calendar = shop("campaign", "preview", number, "--box-after-days", "2").stdout.splitlines()
    assert said.startswith("Ladder Later: cases opened 2099-06-01, boxes there after 2 days")
    lines = [line.split("\t") for line in calendar[1:]]
    assert [(line[0], line[1], line[3], line[4]) for line in lines] == [
        (f"{day} 09:00", "America/New_York", "box_delivered 2099-06-03", f"+{days}")
        for day, days in (("Sat 2099-06-06", 3), ("Tue 2099-06-09", 6), ("Thu 2099-06-11", 8))
    ]
    unknown = shop(
        "campaign", "create", "X", "--owner", "erlich@aviato.example", "--ladder", "no", check=False
    )
    assert unknown.stderr.startswith("Refused (ladder.unknown)")


def test_a_calendar_needs_no_campaign(shop):
    listed = shop(
        "campaign", "preview", "--ladder", "built-in", "--starts", "2026-07-01", "--people", "500", "--country", "de"
    ).stdout.splitlines()  # fmt: skip
    assert listed[0].startswith("Ladder built-in: cases opened 2026-07-01")
    first = listed[2].split("\t")
    assert (first[0], first[1], first[2], first[8]) == (
        "Thu 2026-07-09 09:00", "Europe/Berlin", "2026-07-09 07:00", "500",
    )  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [
        ("17800000001001", "--ladder", "built-in"),
        ("17800000001001", "--starts", "2026-07-01"),
        ("--country", "ZZZ"),
        ("--starts", "9999-12-30"),
    ],
)
def test_what_a_calendar_cannot_follow_is_refused(shop, arguments):
    refused = shop("campaign", "preview", *arguments, check=False)
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


def test_a_recovery_is_muted_and_has_its_contacts(shop):
    made = shop("campaign", "create", "Autumn", "--owner", "erlich@aviato.example")
    number = made.stdout.split(" is campaign ")[1].split(" ")[0]
    added = shop("campaign", "add", number, "--email", "big@aviato.example", "--item", "Laptop")
    case = added.stdout.split(" is recovery ")[1].split(",")[0]
    assert shop("campaign", "mute", case).stdout == f"Recovery {case} is muted.\n"
    assert shop("campaign", "unmute", case).stdout == f"Recovery {case} is not muted.\n"
    assert len(rows(shop("campaign", "contacts", case))) == 1
    assert shop("campaign", "mute", "1", check=False).stderr.startswith("Refused (recovery.case_unknown)")


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.toml", "steps = 3", "input.invalid"),
        ("a.toml", "steps = [", "input.invalid"),
        ("a.json", "[]", "input.invalid"),
        ("a.json", b"\xff", "input.invalid"),
    ],
)
def test_a_file_that_is_no_ladder_is_refused(shop, tmp_path, name, text, code):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert shop("ladder", "add", "Bad", str(file), check=False).stderr.startswith(f"Refused ({code})")
