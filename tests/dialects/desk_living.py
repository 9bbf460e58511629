"""What people at a desk keep in the console: a saved view, and an invitation nobody has answered."""

from backhaul.domain.identity import Role
from backhaul.domain.invitations import invite
from backhaul.domain.saved_views import ViewedList, save_view


async def keep_desk(made, caller):
    """Save the filters of a list, and ask somebody to join."""
    actor, now = made.actors[caller], made.clock.now()
    await save_view(
        made.db,
        actor=actor,
        viewed=ViewedList.TRANSFERS,
        name="Open",
        query="status=open",
        is_shared=True,
        now=now,
    )
    page = "https://backhaul.test/invitation/"
    await invite(
        made.db, actor=actor, email=f"asked.by.{caller}@example.com", role=Role.VIEWER, page=page, now=now
    )
