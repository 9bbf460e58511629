"""Write one label in every format we keep."""

from backhaul.adapters.labels.pdf import to_pdf
from backhaul.adapters.labels.sheet import LabelSheet
from backhaul.adapters.labels.zpl import to_zpl
from backhaul.domain.shipping.model import LabelFile, LabelFormat


def render_label(sheet: LabelSheet) -> tuple[LabelFile, ...]:
    """Return a label as PDF and as ZPL. It takes ten milliseconds of processor time: call it in a thread."""
    return (
        LabelFile(format=LabelFormat.PDF, content=to_pdf(sheet)),
        LabelFile(format=LabelFormat.ZPL, content=to_zpl(sheet)),
    )
