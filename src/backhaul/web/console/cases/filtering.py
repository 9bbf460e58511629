"""From the address of a list of cases to what is wanted, and back: every filter stands in the URL."""

from collections.abc import Mapping

from backhaul.domain.recovery.browsing import CaseFilter, Stage
from backhaul.domain.recovery.model import Campaign
from backhaul.kernel.countries import is_country
from backhaul.web.console.cursors import code_or_none
from backhaul.web.console.paths import with_query

PATH = "/cases"
NAMES = ("q", "stage", "open", "overdue", "country", "contact", "claimed", "muted")


def wanted_of(given: Mapping[str, str | None], campaign: Campaign | None = None) -> CaseFilter:
    """Return what a query asks for; a value that means nothing is passed over."""
    country = given.get("country")
    return CaseFilter(
        campaign=campaign,
        stage=code_or_none(Stage, given.get("stage")),
        is_open=given.get("open") == "1",
        is_overdue=given.get("overdue") == "1",
        country_code=country if country is not None and is_country(country) else None,
        is_uncontacted=given.get("contact") == "none",
        is_claimed=given.get("claimed") == "1",
        is_muted=given.get("muted") == "1",
        text=given.get("q"),
    )


def address_of(path: str, given: Mapping[str, str | None], **changes: str | None) -> str:
    """Return a list's address with these filters; what is None is left out."""
    return with_query(path, **{**{name: given.get(name) for name in NAMES}, **changes})


def is_filtered(given: Mapping[str, str | None]) -> bool:
    """Tell whether anything is left out of the list."""
    return any(given.get(name) for name in NAMES)
