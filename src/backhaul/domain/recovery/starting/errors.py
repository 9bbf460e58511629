"""What the start of a campaign refuses."""

from backhaul.kernel.errors import DomainError, Kind


class CampaignBegun(DomainError):
    """The start of a campaign changes only until its day has come."""

    code = "recovery.campaign_begun"
    kind = Kind.CONFLICT
    message = (
        "Campaign {campaign} began on {starts_on}, so its start stays. Whoever is added is asked at once."
    )


class CaseWaiting(DomainError):
    """Nothing is sent or written before the campaign's start."""

    code = "recovery.case_waiting"
    kind = Kind.CONFLICT
    message = "Nothing is sent for {case} before its campaign starts on {starts_on}. Wait, or start the campaign now."
