import tracemalloc
from io import BytesIO
from itertools import islice

import pytest

from model.errors import TooLargeError
from service.body import read_lines, read_whole
from service.errors import UnreadableError


class Endless:
    """A stream of the same bytes over and over."""

    def __init__(self, period: bytes) -> None:
        self._period = period * (1 + 20_000 // len(period))
        self._at = 0

    def read(self, size: int, /) -> bytes:
        start = self._at
        self._at = (start + size) % len(self._period)
        return self._period[start : start + size]


class Broken:
    """A stream that breaks off after its first bytes."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self, size: int, /) -> bytes:
        if not self._content:
            raise RuntimeError("chunk size is no number")
        content, self._content = self._content[:size], self._content[size:]
        return content


def test_a_whole_body_up_to_its_limit() -> None:
    assert read_whole(BytesIO(b""), 1) == b""
    assert read_whole(BytesIO(b"a" * 100_000), 100_000) == b"a" * 100_000
    with pytest.raises(TooLargeError, match="100,000 bytes"):
        read_whole(BytesIO(b"a" * 100_001), 100_000)


def test_a_body_that_never_ends_is_not_read_to_its_end() -> None:
    with pytest.raises(TooLargeError):
        read_whole(Endless(b"a"), 50_000)


def test_a_body_that_breaks_off() -> None:
    with pytest.raises(UnreadableError, match="chunk size"):
        read_whole(Broken(b"abc"), 100)


def test_lines_that_are_blank_are_left_out() -> None:
    assert list(read_lines(BytesIO(b"\n{}\r\n  \n[]\n\n1"), 100)) == [b"{}", b"[]", b"1"]
    assert list(read_lines(BytesIO(b""), 100)) == []


@pytest.mark.parametrize("size", [8_191, 8_192, 8_193, 30_000])
def test_lines_across_pieces(size: int) -> None:
    lines = [b"a" * size, b"b", b"c" * size]
    assert list(read_lines(BytesIO(b"\n".join(lines)), size)) == lines


@pytest.mark.parametrize("size", [11, 9_000, 100_000])
@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_line_too_long_is_skipped_alone(size: int, end: bytes) -> None:
    lines = list(read_lines(BytesIO(b"first\n" + b"a" * size + b"\nsecond\n" + b"b" * size + end), 10))
    assert [line for line in lines if isinstance(line, bytes)] == [b"first", b"second"]
    assert [type(line) for line in lines[1::2]] == [TooLargeError, TooLargeError]


def test_lines_of_a_body_that_breaks_off_end_in_the_error() -> None:
    first, last = read_lines(Broken(b"{}\n[1,"), 100)
    assert first == b"{}"
    assert isinstance(last, UnreadableError)


def test_memory_does_not_grow_with_the_number_of_lines() -> None:
    lines = read_lines(Endless(b'{"text": "a"}\n'), 50_000)
    tracemalloc.start()
    try:
        assert sum(1 for _ in islice(lines, 100_000)) == 100_000
        assert tracemalloc.get_traced_memory()[1] < 200_000
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_a_line_too_long() -> None:
    stream = BytesIO(b"a" * 5_000_000)
    tracemalloc.start()
    try:
        assert [type(line) for line in read_lines(stream, 50_000)] == [TooLargeError]
        assert tracemalloc.get_traced_memory()[1] < 200_000
    finally:
        tracemalloc.stop()
