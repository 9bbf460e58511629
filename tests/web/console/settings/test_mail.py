"""The simulators' mail and text messages, read by the operator alone."""

from backhaul.domain.notify import Text, Texter
from backhaul.web.console.settings.frames import POLICY
from tests.web.console.transfers.furnish import world_of

PATH = "/settings/mail"


async def test_the_operator_reads_what_would_have_been_sent(own_console, visitors):
    world = world_of(own_console, "owner")
    await world.settle()
    await world.ports[Texter].send(
        Text(
            message_id="<019a0000-0000-7000-8000-000000000001@backhaul.invalid>",
            to="+14155550198",
            words="Please <send> it back",
            dated=own_console.clock.now(),
        )
    )
    browse = await visitors(own_console, "operator")
    listed = await browse.page(PATH)
    links = [link for link in listed.links if link.startswith(f"{PATH}/") and link.endswith(".eml")]
    assert len(links) >= 2
    mail = await browse.page(links[0])
    assert [frame["src"] for frame in mail.tags("iframe")] == [f"{links[0]}/frame"]
    framed = await browse.get(f"{links[0]}/frame")
    assert framed.headers["content-security-policy"] == POLICY
    texts = await browse.page(f"{PATH}/texts")
    [link] = [link for link in texts.links if link.endswith(".txt")]
    assert "Please <send> it back" in (await browse.page(link)).texts
    older = await browse.page(f"{PATH}?before={links[-1].rpartition('/')[2]}")
    assert links[0] not in older.links
    for name in ("..%2F..%2Fdemo-credentials.json", "nothing.eml", ".hidden.eml", "x" * 300):
        assert (await browse.get(f"{PATH}/{name}")).status_code == 404
    owner = await visitors(own_console, "owner")
    for path in (PATH, links[0], f"{links[0]}/frame", link):
        assert (await owner.get(path)).status_code == 403
