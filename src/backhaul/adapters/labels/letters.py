"""Bring any text into letters that a label can print, and never print an empty box in silence.

What the font has stays as it is. Everything else is written in Latin letters, as the Universal Postal Union
asks for mail that crosses a border: other accents lose their accent, Greek, Cyrillic, Hebrew, Arabic, kana
and Hangul are romanized. Ornaments (emoji) and control characters are left out. What remains has no reading
without a dictionary, Chinese characters above all, and becomes `STAND_IN`; `unprintable` names it, so that
a carrier can refuse the address.
"""

import unicodedata
from collections.abc import Container
from functools import lru_cache

from backhaul.adapters.labels.romanization import SPELLINGS

STAND_IN = "?"

# Every Latin-1 letter: what the resident font of a label printer has under ^CI28.
LATIN_1 = frozenset(map(chr, range(0x20, 0x7F))) | frozenset(map(chr, range(0xC0, 0x100))) - set("×÷")

_FRACTION_SLASH = "\u2044"  # inside ½
_LEFT_OUT = ("C", "M", "So", "Sk")  # control, format, marks without their letter, ornaments


def printable(text: str, alphabet: Container[str] = LATIN_1) -> str:
    """Return one line of text that consists of the alphabet's characters alone."""
    composed = unicodedata.normalize("NFC", text)
    spelled = "".join(_spelled(character, alphabet) for character in composed)
    return " ".join(spelled.split())


def unprintable(text: str) -> str:
    """Return the characters that a label can only show as a stand-in, each once, in order."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(dict.fromkeys(c for c in composed if c != STAND_IN and _romanized(c) == STAND_IN))


def _spelled(character: str, alphabet: Container[str]) -> str:
    if character.isspace() or unicodedata.category(character) == "Cc":
        return " "
    if character in alphabet:
        return character
    return "".join(c if c in alphabet else _plain(c) for c in _romanized(character))


def _plain(character: str) -> str:
    decomposed = unicodedata.normalize("NFKD", character)
    return "".join(c for c in decomposed if c.isascii() and c.isprintable()) or STAND_IN


@lru_cache(maxsize=4096)
def _romanized(character: str) -> str:
    """Return a character in Latin-1 letters, nothing for an ornament, or the stand-in."""
    if character in LATIN_1:
        return character
    spelling = SPELLINGS.get(character.lower())
    if spelling is not None:
        return spelling if character.lower() == character else spelling.capitalize()
    if unicodedata.category(character).startswith(_LEFT_OUT):
        return ""
    digit = unicodedata.digit(character, None)
    return _without_accent(character) if digit is None else str(digit)


def _without_accent(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character).replace(_FRACTION_SLASH, "/")
    plain = "".join(c for c in parts if c.isascii() and c.isprintable())
    if plain:
        return plain
    return (
        _romanized(parts[0])
        if parts[0] != character and parts[0].lower() in SPELLINGS
        else _reading(character)
    )


def _reading(character: str) -> str:
    """Return the sound that Unicode's own name of a kana or a Hangul syllable states."""
    name = unicodedata.name(character, "")
    for script in ("HIRAGANA LETTER ", "KATAKANA LETTER "):
        if name.startswith(script):
            return name.removeprefix(script).removeprefix("SMALL ").lower()
    if name.startswith("HANGUL SYLLABLE "):
        return name.removeprefix("HANGUL SYLLABLE ").capitalize()
    if unicodedata.category(character).startswith(("P", "Z")):
        return " "
    return STAND_IN
