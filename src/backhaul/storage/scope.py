"""Whose rows a piece of work may touch."""

import msgspec

from backhaul.kernel.ids import OrgId


class Scope(msgspec.Struct, frozen=True):
    """One tenant: every statement runs with this organization set, and row-level security holds it there."""

    org_id: OrgId
