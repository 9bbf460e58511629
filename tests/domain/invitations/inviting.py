"""Invitations as tests send and look at them."""

import re

from backhaul.domain import invitations
from backhaul.domain.identity import Role, operator_actor
from backhaul.storage import relay

PASSWORD = "correct horse battery"
PAGE = "https://backhaul.test/invitation/"
LINK = re.compile(re.escape(PAGE) + r"([A-Za-z0-9_-]{43})")
COUNTED = ("invitations", "users", "memberships", "history", "outbox")


async def invited(cast, actor, email="new@example.com", *, role=Role.MEMBER):
    """Send an invitation, and return it with the token in its letter."""
    sent = await invitations.invite(
        cast.db, actor=actor, email=email, role=role, page=PAGE, now=cast.clock.now()
    )
    text = await cast.owner.fetchval("SELECT text FROM messages WHERE subject_id = $1", sent.id)
    return sent, LINK.search(text)[1]


async def joins(cast, token):
    """Follow a link as somebody who has no account yet."""
    return await invitations.accept_as_new(
        cast.db, token=token, name="Grace", password=PASSWORD, now=cast.clock.now()
    )


async def enters(cast, token, user_id):
    """Follow a link as somebody who is signed in; None: who is not."""
    return await invitations.accept_as_account(cast.db, token=token, user_id=user_id, now=cast.clock.now())


async def is_open(cast, token):
    found = await invitations.find_by_token(cast.db, token=token)
    return found.is_open(cast.clock.now())


async def listed(cast, organization):
    """Open invitations by address: whether they can still be given, and by whom they were."""
    found = await invitations.list_open_invitations(cast.db, actor=operator_actor(organization))
    return {one.invitation.email: (one.is_given, one.inviter_name, one.inviter_role) for one in found}


async def settle(cast):
    """Have everything told that has happened."""
    while await relay.relay_waiting(cast.db, ports={}, clock=cast.clock):
        pass


async def counts(cast):
    return {name: await cast.owner.fetchval(f"SELECT count(*) FROM {name}") for name in COUNTED}
