"""Starts a real Elasticsearch: Elastic's own small distribution, from Maven Central.

`python -m tests.elasticsearch` fetches what the tests need into `.cache/elasticsearch`. A server
refuses to run as root; started by root, it runs as `nobody` in a folder of its own.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml
from elasticsearch import Elasticsearch

from lpr.closing import Closing
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


class Node(Closing):
    """One node in a folder of its own, that can be killed and started again.

    Args:
        folder: empty; its data lives there until the node is closed.
        version: one of `VERSIONS`.
        password: of the user `elastic`; with one it speaks HTTPS, without one it asks nobody.
        roles: rights on all indices of further users, by their name; they have the same password.
        settings: beside those that every node has.
    """

    def __init__(
        self,
        folder: Path,
        version: str,
        password: str = "",
        roles: Mapping[str, Sequence[str]] | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._folder, self._version = folder, version
        self._home = home = _unpack(fetch(version), folder)
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "tmp").mkdir()  # the server's own: it unpacks native code there
        port = free_port()
        given = {
            "node.name": "one",
            "http.port": str(port),
            "transport.port": str(free_port()),
            "network.host": "127.0.0.1",
            "path.data": str(folder / "data"),
            "path.logs": str(folder / "logs"),
            "path.repo": str(folder / "snapshots"),
            "xpack.security.enabled": "false",
            "action.destructive_requires_name": "false",  # tests sweep up behind them
            "cluster.info.update.interval": "60m",  # so that a test can say that the disk is full
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            **(settings or {}),
            **(_secure(home, version, password, roles or {}) if password else {}),
        }
        (home / "config" / "elasticsearch.yml").write_text(
            "".join(f"{key}: {value}\n" for key, value in given.items())
        )
        ca_file = home / "config" / "ca.pem" if password else None
        self.server = Server(f"http{'s' if password else ''}://127.0.0.1:{port}", folder, ca_file)
        _give_away(folder)

    def start(self) -> None:
        """Start it, and do not wait for it."""
        with (self._folder / "said.log").open("wb") as said:
            self._process = subprocess.Popen(
                [
                    *_as_nobody(),
                    *_environment(self._version, self._folder),
                    str(self._home / "bin/elasticsearch"),
                ],
                stdout=said,
                stderr=said,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Until it says that it has started."""
        assert self._process is not None
        _wait(self._process, self._folder / "said.log")

    def signal(self, number: int) -> None:
        """Send it a signal, all its processes: SIGSTOP makes it hang, SIGCONT go on."""
        assert self._process is not None
        os.killpg(self._process.pid, number)

    def kill(self) -> None:
        """SIGKILL: it can do nothing about it."""
        assert self._process is not None
        self.signal(signal.SIGKILL)
        self._process.wait()
        self._process = None

    def close(self) -> None:
        """End it, if it runs; its data goes with it."""
        if self._process is not None:
            self.signal(signal.SIGCONT)
            self._process.terminate()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def elasticsearch(
    version: str,
    password: str = "",
    roles: Mapping[str, Sequence[str]] | None = None,
    **settings: str,
) -> Iterator[Server]:
    """Run one node until the block ends, as `lone_node` does."""
    with lone_node(version, password, roles, **settings) as node:
        yield node.server


@contextmanager
def lone_node(
    version: str,
    password: str = "",
    roles: Mapping[str, Sequence[str]] | None = None,
    **settings: str,
) -> Iterator[Node]:
    """Run one node until the block ends; its data goes with it.

    Args:
        version: one of `VERSIONS`.
        password, roles: as `Node` takes them.
        settings: further ones, with `__` for the dot.
    """
    alone = {"discovery.type": "single-node"}
    more = {key.replace("__", "."): value for key, value in settings.items()}
    with Node(_folder(), version, password, roles, alone | more) as node:
        node.start()
        node.wait()
        yield node


@contextmanager
def three_nodes(version: str) -> Iterator[list[Node]]:
    """Run a cluster of three nodes, each of which can be killed, until the block ends."""
    names = ("one", "two", "three")
    ports = [free_port() for _ in names]
    together = {
        "cluster.name": f"platetrail-{ports[0]}",
        "discovery.seed_hosts": json.dumps([f"127.0.0.1:{port}" for port in ports]),
        "cluster.initial_master_nodes": json.dumps(names),
    }
    with ExitStack() as stack:
        nodes = [
            stack.enter_context(
                Node(
                    _folder(),
                    version,
                    settings={"node.name": name, "transport.port": str(port), **together},
                )
            )
            for name, port in zip(names, ports, strict=True)
        ]
        for node in nodes:
            node.start()
        for node in nodes:
            node.wait()
        yield nodes


def damage(client: Elasticsearch, server: Server, index: str) -> None:
    """Overwrite what an index has on the disk: it is there, and does not answer."""
    client.indices.close(index=index)
    uuid = client.indices.get_settings(index=index)[index]["settings"]["index"]["uuid"]
    for file in (server.folder / "data" / "indices" / uuid / "0" / "index").glob("[_s]*"):
        file.write_bytes(b"damaged")
    client.indices.open(index=index, wait_for_active_shards=0)


def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="platetrail-elasticsearch-"))


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
