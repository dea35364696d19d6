import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr.anpr.multipart import Part, PartReader, boundary_of
from lpr.errors import EventError

XML, JPEG = "application/xml", "image/jpeg"
word = st.text("abcXYZ0123456789_", min_size=1, max_size=8)
bodies = st.lists(
    st.tuples(
        st.sampled_from((XML, JPEG, "text/plain")),
        st.binary(max_size=60).filter(lambda b: b"--" not in b and not b.endswith(b"\r")),
        st.booleans(),
    ),
    max_size=5,
)


def stream(parts: list[tuple[str, bytes, bool]], boundary: str = "B", end: str = "\r\n") -> bytes:
    """Parts of kind, body, and whether their length is told."""
    content = b""
    for kind, body, has_length in parts:
        lines = [f"--{boundary}", f"Content-Type: {kind}"]
        lines += [f"Content-Length: {len(body)}"] if has_length else []
        content += end.join([*lines, "", ""]).encode() + body + end.encode()
    return content + f"--{boundary}{end}".encode()


def read(content: bytes, sizes: list[int] | None = None, boundary: str = "B") -> list[Part]:
    reader, parts, at = PartReader(boundary), [], 0
    for size in sizes or []:
        parts += reader.feed(content[at : at + size])
        at += size
    return [*parts, *reader.feed(content[at:])]


@given(bodies, st.lists(st.integers(0, 20), max_size=40), st.sampled_from(("\r\n", "\n")))
def test_parts_are_the_same_wherever_the_stream_is_split(
    parts: list[tuple[str, bytes, bool]], sizes: list[int], end: str
) -> None:
    found = read(stream(parts, end=end), sizes)
    assert [(one.kind, one.body) for one in found] == [(kind, body) for kind, body, _ in parts]


@given(st.binary(max_size=400), st.lists(st.integers(0, 9), max_size=60))
def test_garbage_is_read_the_same_wherever_it_is_split(content: bytes, sizes: list[int]) -> None:
    content = content.replace(b"\x00", b"\r\n--B\r\n").replace(b"\x01", b"\r\n\r\n")
    content = content.replace(b"\x02", b"Content-Length: 3\r\n").replace(b"\x03", b"--B--\r\n")
    assert read(content, sizes) == read(content)


@given(st.binary(max_size=200), word)
def test_a_part_comes_after_any_garbage_that_ends_with_a_line(garbage: bytes, body: str) -> None:
    content = garbage.replace(b"--", b"") + b"\r\n" + stream([(JPEG, body.encode(), True)])
    assert [one.body for one in read(content)] == [body.encode()]


def test_a_picture_may_hold_the_boundary() -> None:
    picture = b"\xff\xd8\r\n--B\r\n\xff\xd9"
    assert [one.body for one in read(stream([(JPEG, picture, True)]))] == [picture]


def test_text_whose_length_is_too_large_ends_at_the_boundary() -> None:
    content = stream([(XML, b"<a/>", True), (JPEG, b"\xff\xd8\xff", True)])
    assert [one.body for one in read(content.replace(b"Length: 4", b"Length: 40"))] == [
        b"<a/>",
        b"\xff\xd8\xff",
    ]


def test_text_whose_length_is_too_small_does_not_hide_the_next_part() -> None:
    content = stream([(XML, b"<a></a>", True), (JPEG, b"\xff\xd8\xff", True)])
    found = read(content.replace(b"Length: 7", b"Length: 4"))
    assert [one.body for one in found] == [b"<a><", b"\xff\xd8\xff"]


def test_a_boundary_right_after_a_body_needs_no_line_end() -> None:
    content = stream([(JPEG, b"\xff\xd8", True), (XML, b"<a/>", True)])
    assert [one.kind for one in read(content.replace(b"\xd8\r\n--B", b"\xd8--B"))] == [JPEG, XML]


@pytest.mark.parametrize("announced", ["B", "--B", "----B"])
def test_dashes_of_the_announced_boundary_may_be_its_own_or_those_of_the_line(
    announced: str,
) -> None:
    for written in ("B", "--B"):
        found = read(stream([(XML, b"<a/>", True)], written), boundary=announced)
        assert [one.body for one in found] == [b"<a/>"]


def test_the_stream_goes_on_after_its_end() -> None:
    event = stream([(XML, b"<a/>", True)]).removesuffix(b"--B\r\n") + b"--B--\r\n"
    assert [one.body for one in read(event + event)] == [b"<a/>", b"<a/>"]


def test_a_part_is_found_by_its_names() -> None:
    content = (
        b'--B\r\nContent-Disposition: form-data; name="licensePlatePicture.jpg"\r\n'
        b"Content-Type: IMAGE/jpeg; a=b\r\nContent-ID: x1\r\nContent-Length: 2\r\n\r\nab"
    )
    (one,) = read(content)
    assert (one.kind, one.body) == ("image/jpeg", b"ab")
    assert "licenseplatepicture" in one.names
    assert "x1" in one.names


def test_a_part_that_is_told_to_be_too_large_is_refused_at_once() -> None:
    reader = PartReader("B", most=100)
    assert len(list(reader.feed(stream([(JPEG, b"a" * 100, True)])))) == 1
    with pytest.raises(EventError, match="a part of 101 bytes: expected 100 at most"):
        list(reader.feed(b"Content-Length: 101\r\n\r\n"))


def test_parts_before_one_that_is_refused_are_not_lost() -> None:
    found = PartReader("B", most=100).feed(
        stream([(XML, b"<a/>", True)]) + b"Content-Length: 101\r\n\r\n"
    )
    assert next(found).body == b"<a/>"
    with pytest.raises(EventError, match="a part of 101 bytes"):
        next(found)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\r\n--B\r\n\r\n" + b"a" * 102, "a part of more than 100 bytes"),
        (b"--B\r\n" + b"a: b\r\n" * 5000, "the headers of a part have no end"),
        (b"<html>" * 40, "what comes has no parts"),
    ],
)
def test_what_never_ends_is_refused(content: bytes, said: str) -> None:
    reader = PartReader("B", most=100)
    chunks = [content[at : at + 7] for at in range(0, len(content), 7)]
    with pytest.raises(EventError, match=said):
        [part for chunk in chunks for part in reader.feed(chunk)]


@pytest.mark.parametrize(
    ("told", "boundary"),
    [
        ("multipart/mixed; boundary=boundary", "boundary"),
        ('multipart/x-mixed-replace; boundary="--my boundary"', "--my boundary"),
        ("multipart/mixed;boundary=MIME_boundary", "MIME_boundary"),
    ],
)
def test_the_boundary_is_that_of_the_headers(told: str, boundary: str) -> None:
    assert boundary_of(told) == boundary


@pytest.mark.parametrize(
    "told", ["", "text/html", "multipart/mixed", "multipart/mixed; boundary=--"]
)
def test_an_answer_of_another_kind_is_no_stream(told: str) -> None:
    with pytest.raises(EventError, match="expected a multipart stream, got"):
        boundary_of(told)
