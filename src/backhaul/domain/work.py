"""Everything that happens by itself: importing this declares every job, periodic job and reaction."""

from backhaul.domain.announcing import parcels as announcing_parcels
from backhaul.domain.announcing import reactions as announcing_reactions
from backhaul.domain.announcing import switched_off as announcing_switched_off
from backhaul.domain.billing import jobs as billing_jobs
from backhaul.domain.billing.invoices import jobs as invoice_jobs
from backhaul.domain.billing.wallet import jobs as wallet_jobs
from backhaul.domain.bulk import events as bulk_events
from backhaul.domain.bulk import jobs as bulk_jobs
from backhaul.domain.identity.clients import jobs as client_jobs
from backhaul.domain.invitations import reactions as invitation_reactions
from backhaul.domain.notify import jobs as notify_jobs
from backhaul.domain.radar import jobs as radar_jobs
from backhaul.domain.recovery import reactions as recovery_reactions
from backhaul.domain.recovery.inspecting import reactions as inspecting_reactions
from backhaul.domain.recovery.person import jobs as person_jobs
from backhaul.domain.recovery.person import reactions as person_reactions
from backhaul.domain.recovery.reminding import jobs as reminding_jobs
from backhaul.domain.recovery.reminding import reactions as reminding_reactions
from backhaul.domain.recovery.starting import jobs as starting_jobs
from backhaul.domain.reshipping import jobs as reshipping_jobs
from backhaul.domain.reshipping import reactions as reshipping_reactions
from backhaul.domain.returns import jobs as return_jobs
from backhaul.domain.shipping import jobs as shipping_jobs
from backhaul.domain.transfers import jobs as transfer_jobs
from backhaul.domain.transfers import reactions as transfer_reactions
from backhaul.domain.webhooks import jobs as webhook_jobs

DECLARING = (
    billing_jobs,
    invoice_jobs,
    wallet_jobs,
    bulk_events,
    bulk_jobs,
    client_jobs,
    invitation_reactions,
    notify_jobs,
    webhook_jobs,
    shipping_jobs,
    transfer_jobs,
    transfer_reactions,
    return_jobs,
    reshipping_jobs,
    reshipping_reactions,
    recovery_reactions,
    inspecting_reactions,
    radar_jobs,
    person_jobs,
    person_reactions,
    reminding_jobs,
    reminding_reactions,
    starting_jobs,
    announcing_reactions,
    announcing_parcels,
    announcing_switched_off,
)
