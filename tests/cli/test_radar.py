"""backhaul radar …: what an installation that just began shows, and how it refuses."""


def test_an_empty_radar_lists_nothing_and_knows_no_number(installation):
    def run(*arguments, **options):
        return installation.run("radar", *arguments, "--org", "harbour", **options)

    installation.run("org", "create", "Harbour")
    listed = run("list").stdout.splitlines()
    assert [line.split("\t") for line in listed] == [
        ["kind", "leg", "tracking", "since", "due", "state", "owner", "to do", "number"]
    ]
    for command in (["show", "7"], ["acknowledge", "7"], ["assign", "7", "nobody@example.com"]):
        refused = run(*command, check=False)
        assert refused.returncode == 1
        known = "radar.exception_unknown" if command[0] != "assign" else "input.invalid"
        assert f"Refused ({known})" in refused.stderr
    wrong = run("list", "--kind", "nonsense", check=False)
    assert wrong.returncode == 2
