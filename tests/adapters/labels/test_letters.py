import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.adapters.labels import fonts, unprintable
from backhaul.adapters.labels.letters import LATIN_1, STAND_IN, printable


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("José Müller-Ångström", "José Müller-Ångström"),
        ("Jose\u0301", "José"),
        ("Łódź, Őrség, Škoda, Iğdır", "Lódz, Orség, Skoda, Igdir"),
        ("Γιώργος", "Giorgos"),
        ("Иван Щукин, ул. Тверская", "Ivan Shchukin, ul. Tverskaia"),
        ("Київ", "Kiiv"),
        ("김민준", "GimMinJun"),
        ("カタカナ ひらがな", "katakana hiragana"),
        ("שלום", "shlvm"),
        ("محمد", "mhmd"),
        ("１２３ ＡＢＣ", "123 ABC"),
        ("٣", "3"),
        ("Anna 🎉 Lee 👩‍💻", "Anna Lee"),
        ("a\nb\tc\x00d\u2028e", "a b c d e"),
        ("“Quoted” – it’s", '"Quoted" - it\'s'),
        ("\u202eabc", "abc"),
        ("山田", "??"),
        ("½ Straße №5", "1/2 Straße No. 5"),
        ("", ""),
    ],
)
def test_text_becomes_latin_letters(text, printed):
    assert printable(text) == printed


@given(st.text())
def test_only_letters_of_the_alphabet_remain(text):
    assert set(printable(text)) <= LATIN_1
    assert set(printable(text, fonts.load())) <= fonts.load()


def test_what_the_font_has_stays_as_it_is():
    text = "Żółkiewski Παπαδόπουλος Иванов"
    assert printable(text, fonts.load()) == text


def test_unprintable_signs_are_named_once():
    assert unprintable("王小明 王 Anna? 🎉 Łódź 김") == "王小明"
    assert printable("王小明").count(STAND_IN) == 3
