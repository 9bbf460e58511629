"""Every form that takes a file, found on the pages and in the application: hostile files and bodies leave nothing."""

import re
import tempfile

import pytest

from backhaul.web.console.forms import MAX_BYTES
from backhaul.web.console.routes import HANDLERS
from tests.web.console.browse import HTML, Parsed
from tests.web.console.page_table import PAGES
from tests.web.console.sweeps.hostile_files import NAMES, PICTURES, TABLES, png
from tests.web.console.sweeps.routing import PART, routes

EDGE = "edge4x1"
END = f"--{EDGE}--\r\n".encode()
FORM = f"multipart/form-data; boundary={EDGE}"
TRACED = ("history", "outbox", "import_batches", "return_photos", "recovery_cases", "assets", "employees")
LIMITS = {
    path: handler.request_max_body_size
    for handler in HANDLERS
    if "POST" in {str(method) for method in handler.http_methods}
    for path in handler.paths
}
# Larger than others and without files: what the page of people that were looked at carries to the next one.
CARRYING = {"/campaigns/{campaign:str}/people"}
UPLOADS = sorted(path for path, limit in LIMITS.items() if limit > MAX_BYTES and path not in CARRYING)
PAGE_BYTES = 200_000  # a refusal is no larger than a page
uploads = pytest.mark.parametrize("path", UPLOADS)


class Upload:
    """A form with a file as its page shows it, and whoever sends it."""

    def __init__(self, browse, form):
        self.browse = browse
        inputs = form.tags("input")
        (self.field,) = (one["name"] for one in inputs if one.get("type") == "file")
        (accepted,) = (one.get("accept", "") for one in inputs if one.get("type") == "file")
        self.hostile = PICTURES if "image" in accepted else TABLES
        (self.action,) = form.posts
        self.fields = {one["name"]: one.get("value", "") for one in inputs if one.get("type") != "file"}
        self.fields |= {"kind": "assets"} if form.tags("select") else {}

    def part(self, content, *, name="a.csv", kind="text/csv", field=None):
        """A part with a file, and headers that are not ours to choose."""
        where = f'form-data; name="{field or self.field}"; filename="{name}"'.encode()
        head = b"Content-Disposition: " + where + b"\r\nContent-Type: " + kind.encode()
        return b"--" + EDGE.encode() + b"\r\n" + head + b"\r\n\r\n" + content + b"\r\n"

    def whole(self, *parts, end=END):
        """A body with our own fields, then these parts."""
        texts = [(name, value) for name, value in (self.fields | {"csrf": self.browse.csrf}).items()]
        own = (
            f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in texts
        )
        return "".join(own).encode() + b"".join(parts) + end

    async def send(self, body, *, kind=FORM):
        """Post a body as it is."""
        headers = {**HTML, "content-type": kind}
        return await self.browse.client.post(
            self.action, content=body, headers=headers, follow_redirects=False
        )


@pytest.fixture(scope="session")
async def found(console):
    """The forms with files on all pages, by the route they post to."""
    forms = {}
    for page in PAGES:
        browse = await console.kept(page.who)
        answer = await browse.get(page.of(console.ids["ours"]))
        for text in re.findall(r"<form .*?</form>", answer.text, flags=re.DOTALL):
            if 'type="file"' in text:
                upload = Upload(browse, Parsed(text))
                fitting = [
                    path for path in routes("POST") if re.fullmatch(PART.sub("[^/]+", path), upload.action)
                ]
                forms.setdefault(min(fitting, key=lambda path: path.count("{")), upload)
    return forms


@pytest.fixture
async def nothing_left(console, tmp_path, monkeypatch):
    """Fails if anything is stored, in tables, in the installation's folder or in the one for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = console.app.place.data_dir
    before = await console.traces(TRACED), sorted(folder.rglob("*"))
    yield
    assert (await console.traces(TRACED), sorted(folder.rglob("*"))) == before
    assert list(tmp_path.iterdir()) == []


def test_every_form_with_a_file_is_known_and_every_route_for_files_has_one(found):
    assert sorted(found) == UPLOADS
    assert len(UPLOADS) >= 3


def require_refused(answer, why):
    """It is a page of ours that says no, not too long, and with the headers of every page."""
    assert 400 <= answer.status_code < 500, (why, answer.status_code)
    assert answer.headers["content-type"] == "text/html; charset=utf-8", why
    assert answer.headers["x-content-type-options"] == "nosniff", why
    assert "went wrong on our side" not in answer.text, why
    assert len(answer.content) < PAGE_BYTES, why


@uploads
async def test_a_file_that_is_not_what_is_wanted_is_refused(found, nothing_left, path):
    upload = found[path]
    right = ("a.png", "image/png") if upload.hostile is PICTURES else ("a.xlsx", "text/csv")
    for why, content in upload.hostile.items():
        name, kind = right
        require_refused(await upload.send(upload.whole(upload.part(content, name=name, kind=kind))), why)


@uploads
async def test_no_name_or_type_makes_a_file_another_one(found, nothing_left, path):
    upload = found[path]
    content = upload.hostile["SVG"]
    for name in NAMES:
        for kind in ("image/png", "text/csv", "image/svg+xml", "text/html; charset=utf-7", "multipart/mixed"):
            answer = await upload.send(upload.whole(upload.part(content, name=name, kind=kind)))
            require_refused(answer, (name, kind))
            assert "<script>alert" not in answer.text
            assert "a=b" not in str(answer.headers)


@uploads
async def test_a_body_that_is_no_form_is_refused(found, nothing_left, path):
    upload = found[path]
    part, charset = upload.part(b"a,b\n1,2"), 'form-data; name="kind"\r\nContent-Type: text/plain; charset='
    edge = f"--{EDGE}\r\nContent-Disposition: ".encode()
    bodies = {
        "cut in a file": upload.whole(part, end=b"")[:-9],
        "cut in a header": upload.whole(edge + b"form-da", end=b""),
        "without an end": upload.whole(part, end=b""),
        "behind the end": upload.whole(part) + part,
        "ten thousand parts": upload.whole(*[upload.part(b"x") for _ in range(10_000)]),
        "ten thousand fields": upload.whole(*[edge + b'form-data; name="x"\r\n\r\ny\r\n'] * 10_000),
        "no name of a field": upload.whole(edge + b'form-data; filename="a.csv"\r\n\r\na,b\r\n'),
        "no header": upload.whole(f"--{EDGE}\r\n\r\na,b\r\n".encode()),
        "a header of a megabyte": upload.whole(upload.part(b"a", name="x" * 1_000_000)),
        "ten thousand headers": upload.whole(
            part.replace(b"\r\n\r\n", b"\r\n" + b"X-A: b\r\n" * 10_000 + b"\r\n", 1)
        ),
        "NUL in a header": upload.whole(upload.part(b"a", name="a\x00.csv")),
        "no UTF-8 in a header": upload.whole(part.replace(b"a.csv", b"\xff\xfe.csv")),
        "no UTF-8 in a text": upload.whole(edge + b'form-data; name="kind"\r\n\r\n\xff\xfe\r\n'),
        **{
            f"texts in {name}": upload.whole(
                edge + charset.encode() + name.encode() + b"\r\n\r\n+ADw-\xff\r\n"
            )
            for name in ("no-such-charset", "utf-7", "utf-16", "rot13", "hex", "idna", "undefined")
        },
    }
    for why, body in bodies.items():
        require_refused(await upload.send(body), why)
    for kind in (
        "multipart/form-data",
        "multipart/form-data; boundary=",
        f"{FORM}x",
        "text/csv",
        "image/png",
        "",
    ):
        require_refused(await upload.send(upload.whole(part), kind=kind), kind)


@uploads
async def test_no_file_an_empty_one_and_a_field_of_another_name_are_refused(found, nothing_left, path):
    upload = found[path]
    for why, parts in {
        "none": (),
        "no name of a file": (upload.part(b"a,b", name=""),),
        "another field": (upload.part(b"a,b", field="files[]"),),
        "empty ones": (upload.part(b""), upload.part(b"")),
    }.items():
        require_refused(await upload.send(upload.whole(*parts)), why)


# What the framework had begun to keep when the limit was reached is let go by the interpreter.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@uploads
async def test_a_body_that_grows_beyond_the_limit_is_refused_while_it_comes(found, nothing_left, path):
    """It does not say how long it is; nothing of it is kept, and no more is read than the limit."""
    upload, read = found[path], 0
    limit = LIMITS[path]

    async def growing():
        nonlocal read
        yield upload.whole(upload.part(b"", name="a.csv"), end=b"")[:-2]
        for _ in range(2 * limit // 1_000_000):
            read += 1_000_000
            yield b"x" * 1_000_000

    answer = await upload.send(growing())
    require_refused(answer, path)
    assert answer.status_code == 413
    assert f"larger than {limit} bytes" in answer.text
    assert read <= limit + 2_000_000


async def test_what_is_good_among_hostile_pictures_is_drawn_anew_under_a_name_and_a_type_of_ours(
    own_console, visitors
):
    browse = await visitors(own_console, "operator")
    await browse.get("/warehouse")
    page = f"/warehouse/parcels/{own_console.ids['ours']['opening']}"
    answer = await browse.get(page)
    (form,) = (one for one in re.findall(r"<form .*?</form>", answer.text, re.DOTALL) if 'type="file"' in one)
    upload, pictures = Upload(browse, Parsed(form)), re.compile(rf'src="({page}/photos/[^"]+)"')
    before = pictures.findall(answer.text)
    picture = upload.part(png(), name="../../evil.html", kind="text/html")
    answer = await upload.send(upload.whole(upload.part(PICTURES["SVG"], name="a.png"), picture))
    require_refused(answer, "one of two")
    assert "1 of the pictures were kept" in answer.text
    (shown,) = set(pictures.findall((await browse.get(page)).text)) - set(before)
    answer = await browse.get(shown)
    assert answer.headers["content-type"] == "image/jpeg"  # the list shows small ones
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "evil" not in str(answer.headers)
    assert answer.content.startswith(b"\xff\xd8\xff")
