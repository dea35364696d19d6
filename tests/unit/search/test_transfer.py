import gzip
import io
import json
import tarfile

import pytest

from search import transfer
from search.errors import BatchError
from search.transfer import (
    MOST_LINES,
    Receipt,
    Refused,
    check_body,
    digest_of,
    pack_lines,
    pack_pictures,
    read_receipt,
    unpack_lines,
    unpack_pictures,
)

LINES = [b'{"camera": "C1"}\n', b'{"camera": "C2"}\n']
PICTURES = [("a" * 64, b"\xff\xd8 one"), ("b" * 64, b""), ("c" * 64 + ".mp4", b"a clip")]


def test_lines_come_back_without_their_ends_and_are_plain_gzip() -> None:
    body = pack_lines(LINES)
    assert gzip.decompress(body) == b"".join(LINES)
    assert unpack_lines(body) == [line.strip() for line in LINES]
    assert unpack_lines(pack_lines([])) == []


def test_pictures_come_back_and_are_a_plain_tar() -> None:
    body = pack_pictures(PICTURES)
    with tarfile.open(fileobj=io.BytesIO(body)) as tar:
        assert tar.getnames() == [f"{'a' * 64}.jpg", f"{'b' * 64}.jpg", f"{'c' * 64}.mp4"]
    assert unpack_pictures(body) == PICTURES


@pytest.mark.parametrize("part", [0, 1, 15, -1])
def test_a_batch_that_was_cut_is_refused_whole(part: int) -> None:
    body = pack_lines(LINES)
    with pytest.raises(BatchError, match="cut off"):
        check_body(body[:part], len(body), digest_of(body))
    with pytest.raises(BatchError, match="damaged"):
        check_body(body[:part], len(body[:part]), digest_of(body))
    with pytest.raises(BatchError, match="cut off"):
        unpack_lines(body[:part])


def test_a_whole_batch_passes_and_one_without_headers_does_not() -> None:
    body = pack_lines(LINES)
    check_body(body, len(body), digest_of(body))
    for length, digest in ((None, digest_of(body)), (len(body), None)):
        with pytest.raises(BatchError, match="expected the headers"):
            check_body(body, length, digest)


def test_what_is_no_batch_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BatchError, match="not gzip"):
        unpack_lines(b"nonsense")
    with pytest.raises(BatchError, match="too large"):
        unpack_lines(pack_lines([b"x\n"] * (MOST_LINES + 1)))
    with pytest.raises(BatchError, match="not a tar"):
        unpack_pictures(b"nonsense" * 100)
    monkeypatch.setattr(transfer, "MOST_BYTES", 1000)
    with pytest.raises(BatchError, match="too large"):
        unpack_lines(pack_lines([b" " * 5000 + b"x\n"]))


def test_a_tar_of_something_else_than_files_is_refused() -> None:
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w") as tar:
        link = tarfile.TarInfo("../../etc/passwd")
        link.type = tarfile.SYMTYPE
        tar.addfile(link)
    with pytest.raises(BatchError, match="plain files"):
        unpack_pictures(body.getvalue())


def test_a_receipt_comes_back() -> None:
    receipt = Receipt(3, (Refused(1, "why"), Refused("a" * 64, "why not")), ("b" * 64,))
    assert read_receipt(json_of(receipt)) == receipt
    for bad in (b"", b"[]", b'{"taken": 1}', b"<html>"):
        with pytest.raises(BatchError, match="no receipt"):
            read_receipt(bad)


def json_of(receipt: Receipt) -> bytes:
    return json.dumps(receipt.to_json()).encode()
