"""backhaul campaign link, revoke-links, and what a person said."""

import httpx2
import pytest

from tests.cli.conftest import wait_until_ready

STREET = (
    "--line-1",
    "1 Loop",
    "--city",
    "Cupertino",
    "--state",
    "CA",
    "--postal-code",
    "95014",
    "--country",
    "US",
)


@pytest.fixture(scope="module")
def campaign(installation):
    """Runs commands of an organization with a campaign and one person in it, who chooses; and their code."""
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

    number = (
        run("create", "Spring", "--owner", "gavin@hooli.example")
        .stdout.split(" is campaign ")[1]
        .split(" ")[0]
    )
    added = run("add", number, "--email", "big@hooli.example", "--item", "Laptop", "--shipping", "ask")
    return run, added.stdout.split(", code ")[1].removesuffix(".\n")


def test_a_link_leads_to_the_page_until_it_is_revoked(installation, campaign, port):
    run, code = campaign
    base = f"http://127.0.0.1:{port}"
    url = run("link", code, BACKHAUL_HTTP__BASE_URL=base).stdout.strip()
    assert url.startswith(f"{base}/return/")
    assert run("link", code, "--port", "4711").stdout.startswith("http://127.0.0.1:4711/return/")
    serving = installation.start("serve", "--port", str(port))
    wait_until_ready(port, serving)
    assert "Laptop" in httpx2.get(url).text
    told = httpx2.post(f"{url}/gone", data={"item": "1", "reason": "lost", "note": "In the train"})
    assert told.status_code == 303
    assert "item 1, the person says lost: In the train (" in run("person", code).stdout
    assert run("revoke-links", code).stdout == f"2 links of recovery {code} were revoked.\n"
    assert httpx2.get(url).status_code == 404
    assert installation.stop(serving) == 0
    assert url.rsplit("/", 1)[1] not in serving.log.read_text()


def test_a_recovery_that_is_none_has_no_link(campaign):
    run, _ = campaign
    refused = run("link", "RC0000000000", check=False)
    assert (refused.returncode, refused.stderr.split(":")[0]) == (1, "Refused (recovery.case_unknown)")
