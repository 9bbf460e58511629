from tests.domain.transfers.ground import ground, opened, sweep, world

__all__ = ["ground", "opened", "sweep", "world"]
