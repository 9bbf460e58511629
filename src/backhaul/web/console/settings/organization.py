"""The organization itself: its name, its plan, and where its devices go."""

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import (
    Plan,
    Right,
    choose_plan,
    rename_organization,
    set_default_address,
)
from backhaul.domain.identity.clients.queries import get_own_organization
from backhaul.kernel.addresses import Address
from backhaul.kernel.countries import country_name, missing_parts
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console import answering, notices
from backhaul.web.console.countries import COUNTRIES, country_code_of
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.notices import Notice, Undo
from backhaul.web.console.visiting import Visit

PATH = "/settings/organization"
_LONGEST = 200

notices.declare(
    {
        "organization.renamed": "The organization's name is changed.",
        "organization.plan_enabled": Notice(
            "The Enterprise plan is enabled. API keys can be made now.", Undo(f"{PATH}/plan/{{about}}")
        ),
        "organization.plan_left": Notice(
            "The organization is on the free plan. Its API keys are refused until a plan includes the API.",
            Undo(f"{PATH}/plan/{{about}}"),
        ),
        "organization.address_set": "The default address is changed.",
        "organization.address_cleared": "There is no default address any more.",
    }
)


async def start(visit: Visit) -> ASGIResponse:
    """Lead to the first of the settings that the viewer may see."""
    first = visit.frame("")["settings_areas"]
    return answering.see_other(first[0].path if first else "/account")


async def view(visit: Visit) -> ASGIResponse:
    """Show the organization."""
    organization = await get_own_organization(visit.db, actor=visit.actor)
    return visit.page(
        "settings/organization.html",
        title="Organization",
        organization=organization,
        countries=COUNTRIES,
        Plan=Plan,
    )


async def rename(visit: Visit, form: Form) -> ASGIResponse:
    """Change the name."""
    await rename_organization(visit.db, actor=visit.actor, name=form["name"], now=visit.now)
    return visit.go(PATH, notice="organization.renamed")


async def enable_enterprise(visit: Visit, _: Form) -> ASGIResponse:
    """Enable the Enterprise plan, which includes the API."""
    await choose_plan(visit.db, actor=visit.actor, plan=Plan.ENTERPRISE, now=visit.now)
    return visit.go(PATH, notice="organization.plan_enabled", about="free")


async def leave_enterprise(visit: Visit, _: Form) -> ASGIResponse:
    """Go back to the free plan."""
    await choose_plan(visit.db, actor=visit.actor, plan=Plan.FREE, now=visit.now)
    return visit.go(PATH, notice="organization.plan_left", about="enterprise")


async def set_address(visit: Visit, form: Form) -> ASGIResponse:
    """Set where devices go unless an order says otherwise; every field empty clears it."""
    names = ("address_name", "attention", "line_1", "line_2", "city", "state_code", "postal_code", "phone")
    if not any(form[name] for name in names):
        await set_default_address(visit.db, actor=visit.actor, address=None, now=visit.now)
        return visit.go(PATH, notice="organization.address_cleared")
    await set_default_address(visit.db, actor=visit.actor, address=_address(form), now=visit.now)
    return visit.go(PATH, notice="organization.address_set")


def _address(form: Form) -> Address:
    problems = [
        FieldProblem(name, "address.missing", "can't be blank")
        for name in ("line_1", "city")
        if not form[name]
    ]
    problems += [
        FieldProblem(name, "address.too_long", f"must have at most {_LONGEST} characters")
        for name in ("address_name", "attention", "line_1", "line_2", "city", "state_code", "postal_code")
        if len(form[name]) > _LONGEST or not form[name].isprintable()
    ]
    country = country_code_of(form["country_code"])
    if country is None:
        problems.append(
            FieldProblem("country_code", "address.country_unknown", "must be a country of the list")
        )
    if problems or country is None:
        raise InvalidInput(problems)
    address = Address(
        name=form.optional("address_name"),
        attention=form.optional("attention"),
        line_1=form["line_1"],
        line_2=form.optional("line_2"),
        city=form["city"],
        state_code=form.optional("state_code"),
        postal_code=form.optional("postal_code"),
        country_code=country,
        phone=form.optional("phone"),
    )
    lacking = [
        FieldProblem(part, "address.missing", f"is part of every address in {country_name(country)}")
        for part in missing_parts(address)
    ]
    if lacking:
        raise InvalidInput(lacking)
    return address


_MANAGE = Right.ORGANIZATION_MANAGE
HANDLERS = [
    shows("/settings", start),
    shows(PATH, view, right=_MANAGE),
    takes(f"{PATH}/name", rename, right=_MANAGE, again=view),
    takes(f"{PATH}/plan/enterprise", enable_enterprise, right=_MANAGE, again=view),
    takes(f"{PATH}/plan/free", leave_enterprise, right=_MANAGE, again=view),
    takes(f"{PATH}/address", set_address, right=_MANAGE, again=view),
]
