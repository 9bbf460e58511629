import pytest

from backhaul.domain.identity import Plan, Right, Role, system_actor
from backhaul.domain.identity.errors import PlanTooSmall, RightMissing
from backhaul.domain.identity.model import OPERATOR_ORG_ID, RIGHTS, rights_of


def test_a_key_without_scopes_may_do_what_the_role_allows():
    for role in Role:
        assert rights_of(role, []) == RIGHTS[role]


def test_scopes_only_ever_narrow_the_role():
    assert rights_of(Role.VIEWER, ["transfers.read", "transfers.write"]) == {Right.TRANSFERS_READ}


def test_a_scope_of_another_release_grants_nothing():
    assert rights_of(Role.OWNER, ["teleport.write"]) == frozenset()


def test_only_the_operator_role_operates_the_installation():
    assert [role for role in Role if Right.INSTALLATION_OPERATE in RIGHTS[role]] == [Role.OPERATOR]


def test_admins_lack_what_owners_have_over_them():
    assert RIGHTS[Role.OWNER] - RIGHTS[Role.ADMIN] == {Right.OWNERS_MANAGE}


def test_a_missing_right_is_named():
    actor = system_actor(OPERATOR_ORG_ID)
    viewer = type(actor)(
        org_id=actor.org_id,
        plan=Plan.FREE,
        user_id=None,
        user_email=None,
        rights=RIGHTS[Role.VIEWER],
        author=actor.author,
    )
    with pytest.raises(RightMissing, match=r"transfers\.write"):
        viewer.scope(Right.TRANSFERS_WRITE)
    with pytest.raises(PlanTooSmall, match="free plan"):
        viewer.require_api_plan()
    actor.require_api_plan()
