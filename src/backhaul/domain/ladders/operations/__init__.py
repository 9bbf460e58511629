"""What can be done with ladders, one file per verb."""

from backhaul.domain.ladders.operations.change import change_ladder
from backhaul.domain.ladders.operations.choose import choose_default
from backhaul.domain.ladders.operations.create import create_ladder

__all__ = ["change_ladder", "choose_default", "create_ladder"]
