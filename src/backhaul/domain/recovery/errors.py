"""What recovery refuses."""

from backhaul.kernel.errors import DomainError, Kind


class CampaignUnknown(DomainError):
    """No such campaign in this organization."""

    code = "recovery.campaign_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no recovery campaign {campaign}."


class CaseUnknown(DomainError):
    """No such recovery in this organization."""

    code = "recovery.case_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no recovery {case}."


class ItemUnknown(DomainError):
    """The recovery has no item at this position."""

    code = "recovery.item_unknown"
    kind = Kind.NOT_FOUND
    message = "Recovery {case} has no item {position}."


class CampaignNameTaken(DomainError):
    """Another campaign of the organization has the name, in whatever letter case."""

    code = "recovery.campaign_name_taken"
    kind = Kind.CONFLICT
    message = "There is already a campaign named {name}. Add people to that one, or use another name."


class PersonThereAlready(DomainError):
    """Somebody of a list is in the campaign already (contract Unduit C27)."""

    code = "recovery.person_there_already"
    kind = Kind.CONFLICT
    message = "{emails} is in campaign {campaign} already. Nobody was added."


class CampaignMoveRefused(DomainError):
    """The campaign's status does not allow this."""

    code = "recovery.campaign_move_refused"
    kind = Kind.CONFLICT
    message = "The campaign is {status}; it cannot {action}."


class CampaignChangedMeanwhile(DomainError):
    """Somebody else changed the campaign since it was read."""

    code = "recovery.campaign_changed_meanwhile"
    kind = Kind.CONFLICT
    message = "Campaign {campaign} was changed by somebody else meanwhile. Look at it again, then repeat your change."


class CampaignHasOpenCases(DomainError):
    """A campaign is completed when nothing is waited for any more."""

    code = "recovery.campaign_has_open_cases"
    kind = Kind.CONFLICT
    message = "{count} recoveries of campaign {campaign} are open. Say first what became of their items."


class OutcomeRefused(DomainError):
    """What already became of the item does not allow this."""

    code = "recovery.outcome_refused"
    kind = Kind.CONFLICT
    message = "The item is {outcome}; it cannot become {wanted} any more."


class ReturnAddressMissing(DomainError):
    """Neither the campaign nor the organization says where devices go."""

    code = "recovery.return_address_missing"
    kind = Kind.INVALID
    message = "Nobody knows where devices are to be sent. Give the organization a default address first."


class OwnerMissing(DomainError):
    """Parcels are ordered in a member's name, and nobody was named."""

    code = "recovery.owner_missing"
    kind = Kind.INVALID
    message = (
        "A campaign needs an owner in whose name parcels are ordered. Name a member of the organization."
    )
