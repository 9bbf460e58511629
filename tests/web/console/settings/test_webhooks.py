"""Webhooks in the browser: endpoints, their secrets, deliveries with attempts, callbacks, all sent again on request."""

import re

from backhaul.domain import webhooks

PATH = "/settings/webhooks"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")


async def test_an_endpoint_is_added_tested_switched_and_removed(own_console, visitors):
    browse = await visitors(own_console, "owner")
    await browse.page(PATH)
    fields = {"url": "https://new.example/hook", "version": "device_transfers", "topic": ""}
    added = await browse.post(PATH, fields)
    secret = SECRET.search(added.text)[0]
    assert SECRET.search((await browse.get(PATH)).text) is None
    endpoint = next(
        one
        for one in await webhooks.list_endpoints(own_console.db, actor=own_console.actors["owner"])
        if one.url == fields["url"]
    )
    here = f"{PATH}/{endpoint.id}"
    rotated = await browse.post(f"{here}/rotate")
    assert SECRET.search(rotated.text)[0] != secret
    where = await browse.does(f"{here}/test")
    page = await browse.page(where)
    assert "A test event is on its way." in page.texts
    assert "On its way" in page.texts
    off = await browse.does(f"{here}/off")
    page = await browse.page(off)
    assert f"{here}/on" in page.posts
    assert "Undo" in page.texts
    assert (await browse.post(f"{here}/test")).status_code == 409
    await browse.does(f"{here}/on")
    refused = await browse.post(f"{here}/url", {"url": "http://10.0.0.1/inside"})
    assert (refused.status_code, 'id="url-problem"' in refused.text) == (422, True)
    await browse.does(f"{here}/url", {"url": "https://other.example/hook"})
    assert await browse.does(f"{here}/remove") == f"{PATH}?notice=webhooks.removed"
    assert "https://other.example/hook" not in (await browse.get(PATH)).text


async def test_wrong_endpoints_are_refused_with_their_values_kept(console):
    browse = await console.kept("owner")
    await browse.page(PATH)
    ours = {"url": "ftp://x", "version": "device_transfers", "topic": ""}
    refused = await browse.post(PATH, ours)
    assert (refused.status_code, 'value="ftp://x"' in refused.text) == (422, True)
    topic = await browse.post(PATH, {**ours, "url": "https://x.example", "topic": "return.status"})
    assert (topic.status_code, 'id="topic-problem"' in topic.text) == (422, True)
    ids = console.ids["theirs"]
    for path in (f"{PATH}/{ids['endpoint']}/off", f"{PATH}/deliveries/{ids['delivery']}/replay"):
        assert (await browse.post(path)).status_code == 404
    free = await console.kept("free")
    assert "Webhooks belong to the Enterprise plan" in (await free.page(PATH)).texts
    assert (await free.post(PATH, {**ours, "url": "https://x.example"})).status_code == 403


async def test_deliveries_and_callbacks_are_looked_at_and_sent_again(own_console, visitors):
    browse = await visitors(own_console, "owner")
    ids = own_console.ids["ours"]
    page = await browse.page(f"{PATH}/deliveries/{ids['delivery']}")
    assert '"a": "ü"' in " ".join(page.texts)
    callbacks = await browse.page(f"{PATH}/callbacks")
    assert f"{PATH}/deliveries/{ids['callback']}" in callbacks.links
    assert f"{PATH}/deliveries/{ids['delivery']}" not in callbacks.links
    await own_console.owner.execute(
        "UPDATE webhook_deliveries SET status = 'exhausted', next_attempt_at = NULL, ended_at = now() WHERE id = $1",
        ids["callback"],
    )
    assert (
        f"{PATH}/deliveries/{ids['callback']}"
        in (await browse.page(f"{PATH}/callbacks?status=exhausted")).links
    )
    assert (
        f"{PATH}/deliveries/{ids['callback']}"
        not in (await browse.page(f"{PATH}/callbacks?status=pending")).links
    )
    fields = {"ids": [ids["callback"], own_console.ids["theirs"]["delivery"]], "back": f"{PATH}/callbacks"}
    answer = await browse.post(f"{PATH}/deliveries/replay", fields)
    assert (answer.status_code, "1 delivery refused" in answer.text) == (200, True)
    again = await webhooks.get_delivery(
        own_console.db, actor=own_console.actors["owner"], delivery_id=ids["callback"]
    )
    assert again.delivery.status is webhooks.DeliveryStatus.PENDING
    await browse.page(f"{PATH}/callbacks")
    shown = SECRET.search((await browse.post(f"{PATH}/callbacks/secret")).text)[0]
    assert SECRET.search((await browse.post(f"{PATH}/callbacks/rotate")).text)[0] != shown
    assert await own_console.owner.fetchval("SELECT count(*) FROM history WHERE action = 'shown'") == 1
    assert (await browse.post(f"{PATH}/deliveries/replay")).status_code == 422
