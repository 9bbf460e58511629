"""The routes of this dialect."""

from backhaul.dialects.reready.routes.device_returns import create_device_return, view_device_return
from backhaul.dialects.reready.routes.device_transfers import create_device_transfer, view_device_transfer

HANDLERS = [create_device_transfer, view_device_transfer, create_device_return, view_device_return]
