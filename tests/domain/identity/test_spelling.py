import pytest

from backhaul.domain.identity import spelling
from backhaul.kernel.errors import InvalidInput


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Acme, Inc.", "acme-inc"),
        ("  Müller & Söhne  ", "muller-sohne"),
        ("42", "42"),
        ("株式会社", ""),
        ("x" * 100, "x" * 63),
        ("a" * 62 + " b", "a" * 62),
    ],
)
def test_a_slug_is_made_of_letters_and_digits(name, slug):
    assert spelling.slug_from(name) == slug


@pytest.mark.parametrize("slug", ["", "-a", "a-", "a--b", "A", "ä", "a b", "a" * 64])
def test_a_crooked_slug_is_refused(slug):
    with pytest.raises(InvalidInput):
        spelling.clean_slug(slug)


def test_addresses_are_trimmed_and_case_folded():
    assert spelling.clean_email("  Ada@Example.COM ") == "ada@example.com"


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "@example.com",
        "ada@",
        "a@b@c",
        "ada @example.com",
        "ada@exa\nmple.com",
        "a" * 65 + "@example.com",
        "ada@" + "e" * 260,
        "ada@example",
        "<ada>@example.com",
        "ada,eve@example.com",
        '"ada"@example.com',
        ".ada@example.com",
        "ada.@example.com",
        "a..b@example.com",
        "-@-.-",
        "ada@-example.com",
        "ada@example-.com",
        "ada@example..com",
        "ada@example.com.",
        "ada@.com",
        "ada@exa_mple.com",
        "ada@[192.0.2.1]",
        "ada@" + "e" * 64 + ".com",
        "ad\u202ea@example.com",
        "ada@exam\u200bple.com",
        "ada\u2028@example.com",
        "ada\u00a0b@example.com",
        "ada@example\u3002com",
        "☃@example.com",
        "\ud800@example.com",
    ],
)
def test_what_cannot_be_an_address_is_refused(email):
    with pytest.raises(InvalidInput) as caught:
        spelling.clean_email(email)
    assert [problem.path for problem in caught.value.problems] == ["email"]


@pytest.mark.parametrize(
    "email",
    [
        "a@b.co",
        "-@b.co",
        "ada.o'neil+backhaul_1=2@mail.example.com",
        "!#$%&*/?^`{|}~@example.com",
        "jürgen@müller-söhne.de",
        "用户@例子.广告",
        "अजय@डाटा.भारत",
        "i\u0307@example.com",
        "a" * 64 + "@" + "e" * 63 + ".com",
        "ada@xn--mller-kva.de",
        "ada@1.2.example",
    ],
)
def test_what_can_be_an_address_is_taken_as_it_is(email):
    assert spelling.clean_email(email) == spelling.possible_email(email) == email


@pytest.mark.parametrize("name", ["", "   ", "a\x00b", "a\nb", "x" * 201])
def test_an_empty_long_or_unprintable_name_is_refused(name):
    with pytest.raises(InvalidInput):
        spelling.clean_name(name)


def test_networks_are_brought_into_cidr_form_once_each():
    given = ["203.0.113.7", "203.0.113.7/32", " 10.0.0.0/8", "2001:db8::/32"]
    assert spelling.clean_networks(given) == ("203.0.113.7/32", "10.0.0.0/8", "2001:db8::/32")


def test_all_wrong_networks_are_named_at_once():
    with pytest.raises(InvalidInput) as caught:
        spelling.clean_networks(["10.0.0.1/8", "10.0.0.0/8", "office"])
    assert [problem.path for problem in caught.value.problems] == [
        "allowed_networks[0]",
        "allowed_networks[2]",
    ]
