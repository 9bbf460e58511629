"""What the person's page refuses."""

from backhaul.kernel.errors import DomainError, Kind


class PersonLinkInvalid(DomainError):
    """The link is malformed, unknown, too old or revoked: nobody learns which."""

    code = "recovery.link_invalid"
    kind = Kind.NOT_FOUND
    message = "This link does not work, or does not work any more. Ask whoever sent it for a new one."


class CaseEndedAlready(DomainError):
    """Nothing is expected of the person any more."""

    code = "recovery.case_ended_already"
    kind = Kind.CONFLICT
    message = "Nothing is expected of you any more, so nothing was changed."


class AddressFixed(DomainError):
    """Something left for the address or from it, or a label of it is out of our hands."""

    code = "recovery.address_fixed"
    kind = Kind.CONFLICT
    message = (
        "This address is in use: something is on its way to it or from it, or its label can be printed. Write to your "
        "organization to change it."
    )


class AddressInUse(DomainError):
    """A parcel goes to the old address, and its label cannot be made anew any more."""

    code = "recovery.address_in_use"
    kind = Kind.CONFLICT
    message = (
        "Nothing was changed: parcel {position} is {status}, with a label of the old address that cannot be made anew. "
        "The address can be corrected once that parcel failed, was cancelled or is on its way back."
    )


class AddressNotWanted(DomainError):
    """Nothing is expected of the person any more, so that nothing is sent to them."""

    code = "recovery.address_not_wanted"
    kind = Kind.CONFLICT
    message = "Nothing is expected in recovery {case} any more, so its address was not changed."


class AddressUnconfirmed(DomainError):
    """Nothing is sent before the person said that the address is right."""

    code = "recovery.address_unconfirmed"
    kind = Kind.CONFLICT
    message = "Please confirm your address first."


class ChosenAlready(DomainError):
    """How things are sent was chosen, or was never the person's choice."""

    code = "recovery.chosen_already"
    kind = Kind.CONFLICT
    message = "It is settled already how your things are sent. Write to your organization to change it."


class NothingToSend(DomainError):
    """The person claims to have nothing of what is expected."""

    code = "recovery.nothing_to_send"
    kind = Kind.CONFLICT
    message = "There is nothing left to send: you said that you have none of it."


class ClaimRefused(DomainError):
    """The item is not expected any more, or there is no such claim."""

    code = "recovery.claim_refused"
    kind = Kind.CONFLICT
    message = "That cannot be said of item {position} any more."


class ParcelUnavailable(DomainError):
    """There is no such parcel, or nothing can be printed for it or collected now."""

    code = "recovery.parcel_unavailable"
    kind = Kind.NOT_FOUND
    message = "There is no parcel now with which this can be done. Look again at your page."


class HandOverChanged(DomainError):
    """What is handed over changed since the page was shown."""

    code = "recovery.hand_over_changed"
    kind = Kind.CONFLICT
    message = "What you were about to sign has changed meanwhile. Please read it again and sign then."


class SignedAlready(DomainError):
    """One signature is for the whole hand-over."""

    code = "recovery.signed_already"
    kind = Kind.CONFLICT
    message = "The hand-over is signed already."


class ParcelUnknown(DomainError):
    """The recovery has no such parcel."""

    code = "recovery.parcel_unknown"
    kind = Kind.NOT_FOUND
    message = "Recovery {case} has no parcel with the transfer {transfer_id}."


class ParcelGoesOn(DomainError):
    """Only what came to nothing is sent again."""

    code = "recovery.parcel_goes_on"
    kind = Kind.CONFLICT
    message = "Parcel {position} is {status}. It can be sent again once it failed, was cancelled or was not returned."


class ParcelNotWanted(DomainError):
    """Nothing of what was in the parcel is expected any more."""

    code = "recovery.parcel_not_wanted"
    kind = Kind.CONFLICT
    message = (
        "Nothing was sent: of what was in parcel {position} nothing is expected any more, or the person says that it "
        "is gone. Say what became of it instead."
    )


class SentAlready(DomainError):
    """The organization can choose for somebody only while they are asked and something is expected of them."""

    code = "recovery.sent_already"
    kind = Kind.CONFLICT
    message = "Nothing was sent to {case}: how its things are sent is settled already, or nothing is expected any more."
