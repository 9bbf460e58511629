"""Refusals say what a right is for and who gives it, and what the whole of a payment is."""

import pytest

from backhaul.domain.identity.model import RIGHTS, Right, Role
from backhaul.web.console.rights import PURPOSES, missing
from tests.web.console.browse import Parsed
from tests.web.console.warehouse.furnish import bench_of, lying

TRACED = ("returns", "wallets", "wallet_fees", "history", "outbox")


@pytest.mark.parametrize("right", list(Right))
@pytest.mark.parametrize("role", [Role.VIEWER, Role.MEMBER, Role.ADMIN, Role.OWNER])
def test_every_right_is_explained_to_whoever_lacks_it(right, role):
    if right in RIGHTS[role]:
        return
    said = missing(right, role=role, organization="Maas Biolabs")
    assert said.startswith(PURPOSES[right])
    assert right.value not in said
    if right in {Right.INSTALLATION_OPERATE, Right.WAREHOUSE_OPERATE}:
        assert said.endswith("is for the operator of this installation alone. Ask whoever runs it.")
    else:
        assert "of Maas Biolabs can give you another role, under Settings, Members." in said


async def test_a_page_without_its_right_says_in_words_what_for_and_whom_to_ask(console):
    answer = await (await console.kept("member")).get("/settings/organization")
    assert answer.status_code == 403
    texts = " ".join(Parsed(answer.text).texts)
    assert (
        "Changing the organization, its letters and its reminders, and reading its audit log is for admins and "
        "owners, and you are a member of Maas Biolabs. An owner or admin of Maas Biolabs can give you another role, "
        "under Settings, Members."
    ) in texts
    assert "The right is called organization.manage" in texts
    assert "/settings/members" not in Parsed(answer.text).links


async def test_who_may_see_the_members_is_led_to_them(console):
    answer = await (await console.kept("admin")).get("/settings/customers")
    assert answer.status_code == 403
    assert "Running this installation is for the operator of this installation alone." in answer.text
    page = Parsed(answer.text)
    assert [given["href"] for given in page.tags("a") if given.get("class") == "button"] == [
        "/settings/members",
        "/",
    ]


async def holding(console, minor):
    """Have so much in the wallet, and no credit."""
    await console.owner.execute(
        "UPDATE wallets SET available_minor = $2, credit_limit_minor = 0 WHERE org_id = $1",
        console.organizations["ours"].id,
        minor,
    )


async def test_who_cannot_pay_for_a_verification_is_told_the_whole_sum_and_where_to_top_up(
    own_console, visitors
):
    bench = await bench_of(own_console, "owner")
    await holding(own_console, 0)
    number = await lying(bench, "UNPAID-1")
    await holding(own_console, 120)
    visits = {name: await visitors(own_console, name) for name in ("owner", "member")}
    before = await own_console.traces(TRACED)
    for name, link, said in (
        ("owner", True, "Top up the wallet"),
        ("member", False, "An owner or admin of Maas Biolabs can top the wallet up."),
    ):
        browse = visits[name]
        await browse.page(f"/returns/{number}")
        refused = await browse.post(f"/returns/{number}/verify")
        assert refused.status_code == 402
        assert "3.50 USD is needed and 1.20 USD can be spent." in refused.text
        assert ("/money#top-up" in Parsed(refused.text).links, said in refused.text) == (link, True)
    assert await own_console.traces(TRACED) == before
