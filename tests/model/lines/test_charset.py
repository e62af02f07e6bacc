import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import UndecodableError
from model.lines.charset import decode

RUSSIAN = "Съешь же ещё этих мягких французских булок, да выпей чаю. " * 5
JAPANESE = "東京都は二十日、隅田川の護岸工事を来月から始めると発表した。住民説明会は今週末に開かれる。" * 5
FRENCH = "Dès Noël, où un zéphyr haï me vêt de glaçons würmiens, je dîne d’exquis rôtis de bœuf. " * 5


def meta(charset: str, text: str) -> str:
    return f'<!doctype html><html><head><meta charset="{charset}"></head><body>{text}</body></html>'


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_utf8_needs_no_word(text: str) -> None:
    assert decode(text.encode(), None, False) == text.removeprefix("\ufeff")


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("header", [None, "koi8-r"])
def test_a_mark_goes_before_all(charset: str, header: str | None) -> None:
    source = meta("windows-1251", RUSSIAN)
    assert decode(source.encode(charset), header, True) == source


def test_a_header_goes_before_a_declaration() -> None:
    source = meta("windows-1251", RUSSIAN)
    assert decode(source.encode("koi8-r"), "KOI8-R", True) == source


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "iso-8859-5"])
def test_a_declaration_counts_in_html_alone(charset: str) -> None:
    body = meta(charset, RUSSIAN).encode(charset)
    assert RUSSIAN in decode(body, None, True)
    old = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head>{RUSSIAN}'
    assert decode(old.encode(charset), None, True) == old
    # Declared as another one, text is detected whatever it says.
    lying = meta("iso-8859-7", RUSSIAN).encode("utf-8")
    assert RUSSIAN in decode(lying, None, False)


@pytest.mark.parametrize(
    ("text", "charset"),
    [(RUSSIAN, "windows-1251"), (JAPANESE, "shift_jis"), (JAPANESE, "euc_jp"), (JAPANESE, "iso2022_jp")],
)
def test_detection_finds_what_nobody_named(text: str, charset: str) -> None:
    assert decode(text.encode(charset), None, False) == text


def test_western_text_without_a_word_is_readable() -> None:
    assert "zéphyr" in decode(FRENCH.encode("windows-1252"), None, False)


@pytest.mark.parametrize(
    ("declared", "sent", "text"),
    [("iso-8859-1", "windows-1252", "“œuf” – €"), ("gb2312", "gb18030", "镕堃𠀀"), ("shift_jis", "cp932", "①髙")],
)
def test_a_charset_is_read_as_its_superset(declared: str, sent: str, text: str) -> None:
    assert decode(text.encode(sent), declared, False) == text


def test_wide_characters_can_not_be_declared_in_narrow_ones() -> None:
    source = meta("utf-16", RUSSIAN)
    assert decode(source.encode(), None, True) == source


@pytest.mark.parametrize("header", ["utf-8", None])
def test_a_few_broken_characters_don_t_make_another_charset(header: str | None) -> None:
    body = meta("utf-8", RUSSIAN).encode()
    broken = body.replace("чаю".encode(), b"\xff", 1)
    text = decode(broken, header, header is None)
    assert text.count("\N{REPLACEMENT CHARACTER}") == 1
    assert "булок" in text


def test_a_page_cut_within_a_character() -> None:
    body = RUSSIAN.encode().rstrip()[:-2]
    assert decode(body[:-1] if body[-1] < 0x80 else body, "utf-8", False).startswith(RUSSIAN[:100])


def test_a_wrong_declaration_is_not_forced_upon_the_bytes() -> None:
    assert "zéphyr" in decode(FRENCH.encode("windows-1252"), "utf-8", False)


@pytest.mark.parametrize("header", ["", "no-such-charset", "hex", "rot13", "unicode_escape", "utf-7", "x\0y", "é"])
def test_a_charset_nobody_knows_is_no_charset(header: str) -> None:
    assert decode("caf\u00e9 +AGE- \\u0061".encode(), header, False) == "café +AGE- \\u0061"


@pytest.mark.parametrize(
    "body",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 20,
        bytes(range(256)) * 4,
        b"\0" * 100,
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03" * 10,
        codecs.BOM_UTF16_LE + b"\x00\xd8\x00\xd8\x00\xd8\x00\xd8",
    ],
)
@pytest.mark.parametrize("header", [None, "utf-8", "iso-8859-1"])
def test_what_is_no_text_is_refused(body: bytes, header: str | None) -> None:
    with pytest.raises(UndecodableError, match=r"\.$"):
        decode(body, header, True)


@given(st.binary(max_size=200), st.sampled_from([None, "utf-8", "shift_jis", "utf-16", "latin-1"]), st.booleans())
def test_any_bytes_are_text_or_refused(body: bytes, header: str | None, html: bool) -> None:
    try:
        text = decode(body, header, html)
    except UndecodableError:
        return
    text.encode()  # never half of a surrogate pair


def test_nothing_is_an_empty_text() -> None:
    assert decode(b"", None, True) == decode(codecs.BOM_UTF8, None, False) == ""
