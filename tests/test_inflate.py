import gzip
import tracemalloc
import zlib
from itertools import chain, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.inflate import Damaged, TooLarge, UnknownEncoding, inflate

TEXT = "关于图书馆糨糊的干燥 On the drying of library paste ".encode() * 50


def raw_deflate(body):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def bomb(unpacked_bytes):
    """A gzip stream that says it holds so many zeros, built without holding them."""
    packer = zlib.compressobj(9, wbits=31)
    head = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    yield head
    for _ in range(unpacked_bytes >> 20):
        yield block


@pytest.mark.parametrize(
    "packed, encoding",
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (gzip.compress(TEXT, mtime=0), "gzip"),
        (gzip.compress(TEXT, mtime=0), " X-GZIP "),
        (gzip.compress(TEXT[:9], mtime=0) + gzip.compress(TEXT[9:], mtime=0), "gzip"),
        (gzip.compress(TEXT, mtime=0) + bytes(100), "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (raw_deflate(TEXT), "deflate"),
    ],
)
@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_body_is_unpacked_however_it_is_cut(packed, encoding, step):
    pieces = [packed[at : at + step] for at in range(0, len(packed), step)]

    assert inflate(pieces, encoding, len(TEXT)) == TEXT


@given(st.binary(max_size=300_000), st.integers(1, 9))
def test_what_was_packed_comes_back(body, level):
    assert inflate([gzip.compress(body, level, mtime=0)], "gzip", 1_000_000) == body
    assert inflate([zlib.compress(body, level)], "deflate", 1_000_000) == body


@pytest.mark.parametrize("encoding", ["", "gzip", "deflate"])
def test_nothing_at_all_is_an_empty_body(encoding):
    assert inflate([], encoding, 10) == b""


@pytest.mark.parametrize(
    "packed, encoding",
    [
        (gzip.compress(TEXT, mtime=0)[:-1], "gzip"),
        (gzip.compress(TEXT, mtime=0)[:20], "gzip"),
        (gzip.compress(TEXT, mtime=0)[:5], "gzip"),
        (gzip.compress(TEXT, mtime=0) + b"more", "gzip"),
        (gzip.compress(TEXT, mtime=0)[:-8] + b"12345678", "gzip"),
        (b"<html>", "gzip"),
        (zlib.compress(TEXT)[:-1], "deflate"),
        (zlib.compress(TEXT) + b"more", "deflate"),
        (raw_deflate(TEXT)[:-1], "deflate"),
        (b"\x78", "deflate"),
        (gzip.compress(b"", mtime=0) * 1000, "gzip"),
    ],
)
def test_damage_is_noticed(packed, encoding):
    with pytest.raises(Damaged):
        inflate([packed], encoding, 1_000_000)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "gzip,deflate", "compress", "\x00"])
def test_other_encodings_are_not_guessed_at(encoding):
    with pytest.raises(UnknownEncoding):
        inflate([b"x"], encoding, 10)


@pytest.mark.parametrize(
    "packed, encoding", [(b"12345678901", ""), (gzip.compress(b"1" * 11, mtime=0), "gzip")]
)
def test_one_byte_over_the_cap_is_too_much(packed, encoding):
    with pytest.raises(TooLarge):
        inflate([packed], encoding, 10)


def test_bomb_of_ten_gigabytes_is_refused_within_the_cap():
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            inflate(bomb(10 << 30), "gzip", 20_000_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 45_000_000


def test_endless_stream_that_unpacks_to_nothing_is_refused():
    head, empty_block = gzip.compress(b"", mtime=0)[:10], b"\x00\x00\x00\xff\xff"

    with pytest.raises(TooLarge):
        inflate(chain([head], repeat(empty_block * 100)), "gzip", 1_000_000)


def test_a_bomb_inside_a_bomb_stays_packed():
    inner = b"".join(bomb(100 << 20))

    assert inflate([gzip.compress(inner, mtime=0)], "gzip", 1_000_000) == inner
