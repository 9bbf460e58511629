"""Which adapter serves which carrier, and what each can do: as the settings of the installation say."""

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.shipping.ports import Carriers
from backhaul.web.console.declaring import shows
from backhaul.web.console.visiting import Visit

PATH = "/settings/carriers"
CAPABILITIES = (
    ("validates_addresses", "Checks addresses"),
    ("quotes_rates", "Quotes rates"),
    ("buys_labels", "Buys labels"),
    ("voids", "Cancels labels"),
    ("tracks", "Tracks"),
    ("schedules_pickups", "Books pickups"),
)


async def view(visit: Visit) -> ASGIResponse:
    """Show carriers and their adapters."""
    carriers: Carriers = visit.port(Carriers)
    found = [(code.value, carriers.serving(code)) for code in carriers.codes]
    heads = [(label, None, "") for label in ("Carrier", "Served by", *(label for _, label in CAPABILITIES))]
    return visit.page(
        "settings/carriers.html", title="Carriers", found=found, heads=heads, capabilities=CAPABILITIES
    )


HANDLERS = [shows(PATH, view, right=Right.INSTALLATION_OPERATE)]
