"""OAuth clients in the browser: the secret is shown once, and nobody touches another organization's."""

import re

from backhaul.domain.identity.clients import list_clients

PATH = "/settings/clients"
SECRET = re.compile(r"bhc_[A-Za-z0-9_-]{43}")


async def test_a_client_is_made_given_another_secret_and_disabled(own_console, visitors):
    browse = await visitors(own_console, "owner")
    await browse.page(PATH)
    fields = {
        "name": "Depot",
        "scopes": ["returns", "billing"],
        "redirect_uris": "https://depot.example/back",
    }
    made = await browse.post(PATH, fields)
    first = SECRET.search(made.text)[0]
    assert made.status_code == 200
    assert SECRET.search((await browse.get(PATH)).text) is None
    [client, _] = await list_clients(own_console.db, actor=own_console.actors["owner"])
    assert (client.name, client.scopes) == ("Depot", ("returns", "billing"))
    rotated = await browse.post(f"{PATH}/{client.client_id}/rotate")
    assert SECRET.search(rotated.text)[0] != first
    where = await browse.does(f"{PATH}/{client.client_id}/disable")
    assert "Disabled" in (await browse.page(where)).texts
    ended = await browse.post(f"{PATH}/{client.client_id}/rotate")
    assert ended.status_code == 409
    assert re.search(r"already disabled at \d{4}-\d\d-\d\d \d\d:\d\d UTC\. Add", ended.text)
    theirs = own_console.ids["theirs"]["client"]
    for action in ("rotate", "disable"):
        assert (await browse.post(f"{PATH}/{theirs}/{action}")).status_code == 404


async def test_what_is_wrong_stands_beside_its_field_and_values_are_kept(console):
    browse = await console.kept("owner")
    page = await browse.page(PATH)
    assert {"Payroll", "never", "1 scope"} <= set(page.texts)
    refused = await browse.post(PATH, {"name": "Kept <b>", "redirect_uris": "http://insecure.example"})
    assert refused.status_code == 422
    assert "Kept &lt;b&gt;" in refused.text
    assert 'id="redirect_uris-problem"' in refused.text
    unscoped = await browse.post(PATH, {"name": "x"})
    assert (unscoped.status_code, 'id="scopes-problem"' in unscoped.text) == (422, True)
    free = await console.kept("free")
    assert "The API belongs to the Enterprise plan" in (await free.page(PATH)).texts
    assert (await free.post(PATH, {"name": "x", "scopes": "returns"})).status_code == 403
