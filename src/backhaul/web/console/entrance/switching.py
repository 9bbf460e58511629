"""Going to work in another organization."""

from uuid import UUID

from litestar.response.base import ASGIResponse

from backhaul.domain.identity.browsing import enter_organization
from backhaul.domain.identity.errors import OrganizationUnknown
from backhaul.kernel.ids import OrgId
from backhaul.web.console import notices
from backhaul.web.console.declaring import takes
from backhaul.web.console.forms import Form
from backhaul.web.console.visiting import Visit

notices.declare({"organization.entered": "You work in another organization now."})


async def switch(visit: Visit, form: Form) -> ASGIResponse:
    """Work in another organization from now on; lead to its first page, as a page of the other one means nothing."""
    try:
        org_id = OrgId(UUID(form["organization"]))
    except ValueError:
        raise OrganizationUnknown(organization=form["organization"][:64]) from None
    await enter_organization(visit.db, browsing=visit.browsing, org_id=org_id, now=visit.now)
    return visit.go("/", notice="organization.entered")


HANDLERS = [takes("/organization/switch", switch)]
