"""What is taken as a place to send to, without asking anybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.internet_hosts import GLOBAL, LOCAL_NAMES, LOOPBACK, NO_HOSTS, NOT_GLOBAL

from backhaul.domain.webhooks import MAX_URL_LENGTH, check_url
from backhaul.domain.webhooks.urls import host_of
from backhaul.kernel.internet import networks

FINE = [
    "https://example.com",
    "http://example.com/",
    "HTTPS://EXAMPLE.com:8443/Hook?a=b&c=%20d",
    "https://example.com?x=1",
    "https://ü.example/ä?ö",
    "https://example.com/a@b?c@d",
    "https://example.com./",
    "https://xn--tda.example:1/",
    "https://intranet/hook",
    f"https://example.com/{'x' * (MAX_URL_LENGTH - len('https://example.com/'))}",
]
REFUSED = {
    "webhook.url_scheme": ["", "example.com", "ftp://example.com/", "file:///etc/passwd", "//example.com",
                           "javascript:x",
                           "https:example.com", "https:/example.com", "httpss://example.com", "gopher://example.com/"],
    "webhook.url_userinfo": ["https://user@example.com/", "https://user:pass@example.com/", "https://@example.com/",
                             "https://example.com@127.0.0.1/", "https://a@b@example.com"],
    "webhook.url_host": ["https://", "https:///path", "https://:443/", "https://?x", "http://[::1/", "http://::1/",
                         "https://exa%6dple.com/", "https://[example.com]/", "https://a:b:c/"],
    "webhook.url_port": ["https://example.com:0/", "https://example.com:65536/", "https://example.com:/"],
    "webhook.url_fragment": ["https://example.com/#a", "https://example.com#"],
    "webhook.url_characters": ["https://example.com/a b", "https://example.com\\@127.0.0.1/", " https://example.com",
                               "https://example.com/\r\nX: y", "https://exam\tple.com/", "https://example.com/\x00",
                               "https://example.com/\u2028", "https://example\u200b.com/"],
    "webhook.url_too_long": [f"https://example.com/{'x' * MAX_URL_LENGTH}"],
}  # fmt: skip


def bracketed(address):
    return f"[{address.replace('%', '%25')}]" if ":" in address else address


@pytest.mark.parametrize("url", FINE)
def test_a_place_on_the_public_internet_is_taken(url):
    assert check_url(url) == []


@pytest.mark.parametrize(("code", "url"), [(code, url) for code, urls in REFUSED.items() for url in urls])
def test_other_urls_are_refused_by_name(code, url):
    assert [(problem.path, problem.code) for problem in check_url(url, path="callback_url")] == [
        ("callback_url", code)
    ]


@pytest.mark.parametrize(
    "host", [*map(bracketed, NOT_GLOBAL), *LOCAL_NAMES, *(h for h in LOOPBACK if h.isprintable())]
)
@pytest.mark.parametrize("form", ["http://{}/", "https://{}:8443/hook?x=y", "HTTPS://{}"])
def test_hosts_that_are_not_public_by_their_spelling_are_refused(host, form):
    url = form.format(host)
    expected = "webhook.url_not_global" if url.isprintable() else "webhook.url_characters"
    assert [problem.code for problem in check_url(url)] == [expected]


@pytest.mark.parametrize("address", GLOBAL)
def test_public_addresses_are_taken(address):
    assert check_url(f"https://{bracketed(address)}/") == []


@pytest.mark.parametrize("host", NO_HOSTS)
def test_what_is_no_host_is_refused(host):
    assert len(check_url(f"https://{host}/")) == 1


def test_a_private_network_that_is_allowed_is_taken_and_no_other():
    allowed = networks(["127.0.0.0/8"])
    for url in ("http://127.0.0.1:1/", "http://localhost/", "http://0x7f.1/", "http://[::ffff:127.0.0.1]/"):
        assert check_url(url, allowed=allowed) == []
    assert [problem.code for problem in check_url("http://10.0.0.1/", allowed=allowed)] == [
        "webhook.url_not_global"
    ]


@given(st.text(max_size=60))
def test_nothing_makes_it_fail(text):
    for url in (text, f"http://{text}", f"https://{text}/x"):
        assert isinstance(check_url(url), list)
        if not check_url(url):
            assert host_of(url)


def test_the_host_is_the_same_in_every_letter_case():
    assert (
        host_of("https://EXAMPLE.com:8443/A?b@c") == host_of("https://example.com:8443") == "example.com:8443"
    )
