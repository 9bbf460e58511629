"""Which HTTP status a kind of refusal has on a page."""

from backhaul.kernel.errors import Kind

STATUS: dict[Kind, int] = {
    Kind.MALFORMED: 400,
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.PAYMENT_REQUIRED: 402,
    Kind.TOO_LARGE: 413,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
    Kind.UNSUPPORTED: 501,
}
TITLES: dict[int, str] = {
    400: "That was not understood",
    401: "Please sign in",
    402: "That has to be paid first",
    403: "You may not do that",
    404: "There is nothing here",
    405: "That cannot be done here",
    409: "That is not possible now",
    413: "That is too large",
    422: "That was refused",
    429: "Too much in a short time",
    500: "Something went wrong",
    501: "That is not offered here",
    503: "Please try again in a moment",
}
