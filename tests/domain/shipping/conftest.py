from tests.domain.transfers.conftest import world

__all__ = ["world"]
