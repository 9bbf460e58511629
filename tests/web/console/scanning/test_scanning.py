"""One box, and a code leads straight to what it is."""


async def test_a_code_that_is_one_thing_leads_straight_to_it(console, browse):
    ids = console.ids["ours"]
    for code, path in (
        ("ours-laptop", f"/assets/{ids['asset']}"),
        ("356938035643809", f"/assets/{ids['asset_in_stock']}"),
        ("ADA@ours.example", f"/people/{ids['person']}"),
    ):
        answer = await browse.get(f"/scan?q={code}")
        assert (answer.status_code, answer.headers["location"]) == (303, path), code


async def test_a_part_of_a_code_shows_what_may_be_meant(console, browse):
    page = await browse.page("/scan?q=ours-")
    assert {f"/assets/{console.ids['ours'][one]}" for one in ("asset", "asset_in_stock")} <= set(page.links)
    assert "Nothing has exactly this code. Did you mean:" in page.texts


async def test_what_is_nothing_or_another_organizations_is_not_found(console, browse):
    for code in ("theirs-LAPTOP", "ada@theirs.example", "<script>alert(1)</script>"):
        answer = await browse.get("/scan", q=code)
        page = await browse.page(f"/scan?q={code}")
        assert answer.status_code == 200
        assert not any(
            link.startswith(("/assets/", "/people/")) for link in page.links if "export" not in link
        )
        assert f"Nothing has the code {code}" in page.texts


async def test_the_empty_box_asks_for_a_code(browse):
    page = await browse.page("/scan")
    assert [given["name"] for given in page.tags("input") if "data-scan" in given] == ["q"]
