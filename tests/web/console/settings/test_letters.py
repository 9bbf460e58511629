"""Letters in the browser: what they say in each language, in a frame that runs nothing, and a copy to oneself."""

from backhaul.web.console.settings.frames import POLICY

PATH = "/settings/letters"


async def test_a_letter_is_read_in_both_languages_and_both_ways(browse):
    listed = await browse.page(PATH)
    assert f"{PATH}/recovery/reminder" in listed.links
    english = await browse.page(f"{PATH}/recovery/reminder")
    assert "Reminder" in english.texts
    [frame] = english.tags("iframe")
    assert frame["sandbox"] is None
    assert frame["src"] == f"{PATH}/recovery/reminder/frame?locale=en"
    german = await browse.get(f"{PATH}/recovery/reminder?locale=de&channel=text")
    assert "<iframe" not in german.text
    assert "Maas Biolabs" in german.text
    framed = await browse.get(f"{PATH}/recovery/reminder/frame?locale=de")
    assert framed.headers["content-security-policy"] == POLICY
    assert framed.headers["x-frame-options"] == "SAMEORIGIN"
    assert 'lang="de"' in framed.text
    for unknown in ("recovery/nothing", "a/b", "transfers/closing"):
        assert (await browse.get(f"{PATH}/{unknown}")).status_code == 404


async def test_a_test_goes_to_oneself_and_to_nobody_else(own_console, visitors):
    browse = await visitors(own_console, "admin")
    await browse.page(f"{PATH}/transfers/placed")
    await browse.does(f"{PATH}/transfers/placed/test", {"to": "victim@example.com"})
    found = await own_console.owner.fetch(
        "SELECT recipient FROM messages WHERE subject LIKE '[[]Test]%' OR key LIKE 'test:%'"
    )
    assert [row["recipient"] for row in found] == [own_console.emails["admin"]]
    refused = await browse.post(f"{PATH}/recovery/reminder/test?channel=text", {"phone": "123"})
    assert refused.status_code in (409, 422)
