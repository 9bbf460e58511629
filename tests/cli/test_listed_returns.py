"""Which returns a command can list: those that a list ever shows."""

from backhaul.cli.returns import Shown
from backhaul.domain import returns


def test_only_statuses_that_lists_show_are_offered():
    assert {returns.Status(one.value) for one in Shown} == returns.LISTED
