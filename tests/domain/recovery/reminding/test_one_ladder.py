"""A recovery's parcel has one ladder, the campaign's, whatever is switched on at its transfer."""

from backhaul.domain.transfers.operations import mute_reminders
from backhaul.jobqueue import PERIODICS

LETTERS = "SELECT template FROM messages WHERE org_id = $1 AND template LIKE '%reminder' ORDER BY decided_at"


async def test_an_unmuted_transfer_of_a_recovery_is_reminded_by_its_campaign_alone(bell):
    campaign = await bell.campaign(("one", "box_delivered", 3))
    case = await bell.waiting(campaign=campaign)
    [transfer] = await bell.desk.transfers(case)
    unmuted = await mute_reminders(
        bell.db, actor=bell.actor, transfer_id=transfer.id, is_muted=False, now=bell.now
    )
    assert (unmuted.is_muted, unmuted.next_reminder_at is not None) == (False, True)
    await bell.live(days=4)
    await PERIODICS["transfers.remind_due"](bell.world.run)
    async with bell.db.read(bell.world.scope) as reader:
        rows = await reader.fetch(LETTERS, bell.actor.org_id)
    assert [row["template"] for row in rows] == ["recovery/reminder"]
    [passed_over] = await bell.desk.transfers(case)
    assert passed_over.reminders_due == 1
    assert (await bell.world.history(passed_over))[-1] == "reminder_passed_over"
