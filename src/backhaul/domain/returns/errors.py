"""What returns refuse."""

from backhaul.kernel.errors import DomainError, Kind


class WarehouseUnknown(DomainError):
    """No warehouse has this id."""

    code = "returns.warehouse_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no warehouse {warehouse}."


class WarehouseTaken(DomainError):
    """Another warehouse has this id."""

    code = "returns.warehouse_taken"
    kind = Kind.CONFLICT
    message = "There is a warehouse {warehouse} already."


class ReturnUnknown(DomainError):
    """No such return in this organization, or it was discarded."""

    code = "returns.return_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no return {number}."


class Unannounced(DomainError):
    """Nobody expects a parcel of this number, and whoever scanned it has not confirmed it."""

    code = "returns.unannounced"
    kind = Kind.CONFLICT
    message = (
        "Nobody expects a parcel {tracking_number}. Compare it with the label; if that is its number, receive it as "
        "unannounced: `backhaul warehouse receive --unannounced`."
    )


class DeviceScanned(DomainError):
    """What was scanned as a parcel's number is a known device's."""

    code = "returns.device_scanned"
    kind = Kind.CONFLICT
    message = (
        "{scan} is the {called} of a device of {owner}, and no parcel that anybody expects. Scan the number on the "
        "parcel's label instead{parcels}."
    )


class NotDroppable(DomainError):
    """The parcel has something that a mistake would not have: contents, pictures, messages, records or fees."""

    code = "returns.not_droppable"
    kind = Kind.CONFLICT
    message = "Parcel {number} has {what} already, so it cannot be dropped. Take back wrong scans first."


class ScanProven(DomainError):
    """A device's line in a return has a record of its sanitisation, which is never taken back."""

    code = "returns.scan_proven"
    kind = Kind.CONFLICT
    message = "There is a record that {serial_number} was sanitised in return {number}: its scan stays."


class ReceivedElsewhere(DomainError):
    """The parcel was received in another warehouse."""

    code = "returns.received_elsewhere"
    kind = Kind.CONFLICT
    message = "The parcel {tracking_number} was received in warehouse {warehouse}, as number {number}."


class Unidentified(DomainError):
    """Nobody knows yet whose parcel it is."""

    code = "returns.unidentified"
    kind = Kind.CONFLICT
    message = "Nobody knows yet whose parcel {number} is. Identify it first: `backhaul warehouse identify`."


class IdentifiedAlready(DomainError):
    """The parcel belongs to an organization already."""

    code = "returns.identified_already"
    kind = Kind.CONFLICT
    message = "The parcel {number} belongs to another organization already."


class RmaGiven(DomainError):
    """The parcel was identified before, with another RMA number or none."""

    code = "returns.rma_given"
    kind = Kind.CONFLICT
    message = (
        "The parcel {number} was identified already, with {known} as its RMA number. "
        "Give {rma_number} when its processing ends: `backhaul warehouse process`."
    )


class NotReceived(DomainError):
    """What is in a parcel is noted between its receipt and the end of its processing."""

    code = "returns.not_received"
    kind = Kind.CONFLICT
    message = "Return {number} is {status}: it was processed already."


class NotProcessed(DomainError):
    """Only a return that is processed can be verified (contract §3.6)."""

    code = "returns.not_processed"
    kind = Kind.CONFLICT
    message = "Return {number} is {status}. It must be processed before it is verified, and is verified once."


class NotVerifying(DomainError):
    """Nobody asked for this return to be verified, or it is done."""

    code = "returns.not_verifying"
    kind = Kind.CONFLICT
    message = "Return {number} is {status}: there is no verification to finish."


class NotDiscardable(DomainError):
    """Only a processed or verified return can be discarded (contract §3.6)."""

    code = "returns.not_discardable"
    kind = Kind.CONFLICT
    message = "Return {number} is {status}: it can be discarded when it is processed or verified."


class NotReshippable(DomainError):
    """Only a processed, verifying or verified return can be shipped on (contract §3.7)."""

    code = "returns.not_reshippable"
    kind = Kind.CONFLICT
    message = "Return {number} is {status}: it cannot be shipped on."


class NotReshipping(DomainError):
    """The return is in no reshipment that could give it back or dispatch it."""

    code = "returns.not_reshipping"
    kind = Kind.CONFLICT
    message = "Return {number} is {status}: it is not being shipped on."


class SerialUnscanned(DomainError):
    """No device with this serial number was scanned in the return."""

    code = "returns.serial_unscanned"
    kind = Kind.NOT_FOUND
    message = "No device {serial_number} was scanned in return {number}. Scan it first."


class DevicesGone(DomainError):
    """What was sent on or discarded cannot be looked at any more."""

    code = "returns.devices_gone"
    kind = Kind.CONFLICT
    message = (
        "Return {number} is {status}: its devices are not here any more, so nothing can be looked at on them."
    )


class PhotoRefused(DomainError):
    """The file is no picture that is kept."""

    code = "returns.photo_refused"
    kind = Kind.INVALID
    message = "The picture was refused: {reason}."


class PhotosFull(DomainError):
    """The return has as many pictures as it may have."""

    code = "returns.photos_full"
    kind = Kind.CONFLICT
    message = "Return {number} has {limit} pictures, which is the most it can have."


class FileUnknown(DomainError):
    """The stored file is gone, or its link is not ours or too old."""

    code = "returns.file_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no such file, or its link has expired. Read the return again for a new link."


class FilesUnavailable(DomainError):
    """The store of files does not answer."""

    code = "returns.files_unavailable"
    kind = Kind.UNAVAILABLE
    message = "The store of files does not answer: {reason}."


class SanitisationUnknown(DomainError):
    """No such record of a sanitisation in this organization."""

    code = "returns.sanitisation_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no record of a sanitisation of {serial_number} in return {number}."


class StillLocked(DomainError):
    """The checklist says that an account locks the device, and the record that none does."""

    code = "returns.still_locked"
    kind = Kind.CONFLICT
    message = (
        "The device {serial_number} in return {number} was noted as locked. Note first that its lock was removed: "
        "`backhaul warehouse check --unlocked`; or record it as locked."
    )


class CertificateRefused(DomainError):
    """The certificate was not signed by this installation, or was altered since."""

    code = "returns.certificate_refused"
    kind = Kind.INVALID
    message = "The certificate is not valid: {reason}."


class ReturnsTooMany(DomainError):
    """More returns at once than are worked on in one request."""

    code = "returns.too_many"
    kind = Kind.INVALID
    message = "{given} returns were named, and at most {most} are worked on at once. Do it in parts."


class MessagesFull(DomainError):
    """A return has as many messages as it may have."""

    code = "returns.messages_full"
    kind = Kind.CONFLICT
    message = "Return {number} has {most} messages already. Write to the warehouse in another way."
