"""Templates: everything written into them is escaped, and a name that is missing is an error."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backhaul.web.console import assets, charts, choosing, wording

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.globals.update(
    asset=assets.path_of,
    when=wording.when,
    on_day=wording.on_day,
    ago=wording.ago,
    money=wording.money,
    nothing=wording.NOTHING,
    plural=wording.plural,
    bars=charts.bars,
    line=charts.line,
)
TEMPLATES.filters.update(number=wording.number, humanized=wording.humanized, or_nothing=wording.or_nothing)
TEMPLATES.filters.update(
    codes=choosing.codes, numbered=choosing.numbered, named=choosing.named, addressed=choosing.addressed
)


def render(template: str, values: dict[str, Any]) -> str:
    """Return a template of the console as text."""
    return TEMPLATES.get_template(f"console/{template}").render(values)
