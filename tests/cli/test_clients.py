"""backhaul client …: from adding one to its end."""


def test_a_client_from_adding_to_disabling(installation):
    def run(*arguments, **options):
        return installation.run(*arguments, **options)

    run("org", "create", "Clients")
    run("user", "add", "owner@clients.example", "--org", "clients", "--role", "owner", "--name", "Owner")

    def add(name, *more, **options):
        given = ("--org", "clients", "--user", "owner@clients.example", "--name", name)
        return run("client", "add", *given, "--scope", "returns", *more, **options)

    shown = dict(
        line.split() for line in add("Shop", "--redirect", "https://shop.example/").stdout.splitlines()
    )
    assert list(shown) == ["client_id", "client_secret"]
    add("Second")
    third = add("Third", check=False)
    assert third.returncode == 1
    assert "identity.too_many_clients" in third.stderr
    listed = run("client", "list", "--org", "clients").stdout
    assert shown["client_id"] in listed
    assert "https://shop.example/" in listed
    assert shown["client_secret"] not in listed
    rotated = run("client", "rotate", "--org", "clients", shown["client_id"]).stdout.split()
    assert rotated[0] == "client_secret"
    assert rotated[1] != shown["client_secret"]
    ended = run("client", "disable", "--org", "clients", shown["client_id"]).stdout
    assert ended == f"Shop ({shown['client_id']}) is disabled.\n"
    refused = add("Bad", "--redirect", "http://shop.example/", check=False)
    assert "redirect_uris[0] must begin with https://" in refused.stderr
    keys = run("client", "rotate-keys", "--end-tokens").stdout.splitlines()
    assert keys[0].startswith("Clients' tokens are signed with the key ")
    assert keys[1] == "Every client has to ask for a new token."
