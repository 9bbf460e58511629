"""Who belongs to the organization, as what, and who was asked to join."""

from datetime import datetime

from litestar.response.base import ASGIResponse

from backhaul.domain import invitations
from backhaul.domain.identity import Right, Role, find_members, list_members, remove_member, set_role
from backhaul.domain.identity.errors import MemberUnknown
from backhaul.domain.identity.model import OPERATOR_ORG_ID, RIGHTS
from backhaul.domain.invitations import InvitationId, InvitationUnknown, ListedInvitation
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import UserId
from backhaul.web.console import notices
from backhaul.web.console.cursors import uuid_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.paging import PAGE
from backhaul.web.console.paths import with_query
from backhaul.web.console.visiting import Installed, Visit

PATH = "/settings/members"
ROLES: dict[Role, tuple[str, str]] = {
    Role.OWNER: ("Owner", "Everything, and makes owners. An organization keeps at least one."),
    Role.ADMIN: ("Admin", "Everything but making owners: money, keys, members, settings."),
    Role.MEMBER: ("Member", "Orders and changes transfers, people and devices."),
    Role.VIEWER: ("Viewer", "Sees everything of the daily work and changes nothing."),
    Role.OPERATOR: ("Operator", "Runs this installation and its warehouse. At least one is kept."),
}

notices.declare(
    {
        "members.invited": "The invitation is sent. Its link works once, for seven days.",
        "members.withdrawn": "The invitation is withdrawn: its link does nothing any more.",
        "members.role_set": "The role is changed. It counts at once, everywhere.",
        "members.removed": "The membership is ended, with the member's keys and clients here.",
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """List members, a page by address or those that a text finds, and open invitations."""
    text, after = _asked(visit, "q"), _asked(visit, "after")
    if text is None:
        read = await list_members(visit.db, actor=visit.actor, after=after or "", limit=PAGE + 1)
    else:
        read = await find_members(visit.db, actor=visit.actor, text=text, limit=PAGE + 1)
    members, has_more = read[:PAGE], len(read) > PAGE
    invited = await invitations.list_open_invitations(visit.db, actor=visit.actor)
    return visit.page(
        "settings/members.html",
        title="Members",
        members=members,
        text=text,
        is_cut=has_more and text is not None,
        first=PATH if after and text is None else None,
        following=with_query(PATH, after=members[-1].email) if has_more and text is None else None,
        here_in_list={"q": text or "", "after": after or ""},
        invited=invited,
        roles=ROLES,
        offered=_offered(visit),
        may_change=lambda one: RIGHTS[one.role] <= visit.actor.rights,
        over=lambda one: _over(one, visit.now),
    )


async def invite(visit: Visit, form: Form) -> ASGIResponse:
    """Ask somebody to join."""
    known: Installed = visit.port(Installed)
    await invitations.invite(
        visit.db,
        actor=visit.actor,
        email=form["email"],
        role=_role_in(form),
        page=f"{known.base_url.rstrip('/')}/invitation/",
        now=visit.now,
    )
    return visit.go(PATH, notice="members.invited")


async def withdraw(visit: Visit, _: Form) -> ASGIResponse:
    """Take an invitation back."""
    invitation_id = uuid_or_none(visit.named("invitation"))
    if invitation_id is None:
        raise InvitationUnknown
    await invitations.withdraw_invitation(
        visit.db, actor=visit.actor, invitation_id=InvitationId(invitation_id), now=visit.now
    )
    return visit.go(PATH, notice="members.withdrawn")


async def change_role(visit: Visit, form: Form) -> ASGIResponse:
    """Give a member another role."""
    await set_role(visit.db, actor=visit.actor, user_id=_user_of(visit), role=_role_in(form), now=visit.now)
    return visit.go(_list_of(form), notice="members.role_set")


async def remove(visit: Visit, form: Form) -> ASGIResponse:
    """End a membership."""
    await remove_member(visit.db, actor=visit.actor, user_id=_user_of(visit), now=visit.now)
    return visit.go(_list_of(form), notice="members.removed")


def _offered(visit: Visit) -> list[tuple[str, str]]:
    """Return the roles that the viewer may hand out here."""
    is_operators = visit.actor.org_id == OPERATOR_ORG_ID
    return [
        (role.value, label)
        for role, (label, _) in ROLES.items()
        if RIGHTS[role] <= visit.actor.rights and (role is not Role.OPERATOR or is_operators)
    ]


def _over(one: ListedInvitation, now: datetime) -> tuple[str, str] | None:
    """Return why an open invitation cannot be used any more: a word, and what to do about it."""
    if one.invitation.expires_at <= now:
        return "Expired", "Invite them again: this one makes way."
    if one.is_given:
        return None
    who = one.inviter_name or "Who sent it"
    if one.inviter_role is None:
        return "Void", f"{who} does not work here any more. Invite them again: this one makes way."
    return "Void", f"{who} may not give this role any more. Invite them again: this one makes way."


def _asked(visit: Visit, name: str) -> str | None:
    """Return what the list is cut down to; a refused form says so of the page that it was on."""
    return visit.asked(name) if visit.trouble is None else visit.trouble.form.optional(name)


def _list_of(form: Form) -> str:
    """Return the page of the list that a form was on."""
    return with_query(PATH, q=form.optional("q"), after=form.optional("after"))


def _role_in(form: Form) -> Role:
    role = next((one for one in Role if one.value == form["role"]), None)
    if role is None:
        raise InvalidInput([FieldProblem("role", "identity.role_unknown", "must be a role of the list")])
    return role


def _user_of(visit: Visit) -> UserId:
    user_id = uuid_or_none(visit.named("user"))
    if user_id is None:
        raise MemberUnknown(user=visit.named("user")[:64])
    return UserId(user_id)


_MANAGE = Right.MEMBERS_MANAGE
HANDLERS = [
    shows(PATH, view, right=_MANAGE),
    takes(f"{PATH}/invitations", invite, right=_MANAGE, again=view),
    takes(f"{PATH}/invitations/{{invitation:str}}/withdraw", withdraw, right=_MANAGE),
    takes(f"{PATH}/{{user:str}}/role", change_role, right=_MANAGE, again=view),
    takes(f"{PATH}/{{user:str}}/remove", remove, right=_MANAGE, again=view),
]
