"""The routes of this dialect."""

from backhaul.dialects.unduit.routes.assets import (
    add_asset,
    change_asset,
    list_asset_history,
    list_assets,
    view_asset,
)
from backhaul.dialects.unduit.routes.assigning import assign_asset, unassign_asset
from backhaul.dialects.unduit.routes.employees import (
    add_employee,
    import_employees,
    list_employees,
    list_employees_of_today,
    update_employee,
)
from backhaul.dialects.unduit.routes.holding import (
    list_active_holds,
    request_hold_release,
    submit_hold,
)
from backhaul.dialects.unduit.routes.recovering import (
    add_campaign_employee,
    add_campaign_employees,
    add_user,
    create_campaign,
    list_campaigns,
    view_campaign,
    view_recovery,
    view_recovery_by_code,
    view_recovery_status,
)
from backhaul.dialects.unduit.routes.signing_in import refresh_token, sign_in

HANDLERS = [
    sign_in,
    refresh_token,
    list_employees,
    list_employees_of_today,
    add_employee,
    update_employee,
    import_employees,
    list_assets,
    add_asset,
    view_asset,
    list_asset_history,
    change_asset,
    assign_asset,
    unassign_asset,
    list_campaigns,
    view_campaign,
    create_campaign,
    add_user,
    add_campaign_employee,
    add_campaign_employees,
    view_recovery,
    view_recovery_by_code,
    view_recovery_status,
    submit_hold,
    request_hold_release,
    list_active_holds,
]
