"""Second factors: time-based one-time passwords (RFC 6238) and the recovery codes that stand in for them.

Not here: the session that waits for a code (`browsing`). Start with `model`, then `operations.checking`.
"""

from backhaul.domain.identity.second_factor.model import Enrolment, Factor
from backhaul.domain.identity.second_factor.operations.checking import check_code
from backhaul.domain.identity.second_factor.operations.enrolling import (
    begin_enrolment,
    confirm_enrolment,
    remove_factor,
)
from backhaul.domain.identity.second_factor.queries import enrolment_in, find_factor

__all__ = [
    "Enrolment",
    "Factor",
    "begin_enrolment",
    "check_code",
    "confirm_enrolment",
    "enrolment_in",
    "find_factor",
    "remove_factor",
]
