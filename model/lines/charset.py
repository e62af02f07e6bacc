"""Bytes -> characters: by byte-order mark, header, declaration in the page, and detection, in this order."""

import codecs
import re
from collections.abc import Iterator

from bs4.dammit import EncodingDetector

from model.errors import UndecodableError

# Names whose content, by the WHATWG Encoding Standard and by what servers send, is a superset.
_SUPERSETS = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Python calls these encodings, but no page is sent in them.
_FOREIGN = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "utf-7", "undefined", "mbcs", "oem"})

# The statistics of detection need no more, and take long for more.
_SAMPLE = 1 << 16

# Bytes no text holds (WHATWG MIME Sniffing, "binary data byte", less ESC, which ISO 2022 uses). Stray
# ones occur in pages; of an image or an archive they are a tenth.
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_BINARY_SHARE = 0.02

# A page that breaks off in a character or has a few broken ones is still in the charset it declares,
# as long as bad characters are few among those that are not ASCII.
_BAD_SHARE = 0.1

_ISO_2022 = b"\x1b$"


def decode(body: bytes, header_charset: str | None, html: bool) -> str:
    """The text of `body`, without a byte-order mark.

    `header_charset` is the charset the sender named, if any; `html` says whether a declaration within
    the page counts. Valid UTF-8 goes before what statistics detect.

    Raises:
        UndecodableError: the bytes are no text in any of the charsets they could be in.
    """
    bare, mark = EncodingDetector.strip_byte_order_mark(body)
    if mark is not None:
        text = _decode(bare, mark) or _mend(bare, mark)
        if text is None:
            raise UndecodableError(f"The bytes start with a mark of {mark} but are not in it.")
        return text
    declared = list(_declared(body, header_charset, html))
    for codec in declared:
        if (text := _decode(body, codec)) is not None and (
            codec.startswith(("utf-16", "utf-32")) or not _is_binary(body)
        ):
            return text
    if _is_binary(body):
        raise UndecodableError("The bytes are no text: they look like an image, an archive or a program.")
    if (text := _decode_utf8(body)) is not None:
        return text
    for codec in declared:
        if (text := _mend(body, codec)) is not None:
            return text
    for codec in _detected(body, html):
        if (text := _decode(body, codec)) is not None:
            return text
    raise UndecodableError(
        "The bytes are no text in any charset they could be in; send UTF-8, or name the charset in Content-Type."
    )


def _declared(body: bytes, header_charset: str | None, html: bool) -> Iterator[str]:
    """Codecs the header and the page name, those that exist."""
    if header_charset and (codec := _codec(header_charset)):
        yield codec
    if html and (name := EncodingDetector.find_declared_encoding(body, is_html=True)) and (codec := _codec(name)):
        # A declaration that can be read byte by byte can't be right about two bytes a character.
        yield "utf-8" if codec.startswith(("utf-16", "utf-32")) else codec


def _detected(body: bytes, html: bool) -> Iterator[str]:
    """Codecs that fit the bytes, the likeliest first."""
    for name in EncodingDetector(body[:_SAMPLE], is_html=html).encodings:
        if codec := _codec(name):
            yield codec


def _codec(name: str) -> str | None:
    """The codec to decode a charset called `name` with, None where there is none."""
    try:
        codec = codecs.lookup(name.strip(" \t'\"")).name
        "".encode(codec)  # refuses codecs that turn bytes into bytes
    except (LookupError, ValueError):
        return None
    return None if codec in _FOREIGN else _SUPERSETS.get(codec, codec)


def _decode(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except ValueError:
        return None


def _decode_utf8(body: bytes) -> str | None:
    """`body` as UTF-8 if it is: other charsets practically never come out as valid UTF-8 by chance."""
    return None if _ISO_2022 in body else _decode(body, "utf-8")


def _mend(body: bytes, codec: str) -> str | None:
    """`body` with its bad characters replaced, None where there are too many of them."""
    text = body.decode(codec, "replace")
    bad = text.count("\N{REPLACEMENT CHARACTER}")
    other = len(re.findall(r"[^\x00-\x7f]", text))
    return text if bad <= other * _BAD_SHARE else None


def _is_binary(body: bytes) -> bool:
    head = body[:_SAMPLE]
    return len(_BINARY.findall(head)) > len(head) * _BINARY_SHARE
