"""How long a text message is: what fits one, and the signs that make it longer (3GPP TS 23.038, TS 23.040)."""

import unicodedata

MAX_SEGMENTS = 2
# Of one message alone, and of each part of a longer one, whose header takes the rest.
GSM_ALONE, GSM_PART = 160, 153
UCS2_ALONE, UCS2_PART = 70, 67

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_ESCAPED = frozenset("\f^{}\\[~]|€")  # two places each
_PLAINER = str.maketrans(
    {
        "’": "'", "‘": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "…": "...", "–": "-",
        "—": "-", "‑": "-", "−": "-", "•": "-", "×": "x", "\xa0": " ", "\u202f": " ", "\u200b": "", "\ufeff": "",
    }
)  # fmt: skip
# Letters that are no letter with a mark.
_BARE = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "œ": "oe", "Œ": "OE", "ẞ": "SS"})


def is_gsm(text: str) -> bool:
    """Return whether a text needs the telephone alphabet alone: umlauts and Spanish ñ are in it, Polish ł is not."""
    return _GSM.issuperset(set(text) - _GSM_ESCAPED)


def segments(text: str) -> int:
    """Return how many messages a text is sent as; a sign of two places is never split between two of them."""
    if is_gsm(text):
        alone, part = GSM_ALONE, GSM_PART
        places = [1 + (sign in _GSM_ESCAPED) for sign in text]
    else:
        alone, part = UCS2_ALONE, UCS2_PART
        places = [1 + (sign > "\uffff") for sign in text]
    if sum(places) <= alone:
        return 1
    count, free = 1, part
    for taken in places:
        if taken > free:
            count, free = count + 1, part
        free -= taken
    return count


def plainer(text: str) -> str:
    """Return the text with typographic signs as telephones write them: one curly quote would halve what fits."""
    return text.translate(_PLAINER)


def in_gsm(text: str) -> str | None:
    """Return a name in the telephone alphabet, marks left out where it has none, or None if it has no such spelling."""
    spelled = "".join(sign if is_gsm(sign) else _bare(sign) for sign in plainer(text))
    return spelled.strip() if spelled.strip() and is_gsm(spelled) else None


def _bare(sign: str) -> str:
    bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    return bare.translate(_BARE)
