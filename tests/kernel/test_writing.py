import pytest

from backhaul.kernel.writing import is_writable


@pytest.mark.parametrize("text", ["", "Ada", "Zoë 李", "a\u00a0b", "ශ්\u200dරී", "نیک\u200cبخت", "🏳️\u200d🌈"])
def test_what_shows_itself_may_be_written(text):
    assert is_writable(text)


@pytest.mark.parametrize(
    "hidden", ["\0", "\n", "\t", "\x7f", "\x85", "\ud800", "\u00ad", "\u200b", "\u200e", "\u202e", "\u2028"]
)  # fmt: skip
def test_what_hides_or_turns_the_line_may_not(hidden):
    assert not is_writable(f"a{hidden}b")
