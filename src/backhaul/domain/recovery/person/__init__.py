"""The person's page: what somebody without an account may see, say and sign about what is expected of them.

Not here: HTML (web/recovery), when somebody is reminded (reminding), what became of things (the organization says that;
people only make claims). Start with `model` and `links`; each other file is one verb.
"""

from backhaul.domain.recovery.person.address import correct_address, correct_address_for
from backhaul.domain.recovery.person.choose import choose, choose_for
from backhaul.domain.recovery.person.claim import claim_item, withdraw_claim
from backhaul.domain.recovery.person.links import (
    follow,
    is_well_formed,
    issue_link,
    make_link,
    page_url,
    revoke_links,
)
from backhaul.domain.recovery.person.model import (
    CAME_TO_NOTHING,
    Choice,
    Claim,
    GoneReason,
    Limits,
    Linked,
    Page,
    Pages,
    Signature,
)
from backhaul.domain.recovery.person.papers import print_label, print_packing_list
from backhaul.domain.recovery.person.pickup import book_pickup, call_pickup_off
from backhaul.domain.recovery.person.ports import PackingListWriter, PackingSheet
from backhaul.domain.recovery.person.queries import list_statements, look
from backhaul.domain.recovery.person.reminders import set_reminders
from backhaul.domain.recovery.person.send_again import send_again
from backhaul.domain.recovery.person.sign import sign

__all__ = [
    "CAME_TO_NOTHING",
    "Choice",
    "Claim",
    "GoneReason",
    "Limits",
    "Linked",
    "PackingListWriter",
    "PackingSheet",
    "Page",
    "Pages",
    "Signature",
    "book_pickup",
    "call_pickup_off",
    "choose",
    "choose_for",
    "claim_item",
    "correct_address",
    "correct_address_for",
    "follow",
    "is_well_formed",
    "issue_link",
    "list_statements",
    "look",
    "make_link",
    "page_url",
    "print_label",
    "print_packing_list",
    "revoke_links",
    "send_again",
    "set_reminders",
    "sign",
    "withdraw_claim",
]
