"""What the XML of a workbook's parts comes to: how far its cells reach, and how long the texts are they share."""

from xml.parsers import expat

MOST_ANNOUNCED = 10_000_000
_ANNOUNCING = ("count", "uniqueCount")
_DIGITS = "0123456789"
_SHARED = "s"  # ECMA-376 part 1 §18.18.11: the value is the number of a shared text


class Measured:
    """Counts while parts are parsed, the shared texts first."""

    def __init__(self) -> None:
        self.shared_characters = 0  # what the cells repeat of shared texts, over all parts
        self._lengths: list[int] = []
        self.begin_part()

    def begin_part(self) -> None:
        """Forget between which rows and columns the last part had cells that hold anything."""
        self._row = self._column = 0
        self._used_rows: set[int] = set()
        self._used_columns: set[int] = set()
        self._is_shared = False  # whether the cell's value is the number of a shared text
        self._is_number = self._is_text = False  # whether what is read now is such a number, or a shared text
        self._number = ""

    def parser(self) -> expat.XMLParserType:
        """Return a parser that counts here. It takes UTF-8 alone and no document type: nobody writes others."""
        parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.CharacterDataHandler = self._text
        return parser

    def end_part(self) -> None:
        """Count the last cell."""
        self._count_shared()

    @property
    def rows(self) -> int:
        """How many rows lie between the first and the last cell."""
        return max(self._used_rows) - min(self._used_rows) + 1 if self._used_rows else 0

    @property
    def columns(self) -> int:
        """How many columns lie between the first and the last cell."""
        return max(self._used_columns) - min(self._used_columns) + 1 if self._used_columns else 0

    @property
    def last_row(self) -> int:
        """The last row with a cell, the first being 1."""
        return max(self._used_rows, default=0)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        """Note where a row, a cell or a value begins. A row or cell that does not say where it is comes next."""
        tag = name.rpartition(" ")[2]
        if self._number:
            self._count_shared()
        self._is_number = tag == "v" and self._is_shared
        if tag == "c":
            self._is_shared = attributes.get("t") == _SHARED
            place = attributes.get("r")
            if place is None:
                self._column += 1
                return
            letters = place.rstrip(_DIGITS)
            self._column = _column(letters)
            self._row = int(place[len(letters) :])
        elif tag in {"v", "is"}:  # cells without are formats
            self._used_rows.add(self._row)
            self._used_columns.add(self._column)
        elif tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif tag == "si":
            self._lengths.append(0)
            self._is_text = True
        else:
            _require_plausible(attributes)

    def _text(self, text: str) -> None:
        if self._is_number:
            self._number += text
        elif self._is_text:
            self._lengths[-1] += len(text)

    def _count_shared(self) -> None:
        number = self._number.strip()
        self._number = ""
        if not number:
            return
        at = int(number)
        if not 0 <= at < len(self._lengths):
            raise ValueError(f"no shared text {at}")
        self.shared_characters += self._lengths[at]


def _require_plausible(attributes: dict[str, str]) -> None:
    # Places are set aside for as many as are announced, before the first one is read.
    for name in _ANNOUNCING:
        if int(attributes.get(name, 0)) > MOST_ANNOUNCED:
            raise ValueError(f"{name} is {attributes[name]}")


def _refuse_doctype(*_: object) -> None:
    raise ValueError("it declares a document type")


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
