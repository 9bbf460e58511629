"""Rows as models."""

from collections.abc import Mapping
from typing import Any

import msgspec

from backhaul.domain.identity.browsing.model import Account, Browsing, Choice, ListedSession, Theme
from backhaul.domain.identity.model import RIGHTS, Actor, Plan, Role
from backhaul.kernel.ids import OrgId, UserId
from backhaul.storage.author import Author

Row = Mapping[str, Any]


def browsing_from(row: Row) -> Browsing:
    role = Role(row["role"])
    here = Choice(OrgId(row["org_id"]), row["org_number"], row["org_name"])
    return Browsing(
        session_id=row["session_id"],
        csrf_secret=row["csrf_secret"],
        is_second_factor_due=row["is_second_factor_due"],
        created_at=row["created_at"],
        last_seen_at=row["last_seen_at"],
        user_id=UserId(row["user_id"]),
        email=row["user_email"],
        name=row["user_name"],
        theme=Theme(row["theme"]),
        time_zone=row["time_zone"],
        has_second_factor=row["has_second_factor"],
        valid_from=row["valid_from"],
        actor=Actor(
            org_id=here.id,
            plan=Plan(row["plan"]),
            user_id=UserId(row["user_id"]),
            user_email=row["user_email"],
            rights=RIGHTS[role],
            author=Author(kind="user", id=row["user_id"]),
            org_number=here.number,
        ),
        role=role,
        organization=here,
        organizations=msgspec.convert(row["organizations"], tuple[Choice, ...], strict=False),
    )


def account_from(row: Row) -> Account:
    return Account(
        user_id=UserId(row["user_id"]),
        email=row["user_email"],
        org_id=OrgId(row["org_id"]),
        valid_from=row["valid_from"],
        has_second_factor=row["has_second_factor"],
    )


def listed_session_from(row: Row) -> ListedSession:
    return ListedSession(**dict(row))
