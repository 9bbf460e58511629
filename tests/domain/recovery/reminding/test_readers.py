"""Who is written to, in which words and by whose clock."""

from datetime import date
from zoneinfo import ZoneInfo

from tests.domain.recovery.desk import HOME
from tests.domain.recovery.reminding.bell import DAY

from backhaul.domain.directory import PostalAddress
from backhaul.domain.identity import Right
from backhaul.domain.recovery import Shipping
from backhaul.domain.shipping.model import Leg

LETTERS = """
SELECT template, text, html, reply_to FROM messages
WHERE org_id = $1 AND subject_id = $2 ORDER BY decided_at, id
"""
AFTER_40_DAYS = date(2026, 6, 13)
ESCALATION = {"template": "recovery/escalation"}
BERLIN = PostalAddress(
    line_1="Torstraße 1", city="Berlin", state=None, postal_code="10119", country_code="DE"
)


def to(audience, **more):
    return {"audience": audience, **ESCALATION, **more}


async def letters(bell, case):
    scope = bell.actor.scope(Right.RECOVERY_READ)
    async with bell.db.read(scope) as reader:
        return [row for row in await reader.fetch(LETTERS, scope.org_id, case.id)
                if row["template"] != "recovery/invited"]  # fmt: skip


async def led(bell, **manager):
    boss = await bell.world.make.employee(bell.actor, first_name="Bo", last_name="Boss", **manager)
    person = await bell.world.make.employee(bell.actor, manager_email=boss.email)
    return boss, person


async def test_the_person_their_manager_it_and_hr_each_at_nine_on_their_own_clock(bell):
    boss, person = await led(bell, address=BERLIN)
    campaign = await bell.campaign(
        ("own", "case_opened", 1),
        ("boss", "case_opened", 1, to("manager")),
        ("it", "case_opened", 1, to("it")),
        ("hr", "case_opened", 1, to("hr")),
        rules={"it_email": "it@maas.example", "hr_email": "hr@maas.example"},
    )
    case = await bell.add(campaign=campaign, email=person.email)
    await bell.live(days=3)
    contacts = {c.audience.value: c for c in await bell.contacts(case)}
    assert {name: c.recipient for name, c in contacts.items()} == {
        "employee": person.email, "manager": boss.email, "it": "it@maas.example", "hr": "hr@maas.example",
    }  # fmt: skip
    zones = {"employee": "America/New_York", "manager": "Europe/Berlin", "it": "America/Phoenix"}
    for name, zone in zones.items():
        assert contacts[name].decided_at.astimezone(ZoneInfo(zone)).hour == 9
    assert contacts["hr"].decided_at == contacts["it"].decided_at
    assert all(len(c.message_ids) == 1 for c in contacts.values())


async def test_nobody_known_is_said_and_the_ladder_goes_on(bell):
    campaign = await bell.campaign(
        ("boss", "case_opened", 1, to("manager")),
        ("hr", "case_opened", 1, to("hr")),
        ("it", "case_opened", 2, to("it")),
    )
    case = await bell.add(campaign=campaign)
    await bell.live(days=4)
    told = {(c.step, c.reason and c.reason.value, c.recipient) for c in await bell.contacts(case)}
    assert told == {
        ("boss", "no_manager", None), ("hr", "no_hr", None), ("it", None, campaign.owner_email),
    }  # fmt: skip


async def test_it_is_the_campaigns_help_desk_where_the_ladder_names_nobody(bell):
    campaign = await bell.campaign(("it", "case_opened", 1, to("it")), helpdesk_email="desk@maas.example")
    case = await bell.add(campaign=campaign)
    await bell.live(days=2)
    assert [c.recipient for c in await bell.contacts(case)] == ["desk@maas.example"]
    (letter,) = await letters(bell, case)
    assert letter["reply_to"] == "desk@maas.example"


async def test_only_the_person_gets_the_link_to_their_page(bell):
    boss, person = await led(bell)
    campaign = await bell.campaign(("own", "case_opened", 1), ("boss", "case_opened", 2, to("manager")))
    case = await bell.add(campaign=campaign, email=person.email)
    await bell.live(days=4)
    own, escalation = await letters(bell, case)
    page = bell.pages.person_page
    assert page in own["html"]
    assert page in own["text"]
    assert page not in escalation["html"] + escalation["text"]
    assert "Bo Boss" in escalation["text"]
    assert boss


async def test_a_text_goes_to_the_telephone_in_its_countrys_numbers(bell):
    campaign = await bell.campaign(("own", "case_opened", 1, {"channel": "text"}))
    case = await bell.add(campaign=campaign, phone="412 (555) 0198")
    await bell.live(days=2)
    (message,) = await bell.messages()
    assert (message["channel"], message["recipient"]) == ("text", "+14125550198")
    assert [c.channel.value for c in await bell.contacts(case)] == ["text"]


async def test_a_mail_and_a_text_of_one_moment_are_both_sent(bell):
    campaign = await bell.campaign(
        ("mail", "case_opened", 1), ("text", "case_opened", 1, {"channel": "text"})
    )
    case = await bell.add(campaign=campaign)
    await bell.live(days=2)
    assert sorted(await bell.told(case)) == [("mail", "sent"), ("text", "sent")]


async def test_a_step_has_the_ladders_language_or_its_own(bell):
    campaign = await bell.campaign(
        ("german", "case_opened", 1), ("english", "case_opened", 2, {"locale": "en"}), rules={"locale": "de"}
    )
    case = await bell.add(campaign=campaign)
    await bell.live(days=4)
    assert [c.locale for c in await bell.contacts(case)] == ["de", "en"]


async def test_the_deadline_is_a_day_where_the_person_lives_and_not_before_the_case(bell):
    deadline = bell.now.date() + 10 * DAY
    campaign = await bell.campaign(
        ("far", "deadline", -30, {"template": "recovery/deadline"}),
        ("near", "deadline", -2, {"template": "recovery/deadline"}),
        deadline_on=deadline,
    )
    case = await bell.add(campaign=campaign, address=HOME)
    await bell.live(days=12)
    assert await bell.told(case) == [("far", "before_opening"), ("near", "sent")]
    (message,) = await bell.messages()
    local = message["decided_at"].astimezone(ZoneInfo("America/New_York"))
    assert (local.date(), local.hour) == (deadline - 2 * DAY, 9)


async def test_a_parcel_that_falls_silent_is_asked_about_once_for_each_silence(bell):
    campaign = await bell.campaign(("quiet", "no_scan", 5, {"template": "recovery/silent"}))
    case = await bell.waiting(campaign=campaign)
    await bell.hand_over(case)
    await bell.live(days=3)
    await bell.hand_over(case)  # one more scan: the silence begins anew
    second = bell.now
    await bell.live(days=12)
    await bell.hand_over(case)  # which changes no status, so that nobody is told
    third = bell.now
    await bell.live(days=12)
    contacts = await bell.contacts(case)
    assert [(c.anchor_at, c.outcome.value) for c in contacts] == [(second, "sent"), (third, "sent")]
    assert all((c.decided_at.date() - c.anchor_at.date()).days == 5 for c in contacts)
    await bell.arrive(case)
    await bell.live(days=12)
    assert len(await bell.contacts(case)) == 2


async def test_without_a_box_the_label_is_what_steps_are_counted_from(bell):
    campaign = await bell.campaign(("one", "box_delivered", 2))
    case = await bell.add(
        campaign=campaign, shipping=Shipping.LABEL, callback_url="https://hooks.example/label"
    )
    await bell.live(days=3)
    assert await bell.told(case) == []
    await bell.label((await bell.parcels_of(case))[Leg.DEVICE])
    labelled = bell.now
    await bell.live(days=3)
    (contact,) = await bell.contacts(case)
    assert (contact.anchor_at, contact.outcome.value) == (labelled, "sent")


async def test_a_reminder_says_since_when_the_box_is_there_whatever_it_is_counted_from(bell):
    campaign = await bell.campaign(
        ("month", "case_opened", 30), ("last", "deadline", -1), deadline_on=AFTER_40_DAYS
    )
    case = await bell.add(campaign=campaign)
    await bell.live(days=20)
    await bell.box(case)
    await bell.live(days=30)
    first, second = await letters(bell, case)
    assert "reached you 10 days ago" in flat(first["text"])
    assert "reached you 19 days ago" in flat(second["text"])


async def test_before_a_box_is_there_it_says_since_when_somebody_was_asked(bell):
    case = await bell.add(campaign=await bell.campaign(("week", "case_opened", 7)))
    await bell.live(days=8)
    (letter,) = await letters(bell, case)
    assert "asked you 7 days ago" in flat(letter["text"])


async def test_a_deadline_that_has_passed_is_not_set_again(bell):
    campaign = await bell.campaign(
        ("reminder", "case_opened", 4), ("late", "deadline", 3, {"template": "recovery/deadline"}),
        deadline_on=bell.now.date() + DAY,
    )  # fmt: skip
    case = await bell.add(campaign=campaign)
    await bell.live(days=8)
    assert await bell.told(case) == [("reminder", "missed"), ("late", "sent")]
    case = await bell.add(campaign=campaign)
    await bell.live(days=8)
    (letter,) = await letters(bell, case)
    assert "within the next three days" in flat(letter["text"])
    assert "by Tuesday, 5 May" not in flat(letter["text"])


def flat(text):
    return " ".join(text.split())
