"""Texts that people write: which characters they may hold."""

import unicodedata

# Controls, line breaks, halves of characters, and format characters: invisible, and able to turn a line's direction.
_UNWRITABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")  # Persian, Sinhala and other spellings need them within words


def is_writable(text: str) -> bool:
    """Tell whether a text shows everything it holds, on one line."""
    return text.isprintable() or all(
        character in _JOINERS or unicodedata.category(character) not in _UNWRITABLE for character in text
    )
