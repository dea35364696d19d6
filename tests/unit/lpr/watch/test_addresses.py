import pytest

from lpr.watch.addresses import EXPECTED, Kind, address_of, shown


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("rtsp://10.1.2.3/stream1", "rtsp"),
        ("RTSPS://camera.local:8554/a?b=c", "rtsp"),
        ("http://10.1.2.3/video.mjpg", "mjpeg"),
        ("https://10.1.2.3/live/index.m3u8?session=1", "hls"),
        ("/dev/video0", "usb"),
        ("/dev/video0.mp4", "file"),
        ("streets/C012.TS", "file"),
        ("/srv/uploads", "stills"),
        ("hikvision+http://10.1.2.3", "hikvision"),
        ("Dahua+HTTPS://camera.local:8443/", "dahua"),
    ],
)
def test_a_source_is_known_by_its_address(source: str, kind: Kind) -> None:
    address = address_of(source)
    assert (address.kind, address.url) == (kind, source)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("rtsp://10.1.2.3/a", "rtsp://10.1.2.3/a"),
        ("rtsp://admin:s3cret@10.1.2.3:554/a", "rtsp://10.1.2.3:554/a"),
        ("rtsp://admin:s3@cret@10.1.2.3/a", "rtsp://10.1.2.3/a"),
        ("rtsp://admin:s3/cret@10.1.2.3/a", "rtsp://10.1.2.3/a"),
        ("rtsp://s3cret@[fe80::1]:554/a", "rtsp://[fe80::1]:554/a"),
        ("rtsp://h/user=admin&password=s3cret&ch=1", "rtsp://h/user=***&password=***&ch=1"),
        ("http://h/a?usr=admin&pwd=s3cret&x=1", "http://h/a?usr=***&pwd=***&x=1"),
        ("rtsp://10.1.2.3/a@b", "rtsp://10.1.2.3/a@b"),
        ("streets/C012.ts", "streets/C012.ts"),
    ],
)
def test_an_address_is_told_without_its_secrets(url: str, told: str) -> None:
    assert shown(url) == told


def test_a_login_is_put_into_the_url_and_shows_nowhere() -> None:
    address = address_of("rtsp://10.1.2.3:554/a?b=c", "admin", "s3/cr@t")
    assert address.url == "rtsp://admin:s3%2Fcr%40t@10.1.2.3:554/a?b=c"
    assert repr(address) == "Address(kind='rtsp')"
    assert str(address) == address.shown == "rtsp://10.1.2.3:554/a?b=c"


def test_a_password_alone_joins_the_user_of_the_url() -> None:
    assert address_of("rtsp://admin@h/a", "", "word").url == "rtsp://admin:word@h/a"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "expected a URL or a path, got nothing"),
        ("ftp://u:s3cret@h/a", f"expected {EXPECTED}, got 'ftp://h/a'"),
        ("dahua+ftp://u:s3cret@h", f"expected {EXPECTED}, got 'dahua+ftp://h'"),
        (
            "dahua+http://u:s3cret@h/a",
            "'dahua+http://h/a' goes on after the host: its path is known",
        ),
        ("rtsp:///a", "'rtsp:///a' names no host"),
        ("rtsp://u:s3cret@h:99999/a", "'rtsp://h:99999/a' names no host"),
    ],
)
def test_what_is_no_address_is_refused_without_its_password(source: str, said: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # the message is compared
        address_of(source)
    assert str(refused.value) == said


def test_a_path_takes_no_login() -> None:
    with pytest.raises(ValueError, match="takes no user and no password"):
        address_of("street.mp4", "admin")
