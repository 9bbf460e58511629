"""Finding things across capabilities: what a scanned code means, and all that others know of one asset or person.

Only reads, and only for people at a screen: nothing here decides anything, and no capability below asks it. Start with
`model`.
"""

from backhaul.domain.finding.model import (
    AssetDossier,
    Custodian,
    Hit,
    HitGroup,
    HitKind,
    OwedItem,
    PersonDossier,
    RelatedHold,
    RelatedTransfer,
)
from backhaul.domain.finding.queries import get_asset_dossier, get_person_dossier, scan, search

__all__ = [
    "AssetDossier",
    "Custodian",
    "Hit",
    "HitGroup",
    "HitKind",
    "OwedItem",
    "PersonDossier",
    "RelatedHold",
    "RelatedTransfer",
    "get_asset_dossier",
    "get_person_dossier",
    "scan",
    "search",
]
