"""What inventory refuses."""

from backhaul.kernel.errors import DomainError, Kind


class AssetUnknown(DomainError):
    """No such asset in this organization."""

    code = "inventory.asset_unknown"
    kind = Kind.NOT_FOUND
    message = "Asset not found."


class AssetAmbiguous(DomainError):
    """Several assets have this serial number, asset number or tag, and one is needed."""

    code = "inventory.asset_ambiguous"
    kind = Kind.CONFLICT
    message = (
        "Several assets go by {asset}, as serial number, asset number or tag. "
        "Name the one you mean by another of the three."
    )


class AssetOrUserUnknown(DomainError):
    """The asset, or the employee, is not in this organization; which of the two is not told (contract §2.4)."""

    code = "inventory.asset_or_user_unknown"
    kind = Kind.NOT_FOUND
    message = "Asset or user not found."


class SerialTaken(DomainError):
    """Another asset of the organization has this serial number, in whatever spelling."""

    code = "inventory.serial_taken"
    kind = Kind.CONFLICT
    message = "An asset with the serial number {serial_number} exists already."


class AlreadyAssigned(DomainError):
    """The asset is with an employee."""

    code = "inventory.already_assigned"
    kind = Kind.CONFLICT
    message = "Asset is already assigned to a user."


class NotAssigned(DomainError):
    """The asset is not with this employee."""

    code = "inventory.not_assigned"
    kind = Kind.CONFLICT
    message = "Asset is not currently assigned to any user."


class NotDeployable(DomainError):
    """Only an asset whose status is of type deployable can be assigned."""

    code = "inventory.not_deployable"
    kind = Kind.INVALID
    message = "The asset's status is {status}, which is not deployable. Set a deployable status first."


class StatusRefused(DomainError):
    """Whoever holds the asset, it cannot have this status there."""

    code = "inventory.status_refused"
    kind = Kind.CONFLICT
    message = "The asset is {whereabouts}: its status cannot be {status} there. {way_out}"


class CustodyMoveRefused(DomainError):
    """The asset cannot be handed over like that from where it is."""

    code = "inventory.custody_move_refused"
    kind = Kind.CONFLICT
    message = "The asset is {whereabouts}; it cannot be {action} from there."


class NotSanitised(DomainError):
    """The device came back through a warehouse, and no record says that its storage was wiped since."""

    code = "inventory.not_sanitised"
    kind = Kind.CONFLICT
    message = (
        "Asset {serial_number} came back through a warehouse and was not sanitised since: it cannot be {status}. "
        "Record its sanitisation first."
    )


class StatusLabelTaken(DomainError):
    """The organization has a status of this name, in whatever letter case."""

    code = "inventory.status_label_taken"
    kind = Kind.CONFLICT
    message = "There is a status named {name} already."


class StatusLabelMissing(DomainError):
    """The organization has no status of the type that is needed."""

    code = "inventory.status_label_missing"
    kind = Kind.CONFLICT
    message = "There is no status of type {type}. Add one first."


class AssetChangedMeanwhile(DomainError):
    """Somebody else changed the asset since it was read."""

    code = "inventory.asset_changed_meanwhile"
    kind = Kind.CONFLICT
    message = "Asset {serial_number} was changed meanwhile. Nothing is done now: look at it again first."


class TooManyAtOnce(DomainError):
    """More assets were chosen than one call changes."""

    code = "inventory.too_many_at_once"
    kind = Kind.INVALID
    message = "{count} assets are too many at once. Choose at most {most}."
