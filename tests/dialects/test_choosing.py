"""Who words a refusal: the dialect whose path it is, else the one whose credentials were sent."""

import json

import pytest

from backhaul.dialects.boxc.routes import HANDLERS as BOXC
from backhaul.dialects.choosing import RESOURCES, plain, renderer
from backhaul.dialects.reready import errors as reready
from backhaul.dialects.unduit import errors as unduit
from backhaul.dialects.unduit.routes import HANDLERS
from backhaul.domain.identity.errors import CredentialsMissing


def chosen(path, authorization=None):
    headers = [] if authorization is None else [(b"authorization", authorization)]
    return renderer({"path": path, "headers": headers})


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/device_transfers",
        "/api/v1/device_transfers/",
        "/api/v1/device_transfers/1/2",
        "/api/v1/device_returns/x",
    ],
)
@pytest.mark.parametrize("authorization", [None, b"Token x", b"Bearer x", b"\xff"])
def test_a_known_resource_decides_whatever_the_credentials(path, authorization):
    assert chosen(path, authorization) is reready.render


@pytest.mark.parametrize("path", ["/api/v1/device_transfersx", "/api/v1", "/api/v1/", "/api/v1/devices/1"])
def test_elsewhere_under_the_prefix_the_scheme_decides(path):
    assert chosen(path, b"Token x") is reready.render
    assert chosen(path, b"tOKEN x") is reready.render
    assert chosen(path, b"Token") is reready.render
    for authorization in (None, b"", b"Bearer x", b"Basic x", b"Tokenx", b"\xff\xfe x"):
        assert chosen(path, authorization) is unduit.render


@pytest.mark.parametrize("path", sorted({path for handler in HANDLERS for path in handler.paths}))
@pytest.mark.parametrize("authorization", [None, b"Token x", b"Bearer x"])
def test_whatever_a_route_refuses_is_worded_by_its_dialect(path, authorization):
    assert chosen(path, authorization) is unduit.render
    assert chosen(f"{path}/x", authorization) is unduit.render


@pytest.mark.parametrize(
    ("path", "render"),
    [
        ("/api/v1/assets", unduit.render),
        ("/api/v1/assetsx", reready.render),
        ("/api/v2", unduit.render),
        ("/api/v2/device_transfers", unduit.render),
        ("/api/v2x", plain),
        ("/api/v1x", plain),
    ],
)
def test_a_resource_ends_where_its_segment_ends(path, render):
    assert chosen(path, b"Token x") is render
    assert {"/api/v1/assets", "/api/v2"} <= set(RESOURCES)


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v3/device_transfers", "/device_transfers"])
def test_outside_of_the_prefix_nobodys_dialect_is_spoken(path):
    assert chosen(path, b"Token x") is plain


@pytest.mark.parametrize("path", sorted({path for handler in BOXC for path in handler.paths}))
def test_whatever_a_route_of_boxc_refuses_is_worded_by_it(path):
    """Sign-in answers as OAuth does, everything else with a number, whatever the credentials."""
    for authorization in (None, b"Token x", b"Bearer x"):
        for below in (path, f"{path}/x"):
            body = json.loads(chosen(below, authorization)(CredentialsMissing(hint="x"), None).body)
            assert body.get("code") == (None if path.startswith("/auth/v1/") else 1005)
            assert body.get("error") == ("invalid_client" if path.startswith("/auth/v1/") else None)


@pytest.mark.parametrize("path", ["/v1x", "/v2", "/auth", "/auth/v2/token", "/well-known"])
def test_beside_boxcs_paths_nobodys_dialect_is_spoken(path):
    assert chosen(path, b"Bearer x") is plain
