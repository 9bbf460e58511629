import hashlib

import pytest

from backhaul.domain.identity import credentials


def test_a_secret_has_the_documented_shape_and_hashes_to_what_is_stored():
    made = credentials.make_secret()
    assert len(made.secret) == 3 + 8 + 1 + 43
    assert made.secret.startswith(made.prefix + "_")
    assert made.prefix.startswith("bh_")
    assert made.hash == hashlib.sha256(made.secret.encode()).digest()
    assert credentials.hash_of(made.secret) == made.hash


def test_no_two_secrets_are_alike():
    assert len({credentials.make_secret().secret for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bh_",
        "bh_abcdefgh_" + "a" * 42,
        "bh_abcdefgh_" + "a" * 44,
        "bh_abcdefgh_" + "a" * 43 + "\n",
        " bh_abcdefgh_" + "a" * 43,
        "bh_ABCDEFGH_" + "a" * 43,
        "bh_abcdefgh_" + "ä" * 43,
        "sk_abcdefgh_" + "a" * 43,
        "\ud800" * 55,
        "\x00" * 55,
        "a" * 100_000,
    ],
)
def test_what_cannot_be_a_secret_has_no_hash(text):
    assert credentials.hash_of(text) is None
