"""The search over everything: one exact hit is opened, everything else is shown by kind, as far as it may be seen."""

import pytest

from backhaul.domain.finding import HitKind, search


async def test_one_exact_hit_is_opened_at_once(console, browse):
    ids = console.ids["ours"]
    for text, path in (
        (" ours-laptop ", f"/assets/{ids['asset']}"),
        ("356938035643809", f"/assets/{ids['asset_in_stock']}"),
        ("ADA@ours.example", f"/people/{ids['person']}"),
        (ids["transfer"], f"/transfers/{ids['transfer']}"),
    ):
        answer = await browse.get(f"/search?q={text}")
        assert (answer.status_code, answer.headers.get("location")) == (303, path), text


async def test_what_begins_so_is_shown_by_kind(console, browse):
    page = await browse.page("/search?q=lovel")
    assert "People" in page.texts
    assert "Ada Lovelace" in page.texts
    assert f"/people/{console.ids['ours']['person']}" in page.links
    page = await browse.page("/search?q=ours-")
    assert "Assets" in page.texts
    assert {f"/assets/{console.ids['ours'][name]}" for name in ("asset", "asset_in_stock")} <= set(page.links)
    page = await browse.page("/search?q=help-ours")
    assert f"/transfers/{console.ids['ours']['transfer']}" in page.links


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Search everything"),
        ("a", "That is too short"),
        ("nothing-has-this", "Nothing was found for “nothing-has-this”"),
        ("%", "That is too short"),
        ("%%%", "Nothing was found for “%%%”"),
        ("___", "Nothing was found for “___”"),
        ("a%00b", "Nothing was found for “a\0b”"),
    ],
)
async def test_an_empty_answer_says_what_to_do(browse, text, said):
    page = await browse.page(
        f"/search?q={text.replace('%0', '%0') if '%00' in text else text.replace('%', '%25')}"
    )
    assert any(said.replace("\0", "") in one.replace("\0", "").replace("\ufffd", "") for one in page.texts)


async def test_nothing_of_another_organization_is_found(console, browse):
    for text in ("theirs-laptop", "ada@theirs.example", "help-theirs", console.ids["theirs"]["transfer"]):
        page = await browse.page(f"/search?q={text}")
        assert not any(
            "THEIRS" in one or "theirs.example" in one for one in page.texts if "Nothing" not in one
        )
        assert any(one.startswith("Nothing was found") for one in page.texts)


async def test_only_kinds_that_the_caller_may_see_are_found(console):
    owner = console.actors["owner"]
    found = await search(console.db, actor=owner, text="ada")
    assert HitKind.PERSON in {group.kind for group in found}
    for group in found:
        assert len(group.hits) <= 8


async def test_a_search_is_one_statement(console, browse):
    _, sent = await browse.statements("/search?q=lovel")
    assert len(sent) == 2  # the session's, and the search's own
