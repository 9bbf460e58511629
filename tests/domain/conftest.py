"""One swept database for all folders of the domain: one each would use up PostgreSQL's connections."""

from tests.domain.transfers.ground import ground, opened, sweep, world

__all__ = ["ground", "opened", "sweep", "world"]
