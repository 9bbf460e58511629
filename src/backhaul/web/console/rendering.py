"""Templates: everything written into them is escaped, and a name that is missing is an error."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from backhaul.web.console import assets, charts, choosing, wording
from backhaul.web.console.navigation import Area, Group

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # else every page asks the disk about each of its templates
)
TEMPLATES.globals.update(
    asset=assets.path_of,
    when=wording.when,
    on_day=wording.on_day,
    ago=wording.ago,
    changed=wording.changed,
    money=wording.money,
    nothing=wording.NOTHING,
    plural=wording.plural,
    telephone=wording.telephone,
    options=choosing.options,
    bars=charts.bars,
    line=charts.line,
)
TEMPLATES.filters.update(number=wording.number, humanized=wording.humanized, or_nothing=wording.or_nothing)
TEMPLATES.filters.update(
    codes=choosing.codes, numbered=choosing.numbered, named=choosing.named, addressed=choosing.addressed
)

KEPT = 512  # parts that many pages share, of a few kilobytes each


def render(template: str, values: dict[str, Any]) -> str:
    """Return a template of the console as text."""
    return TEMPLATES.get_template(f"console/{template}").render(values)


def areas(groups: tuple[Group, ...], path: str) -> Markup:
    """Return the links of the navigation, the one to where the viewer is marked."""
    here = next((area for group in groups for area in group.areas if area.is_here(path)), None)
    return _areas(groups, here, "page" if here is not None and path == here.path else "true")


@lru_cache(maxsize=KEPT)
def _areas(groups: tuple[Group, ...], here: Area | None, current: str) -> Markup:
    text = render("parts/areas.html", {"navigation": groups, "here": here, "current": current})
    return Markup(text)  # noqa: S704 -- a template wrote it, which escapes


TEMPLATES.globals["areas"] = areas
