"""Two organizations' recoveries: a person who has said all there is to say, and one who waits."""

from datetime import time, timedelta

from backhaul.domain.directory import PostalAddress
from backhaul.domain.identity import operator_actor, set_default_address
from backhaul.domain.ladders import Anchor, Step, create_ladder
from backhaul.domain.ladders import Policy as LadderPolicy
from backhaul.domain.recovery import NewCampaign, NewCase, NewItem, add_case, create_campaign, person
from backhaul.domain.recovery.person.agreement import handover_text, text_hash
from tests.making import OFFICE

HOME = PostalAddress(line_1="1 Road", city="Pittsburgh", state="PA", postal_code="15238", country_code="US")


async def keep_recovering(made, caller):
    """Begin a campaign with one person in it; in another one somebody waits for it to start, whatever happens here."""
    actor, now = made.actors[caller], made.clock.now()
    operator = operator_actor(made.organizations["ours" if caller == "owner" else "theirs"])
    await set_default_address(made.db, actor=operator, address=OFFICE, now=now)
    at_once = Step(name="at once", anchor=Anchor.CASE_OPENED, offset_days=0, at=time(0))
    ladder = await create_ladder(
        made.db, actor=actor, name="Ours", policy=LadderPolicy(steps=(at_once,)), now=now
    )
    new = NewCampaign(name="The same name", ladder=ladder.name)
    campaign = await create_campaign(made.db, actor=actor, new=new, now=now)
    person_asked = NewCase(
        email="somebody@example.com",
        first_name="John",
        last_name="Doe",
        phone="4125550198",
        address=HOME,
        items=(NewItem(name="Laptop"),),
    )
    number = campaign.public_number
    case = await add_case(made.db, actor=actor, campaign_number=number, new=person_asked, now=now)
    known = {"campaign": number, "recovery": case.public_number, "recovery_code": case.code}
    await _visit(made, caller, case)
    later = NewCampaign(name="Later", starts_on=now.date() + timedelta(days=300))
    waiting = await create_campaign(made.db, actor=actor, new=later, now=now)
    await add_case(made.db, actor=actor, campaign_number=waiting.public_number, new=person_asked, now=now)
    made.ids |= {f"{name} of {caller}": value for name, value in known.items()}


async def _visit(made, caller, case):
    """Let the person follow their link, and say all there is to say."""
    now, pages = made.clock.now(), person.Pages(person_page="")
    token = await person.make_link(made.db, actor=made.actors[caller], case=case.code, pages=pages, now=now)
    linked = await person.follow(made.db, token=token, now=now)
    await person.correct_address(made.db, linked=linked, address=HOME, is_certain=False, now=now)
    page = await person.look(made.db, linked=linked, now=now)
    await person.sign(
        made.db,
        linked=linked,
        full_name="John Doe",
        has_agreed=True,
        shown_sha256=text_hash(handover_text(page, on=now.date())).hex(),
        client=None,
        now=now,
    )
    await person.claim_item(
        made.db, linked=linked, position=1, reason=person.GoneReason.LOST, note=None, now=now
    )
    await person.withdraw_claim(made.db, linked=linked, position=1, now=now)
