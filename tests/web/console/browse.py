"""A browser without scripts: it keeps cookies, fills in forms, and reads pages."""

import re
from html.parser import HTMLParser

from backhaul.storage.database import SET_TENANT
from tests.dialects.installation import PASSWORD

CSRF = re.compile(r'name="csrf" value="([A-Za-z0-9_-]+)"')
HTML = {"accept": "text/html,application/xhtml+xml", "user-agent": "Mozilla/5.0 (X11; Linux) Chrome/140"}


class Parsed(HTMLParser):
    """What a browser makes of a page; handlers and styles in it are errors."""

    def __init__(self, html):
        super().__init__()
        self.texts, self.elements, self.ids, self.links, self.described = [], [], [], [], []
        self.forms, self.headings, self.inline, self._within = [], [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.elements.append((tag, given))
        self._within.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given[name] for name in ("href", "src", "action") if name in given]
        for name in ("aria-describedby", "aria-labelledby", "for"):
            self.described += (given.get(name) or "").split()
        if tag == "form":
            self.forms.append((given.get("method", "get"), given.get("action")))
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        self.inline += [name for name in given if name.startswith("on") or name == "style"]
        self.inline += [value for value in given.values() if (value or "").lower().startswith("javascript:")]

    def handle_data(self, data):
        if data.strip():
            self.texts.append(" ".join(data.split()))

    def tags(self, name):
        return [given for tag, given in self.elements if tag == name]

    @property
    def posts(self):
        """Where forms of the page post to."""
        return {action for method, action in self.forms if method == "post"}


class Browse:
    """A browser of its own; signed in once `sign_in` has been called."""

    def __init__(self, client, log=None):
        self.client, self.log = client, log
        self.csrf = None

    async def get(self, path, **headers):
        """Open a page; its form token is used by the next `post`."""
        answer = await self.client.get(path, headers={**HTML, **headers}, follow_redirects=False)
        found = CSRF.search(answer.text) if "text/html" in answer.headers.get("content-type", "") else None
        self.csrf = found[1] if found else self.csrf
        return answer

    async def page(self, path):
        """Open a page that must be there, as a browser sees it."""
        answer = await self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:2000])
        return Parsed(answer.text)

    async def post(self, path, fields=None, *, csrf=..., files=None, **headers):
        """Send a form with the token of the page opened last; `csrf=None` sends none."""
        token = self.csrf if csrf is ... else csrf
        given = {**({} if token is None else {"csrf": token}), **(fields or {})}
        return await self.client.post(
            path, data=given, files=files, headers={**HTML, **headers}, follow_redirects=False
        )

    async def does(self, path, fields=None, **options):
        """Send a form that must succeed; returns where it leads."""
        answer = await self.post(path, fields, **options)
        assert answer.status_code == 303, (path, answer.status_code, answer.text[:3000])
        return answer.headers["location"]

    async def sign_in(self, email, password=PASSWORD):
        await self.get("/sign-in")
        await self.does("/sign-in", {"email": email, "password": password, "next": "/"})
        await self.get("/account")
        return self

    async def statements(self, path):
        """The statements that opening a page sends, but for the tenant's setting, named once for each organization."""
        await self.log.take()
        answer = await self.get(path)
        sent = await self.log.take()
        assert sent.count(SET_TENANT) <= 2, sent  # an operator works in two organizations
        return answer, [one for one in sent if one != SET_TENANT]
