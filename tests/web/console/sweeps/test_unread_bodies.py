"""Nobody's body is read only to be refused: who sent it, from where, and with which right is known before."""

import pytest

from backhaul.domain.identity.model import RIGHTS, Role
from tests.web.console.browse import HTML
from tests.web.console.sweeps.routing import filled, routes
from tests.web.console.sweeps.test_rights import ENTRANCE, RIGHT_OF

FORM = {**HTML, "content-type": "multipart/form-data; boundary=edge4x1"}
BODY = [
    b"--edge4x1\r\n",
    b'Content-Disposition: form-data; name="kind"\r\n\r\nassets\r\n',
    b"--edge4x1--\r\n",
]
GUARDED = [path for path in routes("POST") if path == "/imports" or RIGHT_OF[path] is not None]
SIGNED_IN = [path for path in routes("POST") if path not in ENTRANCE]
FROM_ELSEWHERE = [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}]


async def sent(browse, path, **headers):
    """The answer to a form whose body says when it is read, and how much of it was."""
    pieces = 0

    async def body():
        nonlocal pieces
        for piece in BODY:
            pieces += 1
            yield piece

    answer = await browse.client.post(
        path, content=body(), headers={**FORM, **headers}, follow_redirects=False
    )
    return answer, pieces


@pytest.mark.parametrize("path", GUARDED)
async def test_nothing_is_read_from_who_lacks_the_right(console, path):
    assert RIGHT_OF[path] not in RIGHTS[Role.VIEWER]
    answer, pieces = await sent(await console.kept("viewer"), filled(path, console.ids["ours"]))
    right = "inventory.write" if path == "/imports" else RIGHT_OF[path].value
    assert (answer.status_code, right in answer.text, pieces) == (403, True, 0), answer.text


@pytest.mark.parametrize("headers", FROM_ELSEWHERE)
@pytest.mark.parametrize("path", SIGNED_IN)
async def test_nothing_is_read_from_another_site_whoever_is_signed_in(console, path, headers):
    for name in ("viewer", "owner"):
        answer, pieces = await sent(await console.kept(name), filled(path, console.ids["ours"]), **headers)
        assert (answer.status_code, pieces) == (403, 0)
        assert "needs the right" not in answer.text  # another site learns nothing of it


@pytest.mark.parametrize("path", SIGNED_IN)
async def test_nothing_is_read_from_who_is_not_signed_in(console, visitors, path):
    answer, pieces = await sent(await visitors(console), filled(path, console.ids["ours"]))
    assert (answer.status_code, pieces) == (403, 0)


@pytest.mark.parametrize("path", ["/imports", "/campaigns/new"])
async def test_from_who_has_the_right_it_is_read_and_has_to_carry_the_token(console, path):
    answer, pieces = await sent(await console.kept("member"), path)
    assert (answer.status_code, pieces > 0) == (403, True)
    assert "not sent from a page of yours" in answer.text
