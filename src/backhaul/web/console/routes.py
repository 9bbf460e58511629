"""Every route of the console, area by area."""

from litestar.handlers import HTTPRouteHandler

from backhaul.web.console import assets
from backhaul.web.console.account import appearance, sessions
from backhaul.web.console.account import pages as account
from backhaul.web.console.account import second_factor as own_second_factor
from backhaul.web.console.campaigns import creating as campaign_creating
from backhaul.web.console.campaigns import editing as campaign_editing
from backhaul.web.console.campaigns import listing as campaigns
from backhaul.web.console.campaigns import people as campaign_people
from backhaul.web.console.campaigns import previewing as campaign_previewing
from backhaul.web.console.campaigns import showing as campaign_showing
from backhaul.web.console.campaigns import starting as campaign_starting
from backhaul.web.console.cases import acting as case_acting
from backhaul.web.console.cases import listing as cases
from backhaul.web.console.cases import many as case_many
from backhaul.web.console.cases import showing as case_showing
from backhaul.web.console.entrance import elsewhere, second_factor, signing_in, signing_out, switching
from backhaul.web.console.exceptions import pages as exceptions
from backhaul.web.console.holds import listing as holds
from backhaul.web.console.holds import placing as hold_placing
from backhaul.web.console.holds import showing as hold_showing
from backhaul.web.console.home import pages as home
from backhaul.web.console.imports import one as one_import
from backhaul.web.console.imports import pages as imports
from backhaul.web.console.inventory import acting as asset_acting
from backhaul.web.console.inventory import editing as asset_editing
from backhaul.web.console.inventory import listing as asset_listing
from backhaul.web.console.inventory import many as asset_many
from backhaul.web.console.inventory import sheet as asset_sheet
from backhaul.web.console.joining import pages as joining
from backhaul.web.console.locations import pages as locations
from backhaul.web.console.money import charges, invoices, quotes, spent, wallet
from backhaul.web.console.people import departments, person
from backhaul.web.console.people import editing as people_editing
from backhaul.web.console.people import listing as people_listing
from backhaul.web.console.reshipments import acting as reshipment_acting
from backhaul.web.console.reshipments import creating as reshipment_creating
from backhaul.web.console.reshipments import listing as reshipment_listing
from backhaul.web.console.reshipments import showing as reshipment_showing
from backhaul.web.console.returns import acting as return_acting
from backhaul.web.console.returns import listing as return_listing
from backhaul.web.console.returns import showing as return_showing
from backhaul.web.console.saved_views import pages as saved_views
from backhaul.web.console.scanning import pages as scanning
from backhaul.web.console.search import pages as search
from backhaul.web.console.settings import (
    audit,
    carriers,
    clients,
    jobs,
    keys,
    letters,
    mail,
    members,
    organization,
    prices,
)
from backhaul.web.console.settings.customers import account as customer_account
from backhaul.web.console.settings.customers import listing as customers
from backhaul.web.console.settings.customers import refunding as customer_refunding
from backhaul.web.console.settings.ladders import pages as ladders
from backhaul.web.console.settings.webhooks import deliveries, endpoints
from backhaul.web.console.transfers import acting, changing, ordering, showing
from backhaul.web.console.transfers import listing as transfers
from backhaul.web.console.warehouse import bench, intake, opening, parcel, queues, sanitising, scanned

HANDLERS: list[HTTPRouteHandler] = [
    *assets.HANDLERS,
    *signing_in.HANDLERS,
    *second_factor.HANDLERS,
    *elsewhere.HANDLERS,
    *signing_out.HANDLERS,
    *switching.HANDLERS,
    *home.HANDLERS,
    *search.HANDLERS,
    *saved_views.HANDLERS,
    *account.HANDLERS,
    *appearance.HANDLERS,
    *sessions.HANDLERS,
    *own_second_factor.HANDLERS,
    *organization.HANDLERS,
    *keys.HANDLERS,
    *asset_listing.HANDLERS,
    *asset_many.HANDLERS,
    *asset_sheet.HANDLERS,
    *asset_acting.HANDLERS,
    *asset_editing.HANDLERS,
    *people_listing.HANDLERS,
    *person.HANDLERS,
    *people_editing.HANDLERS,
    *departments.HANDLERS,
    *locations.HANDLERS,
    *imports.HANDLERS,
    *one_import.HANDLERS,
    *scanning.HANDLERS,
    *transfers.HANDLERS,
    *ordering.HANDLERS,
    *showing.HANDLERS,
    *acting.HANDLERS,
    *changing.HANDLERS,
    *exceptions.HANDLERS,
    *joining.HANDLERS,
    *wallet.HANDLERS,
    *quotes.HANDLERS,
    *spent.HANDLERS,
    *charges.HANDLERS,
    *invoices.HANDLERS,
    *members.HANDLERS,
    *clients.HANDLERS,
    *endpoints.HANDLERS,
    *deliveries.HANDLERS,
    *ladders.HANDLERS,
    *letters.HANDLERS,
    *audit.HANDLERS,
    *customers.HANDLERS,
    *customer_account.HANDLERS,
    *customer_refunding.HANDLERS,
    *carriers.HANDLERS,
    *prices.HANDLERS,
    *mail.HANDLERS,
    *jobs.HANDLERS,
    *campaigns.HANDLERS,
    *campaign_creating.HANDLERS,
    *campaign_people.HANDLERS,
    *campaign_showing.HANDLERS,
    *campaign_starting.HANDLERS,
    *campaign_editing.HANDLERS,
    *campaign_previewing.HANDLERS,
    *cases.HANDLERS,
    *case_many.HANDLERS,
    *case_showing.HANDLERS,
    *case_acting.HANDLERS,
    *holds.HANDLERS,
    *hold_placing.HANDLERS,
    *hold_showing.HANDLERS,
    *return_listing.HANDLERS,
    *return_showing.HANDLERS,
    *return_acting.HANDLERS,
    *reshipment_listing.HANDLERS,
    *reshipment_creating.HANDLERS,
    *reshipment_showing.HANDLERS,
    *reshipment_acting.HANDLERS,
    *intake.HANDLERS,
    *queues.HANDLERS,
    *parcel.HANDLERS,
    *opening.HANDLERS,
    *sanitising.HANDLERS,
    *scanned.HANDLERS,
    *bench.HANDLERS,
]
