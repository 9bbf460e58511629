"""What keys and clients may do is said in words, with the code that programs use beside it."""

from backhaul.domain.identity import create_api_key
from backhaul.domain.identity.clients import SCOPES, add_client
from backhaul.domain.identity.model import RIGHTS, Right, Role
from backhaul.web.console.settings.scopes import OF_CLIENTS, OF_KEYS, WITHOUT_EFFECT


def test_everything_has_words_of_its_own():
    assert set(OF_KEYS) == set(Right)
    assert set(OF_CLIENTS) | set(WITHOUT_EFFECT) == set(SCOPES)
    assert set(OF_CLIENTS) & set(WITHOUT_EFFECT) == set()
    for words in (OF_KEYS, OF_CLIENTS | WITHOUT_EFFECT):
        assert len(set(words.values())) == len(words)


def test_what_opens_something_is_not_among_what_has_no_effect():
    assert {name for name in WITHOUT_EFFECT if SCOPES[name]} == set()


async def test_keys_say_what_they_may_do(bare_console, visitors):
    scopes = [Right.TRANSFERS_READ, Right.BILLING_WRITE]
    await create_api_key(
        bare_console.db,
        actor=bare_console.actors["owner"],
        name="x",
        scopes=scopes,
        now=bare_console.clock.now(),
    )
    page = await (await visitors(bare_console, "owner")).page("/settings/keys")
    assert {"See transfers", "Top up and pay", "2 rights"} <= set(page.texts)
    assert {"transfers.read", "billing.write"} == {
        one["title"] for one in page.tags("span") if "title" in one
    }
    offered = {f"{OF_KEYS[right]} ({right.value})" for right in RIGHTS[Role.OWNER]}
    assert offered <= set(page.texts)
    assert "Run the installation (installation.operate)" not in page.texts


async def test_clients_say_what_they_may_do(bare_console, visitors):
    await add_client(
        bare_console.db,
        actor=bare_console.actors["owner"],
        name="x",
        scopes=["returns", "classify"],
        most=9,
        now=bare_console.clock.now(),
    )
    page = await (await visitors(bare_console, "owner")).page("/settings/clients")
    assert {"Returns and reshipments", "Classify goods", "2 scopes"} <= set(page.texts)
    assert {"returns", "classify"} == {one["title"] for one in page.tags("span") if "title" in one}
    assert {f"{text} ({name})" for name, text in (OF_CLIENTS | WITHOUT_EFFECT).items()} <= set(page.texts)
