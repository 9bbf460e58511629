"""Every form against every role: whoever lacks its right is told which one, and changes nothing."""

import pytest

from backhaul.domain.identity.model import RIGHTS, Right, Role
from backhaul.web.console.declaring import RIGHT
from backhaul.web.console.routes import HANDLERS
from tests.web.console.sweeps.routing import filled, routes
from tests.web.console.test_sweeps import OWN

ROLES = {
    "owner": Role.OWNER,
    "admin": Role.ADMIN,
    "member": Role.MEMBER,
    "viewer": Role.VIEWER,
    "operator": Role.OPERATOR,
}
RIGHT_OF = {
    path: handler.opt.get(RIGHT)
    for handler in HANDLERS
    if "POST" in {str(method) for method in handler.http_methods}
    for path in handler.paths
}
# The right depends on what is in the file: devices or people.
BY_FILE = {"/imports", "/imports/{number:str}/apply", "/imports/{number:str}/undo"}
# Before anybody is signed in; the link of an invitation is the right by itself.
ENTRANCE = {"/sign-in", "/sign-in/totp", "/invitation/{token:str}"}
COUNTED = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT IN ('rate_limits')
"""
FIELDS = {
    "name": "Taken over",
    "reason": "x",
    "email": "new@ours.example",
    "sure": "1",
    "version": "1",
    "do": "x",
}


def guarded():
    """Every form that needs a right, with each role that lacks it."""
    for path in routes("POST"):
        for name, role in ROLES.items():
            if path in BY_FILE:
                lacks = not {Right.INVENTORY_WRITE} <= RIGHTS[role]
            else:
                lacks = RIGHT_OF[path] is not None and RIGHT_OF[path] not in RIGHTS[role]
            if lacks:
                yield pytest.param(path, name, id=f"{name} {path}")


def test_every_form_needs_a_right_or_is_about_oneself():
    without = {path for path, right in RIGHT_OF.items() if right is None}
    assert {path for path in without if not OWN.fullmatch(path)} == BY_FILE | ENTRANCE
    assert set(RIGHT_OF) == set(routes("POST"))


def test_a_viewer_may_send_no_form_but_about_oneself():
    assert {path for path, right in RIGHT_OF.items() if right in RIGHTS[Role.VIEWER]} == set()


async def rows(console):
    """How many rows every table has, and the newest version of what can be changed."""
    tables = [row[0] for row in await console.owner.fetch(COUNTED)]
    counted = " UNION ALL ".join(
        f"SELECT '{name}', count(*), sum(xmin::text::bigint) FROM {name}" for name in tables
    )
    return {name: (count, written) for name, count, written in await console.owner.fetch(counted)}


@pytest.mark.parametrize(("path", "name"), list(guarded()))
async def test_whoever_lacks_the_right_changes_nothing(console, path, name):
    browse = await console.kept(name)
    await browse.get("/account")
    before = await rows(console)
    answer = await browse.post(filled(path, console.ids["ours"]), FIELDS)
    assert answer.status_code == 403
    right = RIGHT_OF[path]
    assert right is None or right.value in answer.text
    assert await rows(console) == before
