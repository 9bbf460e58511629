"""An order that may not arrive, or is for a device that is on its way already, is placed only when it is said again."""

import pytest

from tests.web.console.browse import Parsed
from tests.web.console.transfers.test_ordering import count, opened

DOUBTFUL = {"employee_address.state_code": "ZZ"}


def confirmations(page):
    return [given for given in page.tags("input") if given.get("name") == "confirmed"]


@pytest.mark.parametrize("kind", ["employee_address", "organization_address"])
async def test_a_doubtful_address_is_said_beside_its_field_and_needs_a_tick(own_console, visitors, kind):
    browse, fields = await opened(own_console, visitors)
    fields |= {f"{kind}.state_code": "ZZ"}
    before = await count(own_console)
    shown = await browse.post("/transfers/new", {**fields, "do": "review"})
    page = Parsed(shown.text)
    assert shown.status_code == 200
    assert len(confirmations(page)) == 1
    assert f"{kind}.state_code-hint" in page.ids
    answer = await browse.post("/transfers/new", {**fields, "do": "place"})
    page = Parsed(answer.text)
    assert answer.status_code == 422
    assert {f"{kind}.state_code-problem", "confirmed-problem"} <= set(page.ids)
    assert len(confirmations(page)) == 1
    assert await count(own_console) == before
    where = await browse.does("/transfers/new", {**fields, "do": "place", "confirmed": "1"})
    assert where.endswith("?notice=transfers.placed")
    assert await count(own_console) == before + 1


async def test_what_fits_is_placed_without_a_tick(own_console, visitors):
    browse, fields = await opened(own_console, visitors)
    shown = await browse.post("/transfers/new", {**fields, "do": "review"})
    assert confirmations(Parsed(shown.text)) == []
    await browse.does("/transfers/new", {**fields, "do": "place"})


async def test_a_device_that_is_in_a_transfer_already_is_linked_and_needs_a_tick(own_console, visitors):
    browse, fields = await opened(own_console, visitors)
    fields |= {"device_serial_number": "TWICE-1"}
    first = (await browse.does("/transfers/new", {**fields, "do": "place"})).partition("?")[0]
    repeated = await browse.does("/transfers/new", {**fields, "do": "place"})
    assert repeated.partition("?")[0] == first  # the same form leads to what it has placed
    before = await count(own_console)
    browse, again = await opened(own_console, visitors)
    again |= {"device_serial_number": " twice-1 "}
    for wish, code in (("review", 200), ("place", 422)):
        answer = await browse.post("/transfers/new", {**again, "do": wish})
        page = Parsed(answer.text)
        assert answer.status_code == code
        assert first in page.links
        assert len(confirmations(page)) == 1
    assert await count(own_console) == before
    await browse.does("/transfers/new", {**again, "do": "place", "confirmed": "1"})
    assert await count(own_console) == before + 1


async def test_a_transfer_that_is_over_or_another_organizations_is_no_reason_to_ask(own_console, visitors):
    browse, fields = await opened(own_console, visitors)
    fields |= {"device_serial_number": "ONCE-1"}
    await browse.does("/transfers/new", {**fields, "do": "place"})
    stranger, theirs = await opened(own_console, visitors, "stranger")
    await stranger.does("/transfers/new", {**theirs, "device_serial_number": "ONCE-1", "do": "place"})
    await own_console.owner.execute(
        "UPDATE transfers SET status = 'complete' WHERE device_serial_number = 'ONCE-1'"
    )
    browse, again = await opened(own_console, visitors)
    await browse.does("/transfers/new", {**again, "device_serial_number": "ONCE-1", "do": "place"})
