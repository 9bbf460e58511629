"""A visit: somebody signed in, who asked for one page or sent one form."""

from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request
from litestar.response.base import ASGIResponse

from backhaul.domain.identity.browsing import Browsing
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import Actor, Right
from backhaul.kernel.errors import DomainError
from backhaul.kernel.paths import without_nul
from backhaul.storage.database import Database
from backhaul.web.console import answering, csrf, notices, rights
from backhaul.web.console.navigation import navigation_for, settings_for
from backhaul.web.console.paths import own_path, with_query
from backhaul.web.console.rendering import render
from backhaul.web.console.saved_views.showing import ShownViews
from backhaul.web.console.statuses import STATUS, TITLES
from backhaul.web.console.trouble import Trouble
from backhaul.web.console.wording import zone_of


class Installed(msgspec.Struct, frozen=True):
    """What the console knows of its installation."""

    base_url: str
    provider_name: str | None = None  # what people sign in with elsewhere; None: nothing is set up

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it by https: cookies are then held to it."""
        return self.base_url.startswith("https://")


class Visit(msgspec.Struct, kw_only=True):
    """What a page or an action has at hand."""

    request: Request[Any, Any, Any]
    browsing: Browsing
    now: datetime
    db: Database  # for an action; for a page, whose reads share a connection
    views: ShownViews | None = None  # of the list that the page is; None: it is none
    page_path: str | None = None  # where the page of a form is opened; None: at the path of this request
    trouble: Trouble | None = None  # the form that was refused, when a page is shown again because of it

    @property
    def serving(self) -> Any:
        """What the process has at hand: authenticator, ports, limits."""
        return self.request.app.state.serving

    @property
    def actor(self) -> Actor:
        """Who acts, in the organization they have chosen."""
        return self.browsing.actor

    @property
    def zone(self) -> ZoneInfo:
        """The viewer's time zone."""
        return zone_of(self.browsing.time_zone)

    @property
    def path(self) -> str:
        """The path of this request."""
        return self.request.url.path

    def may(self, right: Right) -> bool:
        """Tell whether the viewer has a right: pages show no button that would be refused."""
        return right in self.actor.rights

    def port(self, kind: type[Any]) -> Any:
        """Return what was wired for a port type."""
        return self.serving.ports[kind]

    def named(self, name: str) -> str:
        """Return a part of the path, such as `number` of `/transfers/{number:str}`."""
        return str(self.request.path_params[name])

    def asked(self, name: str) -> str | None:
        """Return a value of the query, trimmed; None where it is missing or empty. The last of its name counts.

        A list that is shown again because its form was refused is asked as it was before: by the form's `back`.
        """
        given = self._query.get(name, [])
        return (without_nul(str(given[-1])).strip() or None) if given else None

    @property
    def _query(self) -> dict[str, list[Any]]:
        if self.trouble is not None and "back" in self.trouble.form:
            return parse_qs(urlsplit(own_path(self.trouble.form["back"])).query)
        return self.request.query_params.dict()

    def page(self, template: str, *, title: str, **values: Any) -> ASGIResponse:
        """Return a page of the console, with all that its frame shows; a refused form decides the status."""
        code = 200 if self.trouble is None else self.trouble.status
        return self._answer(template, {**self.frame(title), **values}, code=code)

    def frame(self, title: str) -> dict[str, Any]:
        """Return what every template of the console may use."""
        return {
            "title": title,
            "visit": self,
            "actor": self.actor,
            "browsing": self.browsing,
            "may": self.may,
            "Right": Right,
            "theme": self.browsing.theme.value,
            "zone": self.browsing.time_zone,
            "now": self.now,
            "path": self.path,
            "here": self.page_path or with_query(self.path, **_kept(self.request)),
            "csrf": csrf.masked(self.browsing.csrf_secret),
            "trouble": self.trouble,
            "saved_views": self.views,
            "notice": notices.shown(
                self.asked("notice"),
                self.asked("about"),
                seal=self.asked("seal"),
                secret=self.browsing.csrf_secret,
            ),
            "navigation": navigation_for(self.actor),
            "settings_areas": settings_for(self.actor),
        }

    def go(self, path: str, *, notice: str | None = None, about: object = None) -> ASGIResponse:
        """Send the browser to another page after something was done; `notice` is one that was declared."""
        assert notice is None or notices.is_declared(notice), notice
        named, seal = None if about is None else str(about), None
        if notice is not None and named is not None:
            seal = notices.seal_of(notice, named, secret=self.browsing.csrf_secret)
        return answering.see_other(with_query(path, notice=notice, about=named, seal=seal))

    def refused(self, refusal: DomainError) -> ASGIResponse:
        """Return the page that says why there is no other."""
        status = STATUS[refusal.kind]
        headers = {}
        if "retry_after_seconds" in refusal.data:
            headers["retry-after"] = str(refusal.data["retry_after_seconds"])
        self.trouble = None
        right = _right_of(refusal)
        text = refusal.text
        if right is not None:
            where = self.browsing.organization.name
            text = rights.missing(right, role=self.browsing.role, organization=where)
        shown = {**self.frame(TITLES[status]), "text": text, "right": right}
        return self._answer("refused.html", shown, code=status, headers=headers)

    def _answer(
        self, template: str, shown: dict[str, Any], *, code: int, headers: dict[str, str] | None = None
    ) -> ASGIResponse:
        return answering.html(self.request.scope, render(template, shown), status=code, headers=headers)


def _right_of(refusal: DomainError) -> Right | None:
    """Return the right that was missing; None for every other refusal."""
    known = {right.value: right for right in Right}
    return known.get(str(refusal.data.get("right"))) if isinstance(refusal, RightMissing) else None


def _kept(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Return the query without the notice: where a form that changes the frame leads back to."""
    return {
        name: value for name, value in request.query_params.items() if name not in {"notice", "about", "seal"}
    }
