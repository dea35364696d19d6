"""Starts a real Elasticsearch: Elastic's own small distribution, from Maven Central.

`python -m tests.elasticsearch` fetches what the tests need into `.cache/elasticsearch`. A server
refuses to run as root; started by root, it runs as `nobody` in a folder of its own.
"""

import os
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.certificates import write_certificate
from tests.ports import free_port

FETCHED = Path(__file__).parents[1] / ".cache" / "elasticsearch"
ARTIFACT = "org.elasticsearch.distribution.integ-test-zip:elasticsearch:{}:zip"
VERSIONS = {"8.19.21": 17, "9.2.0": 21}  # and the Java that each needs at least
JVMS = Path("/usr/lib/jvm")
USER = "elastic"
STARTS_WITHIN_S = 400.0  # seconds; 15 on two cores, 120 where they have much other work
HEAP = "512m"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs.

    Attributes:
        url: of its HTTP address.
        folder: that it lives in; its log is `said.log`.
        ca_file: certificate that it is known by, where it speaks HTTPS.
    """

    url: str
    folder: Path
    ca_file: Path | None = None


def java_for(version: str) -> Path | None:
    """A Java on this machine that is new enough for a version of Elasticsearch, oldest first."""
    found = []
    for release in JVMS.glob("*/release"):
        words = dict(line.split("=", 1) for line in release.read_text().splitlines() if "=" in line)
        major = int(words["JAVA_VERSION"].strip('"').split(".")[0])
        if major >= VERSIONS[version]:
            found.append((major, release.parent))
    return min(found)[1] if found else None


def versions_that_run() -> list[str]:
    """Those that this machine has a Java for."""
    return [version for version in VERSIONS if java_for(version) is not None]


def fetch(version: str) -> Path:
    """The distribution as it came, fetched once."""
    file = FETCHED / f"elasticsearch-{version}.zip"
    if not file.is_file():
        artifact = ARTIFACT.format(version)
        goal = ["dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={FETCHED}"]
        subprocess.run(["mvn", "-q", "-B", *goal], check=True)
    return file


@contextmanager
def elasticsearch(
    version: str,
    password: str = "",
    roles: Mapping[str, Sequence[str]] | None = None,
    **settings: str,
) -> Iterator[Server]:
    """Run one node until the block ends; its data goes with it.

    Args:
        version: one of `VERSIONS`.
        password: of the user `elastic`; with one it speaks HTTPS, without one it asks nobody.
        roles: rights on all indices of further users, by their name; they have the same password.
        settings: further ones, with `__` for the dot.
    """
    folder = Path(tempfile.mkdtemp(prefix="platetrail-elasticsearch-"))
    try:
        home = _unpack(fetch(version), folder)
        (folder / "tmp").mkdir()  # the server's own: it unpacks native code there
        port = free_port()
        given = {
            "node.name": "one",
            "http.port": str(port),
            "transport.port": str(free_port()),
            "network.host": "127.0.0.1",
            "path.data": str(folder / "data"),
            "path.logs": str(folder / "logs"),
            "discovery.type": "single-node",
            "xpack.security.enabled": "false",
            "action.destructive_requires_name": "false",  # tests sweep up behind them
            "cluster.info.update.interval": "60m",  # so that a test can say that the disk is full
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            **{key.replace("__", "."): value for key, value in settings.items()},
            **(_secure(home, version, password, roles or {}) if password else {}),
        }
        (home / "config" / "elasticsearch.yml").write_text(
            "".join(f"{key}: {value}\n" for key, value in given.items())
        )
        ca_file = home / "config" / "ca.pem" if password else None
        server = Server(f"http{'s' if password else ''}://127.0.0.1:{port}", folder, ca_file)
        _give_away(folder)
        with (folder / "said.log").open("wb") as said:
            process = subprocess.Popen(
                [*_as_nobody(), *_environment(version, folder), str(home / "bin/elasticsearch")],
                stdout=said,
                stderr=said,
                stdin=subprocess.DEVNULL,
            )
        try:
            _wait(process, folder / "said.log")
            yield server
        finally:
            process.terminate()
            process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(file: Path, folder: Path) -> Path:
    with zipfile.ZipFile(file) as content:
        content.extractall(folder)
        for member in content.infolist():
            (folder / member.filename).chmod(member.external_attr >> 16)
    return next(folder.glob("elasticsearch-*"))


def _secure(
    home: Path, version: str, password: str, roles: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Settings of a node that speaks HTTPS and asks for a password."""
    config = home / "config"
    write_certificate(config / "ca.pem", config / "key.pem")
    for arguments, given in ((["create"], ""), (["add", "-x", "bootstrap.password"], password)):
        subprocess.run(
            [*_environment(version, home.parent), home / "bin/elasticsearch-keystore", *arguments],
            input=given.encode(),
            check=True,
            stdout=subprocess.DEVNULL,
        )
    _add_users(home, version, password, roles)
    return {
        "xpack.security.enabled": "true",
        "xpack.security.http.ssl.enabled": "true",
        "xpack.security.http.ssl.certificate": "ca.pem",
        "xpack.security.http.ssl.key": "key.pem",
    }


def _add_users(home: Path, version: str, password: str, roles: Mapping[str, Sequence[str]]) -> None:
    """Users in files, each with the role of its name: this distribution keeps none in an index."""
    if not roles:
        return
    config = home / "config"
    add = [home / "bin/elasticsearch-users", "useradd", "one", "-p", password]
    subprocess.run([*_environment(version, home.parent), *add], check=True)
    word = (config / "users").read_text().strip().removeprefix("one:")
    rights = {
        name: {"indices": [{"names": ["*"], "privileges": list(roles[name])}]} for name in roles
    }
    (config / "users").write_text("".join(f"{name}:{word}\n" for name in roles))
    (config / "users_roles").write_text("".join(f"{name}:{name}\n" for name in roles))
    (config / "roles.yml").write_text(yaml.safe_dump(rights))


def _environment(version: str, folder: Path) -> list[str]:
    return [
        "env",
        f"ES_JAVA_HOME={java_for(version)}",
        f"ES_JAVA_OPTS=-Xms{HEAP} -Xmx{HEAP}",
        f"ES_TMPDIR={folder / 'tmp'}",
        f"HOME={folder}",
    ]


def _as_nobody() -> list[str]:
    if os.getuid() != 0:
        return []
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--pdeathsig=TERM"]


def _give_away(folder: Path) -> None:
    if os.getuid() == 0:
        subprocess.run(["chown", "-R", "nobody:nogroup", str(folder)], check=True)


def _wait(process: "subprocess.Popen[bytes]", said: Path) -> None:
    """Until it says that it has started."""
    until = time.monotonic() + STARTS_WITHIN_S
    while "] started {" not in said.read_text():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"Elasticsearch did not start: {said.read_text()[-2000:]}")
        time.sleep(0.2)


if __name__ == "__main__":
    for wanted in versions_that_run():
        fetch(wanted)
