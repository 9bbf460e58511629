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
from backhaul.web.console.notices import Notice, Undo
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
        "members.withdrawn": Notice(
            "The invitation is withdrawn: its link does nothing any more.",
            Undo(f"{PATH}/invitations/{{about}}/again", label="Invite again"),
        ),
        "members.role_set": Notice(
            "The role is changed. It counts at once, everywhere.",
            Undo(f"{PATH}/{{about}}/role/undo", is_sealed=True),
        ),
        "members.role_put_back": "The member has the role they had before.",
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
    await _send(visit, form["email"], _role_in(form))
    return visit.go(PATH, notice="members.invited")


async def withdraw(visit: Visit, _: Form) -> ASGIResponse:
    """Take an invitation back."""
    invitation_id = uuid_or_none(visit.named("invitation"))
    if invitation_id is None:
        raise InvitationUnknown
    await invitations.withdraw_invitation(
        visit.db, actor=visit.actor, invitation_id=InvitationId(invitation_id), now=visit.now
    )
    return visit.go(PATH, notice="members.withdrawn", about=invitation_id)


async def invite_again(visit: Visit, _: Form) -> ASGIResponse:
    """Send another invitation to whoever one was sent to before, as the same."""
    invitation_id = uuid_or_none(visit.named("invitation"))
    if invitation_id is None:
        raise InvitationUnknown
    former = await invitations.get_invitation(
        visit.db, actor=visit.actor, invitation_id=InvitationId(invitation_id)
    )
    await _send(visit, former.email, former.role)
    return visit.go(PATH, notice="members.invited")


async def _send(visit: Visit, email: str, role: Role) -> None:
    known: Installed = visit.port(Installed)
    page = f"{known.base_url.rstrip('/')}/invitation/"
    await invitations.invite(visit.db, actor=visit.actor, email=email, role=role, page=page, now=visit.now)


async def change_role(visit: Visit, form: Form) -> ASGIResponse:
    """Give a member another role; `was` is the one the page showed."""
    user_id, role = _user_of(visit), _role_in(form)
    was = _role_or_none(form["was"])
    await set_role(visit.db, actor=visit.actor, user_id=user_id, role=role, was=was, now=visit.now)
    is_new = was is not None and was is not role
    back = f"{user_id.hex}-{was.value}-{role.value}" if was is not None and is_new else None
    return visit.go(_list_of(form), notice="members.role_set", about=back)


async def put_role_back(visit: Visit, _: Form) -> ASGIResponse:
    """Give a member the role they had; refused once somebody has changed it again."""
    user, before, after = (*visit.named("user").split("-"), "", "")[:3]
    user_id, role, was = uuid_or_none(user), _role_or_none(before), _role_or_none(after)
    if user_id is None or role is None or was is None:
        raise MemberUnknown(user=visit.named("user")[:64])
    await set_role(visit.db, actor=visit.actor, user_id=UserId(user_id), role=role, was=was, now=visit.now)
    return visit.go(PATH, notice="members.role_put_back")


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
    role = _role_or_none(form["role"])
    if role is None:
        raise InvalidInput([FieldProblem("role", "identity.role_unknown", "must be a role of the list")])
    return role


def _role_or_none(text: str) -> Role | None:
    return next((one for one in Role if one.value == text), None)


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
    takes(f"{PATH}/invitations/{{invitation:str}}/again", invite_again, right=_MANAGE, again=view),
    takes(f"{PATH}/{{user:str}}/role", change_role, right=_MANAGE, again=view),
    takes(f"{PATH}/{{user:str}}/role/undo", put_role_back, right=_MANAGE, again=view),
    takes(f"{PATH}/{{user:str}}/remove", remove, right=_MANAGE, again=view),
]
