"""Cases of all campaigns: filtered by the URL, given out as a file."""


async def test_cases_are_listed_and_filtered_by_the_url(console, browse):
    page = await browse.page("/cases")
    assert {"Kit Marlowe", "John Keeper", "Spring refresh", "Kept by the person"} <= set(page.texts)
    for query, is_there in (
        ("stage=box", True), ("stage=ended", False), ("q=marlowe", True), ("q=keeper", False), ("open=1", True),
        ("overdue=1", False), ("country=DE", False), ("contact=none", True), ("claimed=1", False),
        ("muted=1", False), ("stage=nonsense&country=nowhere&before=x", True), ("before=1", False),
    ):  # fmt: skip
        found = await browse.page(f"/cases?{query}")
        assert ("Kit Marlowe" in found.texts) is is_there, query
    assert "No case fits" in (await browse.page("/cases?q=nobody")).texts


async def test_the_list_of_others_has_none_of_ours(console, visitors):
    stranger = await console.kept("stranger")
    page = await stranger.page("/cases?q=kit@")
    assert "kit@theirs.example" in page.texts
    assert "kit@ours.example" not in page.texts
    nothing = await console.kept("free")
    assert "No cases yet" in (await nothing.page("/cases")).texts


async def test_the_file_has_the_same_cases(console, browse):
    answer = await browse.get("/cases/export?q=marlowe")
    header, row = answer.text.splitlines()
    assert answer.headers["content-disposition"] == 'attachment; filename="cases.csv"'
    assert header.startswith("case,code,campaign,first_name")
    assert row.startswith(
        f"{console.ids['ours']['case']},{console.ids['ours']['code']},Spring refresh,Kit,Marlowe,"
    )
