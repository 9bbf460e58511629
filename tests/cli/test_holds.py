"""backhaul hold …: from placing a hold to the operator who cannot release it alone."""

PLACE = ("--line-1", "1 Way", "--city", "Reno", "--postal-code", "89501")


def a_recovery(installation):
    """Return the code and the id of a recovery of the organization `court`."""
    at_court = ("--org", "court")
    installation.run("user", "add", "clerk@court.example", *at_court, "--role", "member", "--name", "Clerk")
    office = ("--name", "Court", *PLACE, "--state-code", "NV", "--country-code", "US")
    installation.run("org", "address", "court", *office)
    person = ("--first-name", "Ada", "--last-name", "Byron", "--phone", "4155550198")
    installation.run(
        "employee", "add", "ada@court.example", *person, *PLACE, "--state", "NV", "--country", "US", *at_court
    )
    made = installation.run("campaign", "create", "Spring", "--owner", "clerk@court.example", *at_court)
    number = made.stdout.split(" is campaign ")[1].split(" ")[0]
    someone = ("--email", "ada@court.example", "--item", "Laptop")
    added = installation.run("campaign", "add", number, *someone, *at_court).stdout
    code = added.split(", code ")[1].removesuffix(".\n")
    return code, added.split(" is recovery ")[1].split(",")[0]


def test_a_hold_from_placing_to_the_second_person(installation):
    def run(*arguments, **options):
        return installation.run(*arguments, "--org", "court", **options)

    installation.run("org", "create", "Court")
    why = ("--summary", "Smith v. Court", "--description", "Keep everything.")
    run("asset", "add", "SN-1", "--type", "Laptop", "--name", "Book 13", "--manufacturer", "Apple")
    unknown = run("hold", "place", *why, "--asset", "SN-2", check=False)
    assert unknown.returncode == 1
    assert "must be the serial number of an asset in the inventory" in unknown.stderr
    code, recovery_id = a_recovery(installation)
    mistyped = run("hold", "place", *why, "--case", code[:-1] + "U", check=False)
    assert (mistyped.returncode, mistyped.stderr.split(":")[0]) == (1, "Refused (recovery.case_unknown)")
    assert len(run("hold", "list").stdout.splitlines()) == 1
    placed = run("hold", "place", *why, "--asset", "sn-1", "--case", code).stdout
    number = placed.split()[0]
    assert placed == f"{number}  LH-{number}: Smith v. Court\n"
    assert "Legal Hold" in run("asset", "show", "SN-1").stdout
    listed = run("hold", "list").stdout.splitlines()
    assert listed[0].split("\t") == ["status", "held", "placed", "summary", "number"]
    assert [listed[1].split("\t")[column] for column in (0, 1, 3, 4)] == [
        "active",
        "2",
        "Smith v. Court",
        number,
    ]
    settled = ("--summary", "Settled", "--description", "Over.")
    asked = run("hold", "request-release", number, *settled).stdout
    release = asked.split()[0]
    assert asked == f"{release}  LR-{release} waits for another person's approval.\n"
    assert "was asked for before" in run("hold", "request-release", number, *settled).stdout
    refused = run("hold", "approve", release, check=False)
    assert refused.returncode == 1
    assert "holds.second_person_needed" in refused.stderr
    shown = run("hold", "show", number).stdout
    assert "SN-1" in shown
    assert recovery_id in shown
    assert f"waits for another person: backhaul hold approve {release}" in shown
    nobody = run("hold", "refuse", release, "--reason", "Open.", check=False)
    assert (nobody.returncode, "holds.second_person_needed" in nobody.stderr) == (1, True)
    assert run("hold", "withdraw", release, "--reason", "In error.").stdout == f"LR-{release} is withdrawn.\n"
    assert f"LR-{release}  asked for" in run("hold", "show", number).stdout
    assert "by operator: In error." in run("hold", "show", number).stdout
