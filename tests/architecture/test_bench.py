"""What `make bench` measures by default ends in time: it refuses to begin otherwise."""

import pytest
from bench.options import read_options
from bench.scenarios import SCENARIOS

ROWS = tuple(scenario.name for scenario in SCENARIOS)


def test_a_run_of_everything_is_accepted_as_it_is(monkeypatch):
    monkeypatch.setattr("sys.argv", ["bench"])
    assert set(ROWS) < set(read_options(ROWS).names)


def test_a_longer_one_is_refused(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["bench", "--seconds", "30"])
    with pytest.raises(SystemExit):
        read_options(ROWS)
    assert "below 20 minutes" in capsys.readouterr().err
