"""Every kind of file there is."""

from backhaul.domain.bulk.assets.importing import IMPORTER as ASSETS
from backhaul.domain.bulk.employees.importing import IMPORTER as EMPLOYEES
from backhaul.domain.bulk.importer import Importer
from backhaul.domain.bulk.model import Kind

IMPORTERS: dict[Kind, Importer] = {importer.kind: importer for importer in (ASSETS, EMPLOYEES)}
