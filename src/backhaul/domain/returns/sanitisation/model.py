"""That a device's storage was wiped: the fields of NIST SP 800-88 Rev. 1, appendix G."""

from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.domain.inventory.model import AssetId
from backhaul.domain.returns.model import ReturnId
from backhaul.kernel.ids import OrgId

SanitisationId = NewType("SanitisationId", UUID)


class Method(StrEnum):
    """How thoroughly (NIST SP 800-88 Rev. 1, section 2.5)."""

    CLEAR = "clear"  # against ordinary means of recovery
    PURGE = "purge"  # against a laboratory
    DESTROY = "destroy"  # the medium cannot be used again


class Verification(StrEnum):
    """How the result was checked (section 4.7)."""

    FULL = "full"
    QUICK_SAMPLING = "quick_sampling"


class Result(StrEnum):
    """Whether it worked."""

    SUCCESS = "success"
    FAILURE = "failure"


class LockStatus(StrEnum):
    """Whether an account or a management profile still locks the device to somebody."""

    UNLOCKED = "unlocked"
    LOCKED = "locked"
    NOT_APPLICABLE = "not_applicable"


class NewSanitisation(msgspec.Struct, frozen=True, kw_only=True):
    """What whoever wiped a device says about it."""

    serial_number: str  # of the device, as it was scanned
    media_type: str  # magnetic disk, SSD, eMMC, …
    method: Method
    technique: str  # overwrite, block erase, crypto erase, shred, …
    tool: str
    tool_version: str | None = None
    media_serial_number: str | None = None  # of the storage, where it can be read
    verification: Verification = Verification.FULL
    result: Result = Result.SUCCESS
    lock_status: LockStatus  # somebody looked: none is assumed
    performed_by: str
    performed_at: datetime
    verified_by: str  # another person
    verified_at: datetime
    note: str | None = None


class Sanitisation(msgspec.Struct, frozen=True, kw_only=True):
    """The record: what was said, about which device, in which return. It never changes."""

    id: SanitisationId
    org_id: OrgId
    return_id: ReturnId
    asset_id: AssetId | None
    manufacturer: str | None
    model: str | None
    serial_number: str
    asset_tag: str | None
    media_type: str
    media_serial_number: str | None
    method: Method
    technique: str
    tool: str
    tool_version: str | None
    verification: Verification
    result: Result
    lock_status: LockStatus
    performed_by: str
    performed_at: datetime
    verified_by: str
    verified_at: datetime
    note: str | None
    recorded_at: datetime

    @property
    def frees(self) -> bool:
        """Whether the device may be deployed again, as far as its storage and its locks are concerned."""
        return self.result is Result.SUCCESS and self.lock_status is not LockStatus.LOCKED
