"""Everything an organization has, as one file that an import would find unchanged."""

from backhaul.domain.bulk.exporting.export import as_csv, export_file

__all__ = ["as_csv", "export_file"]
