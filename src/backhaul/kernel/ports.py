"""The outside world as one process has it set up: each port by its type."""

from collections.abc import Mapping
from typing import Any

Ports = Mapping[type[Any], Any]
