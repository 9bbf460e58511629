"""Labels to print: valid by default, one override states the point."""

from typing import Any

import msgspec

from backhaul.adapters.labels import Barcode, LabelSheet

USPS = Barcode(
    caption="USPS TRACKING #",
    text="9400 1003 5933 8243 3312 23",
    elements=("42062704", "9400100359338243331223"),
    is_gs1=True,
)
UPS = Barcode(caption="UPS TRACKING #", text="1Z SIM B42 03 9797 1027", elements=("1ZSIMB420397971027",))
PAGE = "http://127.0.0.1:8000/track/9400100359338243331223"


def sheet(**changes: Any) -> LabelSheet:
    usual = LabelSheet(
        letter="G",
        carrier="USPS",
        service="Ground Advantage",
        banner="SIMULATED - NOT VALID FOR SHIPPING",
        sender=(
            "Maas Biolabs",
            "IT Asset Desk",
            "1200 Market Street",
            "Suite 400",
            "San Francisco, CA 94103",
        ),
        recipient=("Angela Mitchell", "742 Evergreen Terrace", "Springfield, IL 62704"),
        details=(("DATE", "30 APR 2026"), ("WEIGHT", "5 lb 3 oz"), ("SIZE", "16 x 12 x 4 in")),
        reference="BH-1a2b3c4d box TICKET-4711",
        barcode=USPS,
        tracking_page=PAGE,
        footer="Printed by Backhaul's carrier simulation",
    )
    return msgspec.structs.replace(usual, **changes)
