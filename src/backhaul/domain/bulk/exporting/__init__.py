"""Everything an organization has, as one file that an import would find unchanged."""

from backhaul.domain.bulk.exporting.export import export_file

__all__ = ["export_file"]
