"""The jobs of imports: a worker does what would keep somebody waiting at a screen."""

from backhaul.jobqueue import OUTAGE, declare

apply_import = declare("bulk.apply_import", retry=OUTAGE)
undo_import = declare("bulk.undo_import", retry=OUTAGE)
