"""backhaul hold …: from placing a hold to the operator who cannot release it alone."""


def test_a_hold_from_placing_to_the_second_person(installation):
    def run(*arguments, **options):
        return installation.run(*arguments, "--org", "court", **options)

    installation.run("org", "create", "Court")
    why = ("--summary", "Smith v. Court", "--description", "Keep everything.")
    run("asset", "add", "SN-1", "--type", "Laptop", "--name", "Book 13", "--manufacturer", "Apple")
    unknown = run("hold", "place", *why, "--asset", "SN-2", check=False)
    assert unknown.returncode == 1
    assert "must be the serial number of an asset in the inventory" in unknown.stderr
    placed = run("hold", "place", *why, "--asset", "sn-1", "--case", "17778880001").stdout
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
    assert "17778880001" in shown
    assert f"waits for another person: backhaul hold approve {release}" in shown
    nobody = run("hold", "refuse", release, "--reason", "Open.", check=False)
    assert (nobody.returncode, "holds.second_person_needed" in nobody.stderr) == (1, True)
    assert run("hold", "withdraw", release, "--reason", "In error.").stdout == f"LR-{release} is withdrawn.\n"
    assert f"LR-{release}  asked for" in run("hold", "show", number).stdout
    assert "by operator: In error." in run("hold", "show", number).stdout
