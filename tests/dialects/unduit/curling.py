"""Requests as curl sends them: a printed command line, taken apart."""

import shlex
from urllib.parse import urlsplit

PRINTED_HOST = "https://dev-api.unduit.com"
CURLS_OWN = {"user-agent": "curl/8.5.0", "accept": "*/*"}
CURLS_TYPE = "application/x-www-form-urlencoded"  # of every body, unless a header says otherwise


def request_of(printed):
    """Return (method, path with query, headers, body) of a printed curl command."""
    name, *words = shlex.split(printed.replace("\\\n", " "))
    assert name == "curl"
    method, url, headers, body = None, None, dict(CURLS_OWN), None
    while words:
        word = words.pop(0)
        if word == "--location":
            continue
        if word == "--request":
            method = words.pop(0)
        elif word == "--header":
            key, value = words.pop(0).split(":", 1)
            headers[key.lower()] = value.strip()
        elif word in {"--data", "--data-raw"}:
            body = words.pop(0)
        else:
            assert url is None, word
            url = word
    if body is not None:
        headers.setdefault("content-type", CURLS_TYPE)
        method = method or "POST"
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}" == PRINTED_HOST
    return method or "GET", url.removeprefix(PRINTED_HOST), headers, body
