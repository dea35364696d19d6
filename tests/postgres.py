"""A real PostgreSQL on this machine, with databases that tests throw away."""

import os
import pwd
import shutil
import signal as signals
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Self

from sqlalchemy import URL, create_engine, text

from lpr.closing import Closing
from tests.certificates import write_certificate
from tests.ports import free_port

PATIENCE_S = 60.0
USER, PASSWORD = "platetrail", "khóa-để-thử"
_OPTIONS = ("fsync=off", "full_page_writes=off", "timezone=Asia/Ho_Chi_Minh")
_VIETNAMESE = "LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'vi'"  # another order than SQLite's


class Postgres(Closing):
    """A server of its own on a free port, as Debian's package `postgresql` has it."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="platetrail-postgres-"))
        self.certificate = self.folder / "certificate.pem"
        self._programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("missing"))
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)

    def empty(self, encoding: str = "UTF8") -> str:
        """A database without tables; its address."""
        name = f"test{next(self._numbers)}"
        self.tell(f"CREATE DATABASE {name} ENCODING '{encoding}' {_VIETNAMESE} TEMPLATE template0")
        address = URL.create("postgresql", USER, PASSWORD, "127.0.0.1", self.port, name)
        return address.render_as_string(hide_password=False)

    def tell(self, statement: str, database: str = "postgres") -> None:
        """Run a statement as the owner of the server."""
        address = URL.create("postgresql+pg8000", USER, PASSWORD, "127.0.0.1", self.port, database)
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def start(self) -> None:
        """Start, on the same port and data each time; returns when it answers."""
        tls = ("ssl=on", f"ssl_cert_file={self.certificate}", f"ssl_key_file={self.folder}/key.pem")
        given = [part for one in (*_OPTIONS, *tls) for part in ("-c", one)]
        place = ["-D", str(self.folder / "data"), "-k", str(self.folder), "-p", str(self.port)]
        self._process = subprocess.Popen(
            self._command("postgres", *place, *given),
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "log").open("ab"),
        )
        ready = self._command("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port))
        end = time.monotonic() + PATIENCE_S
        while subprocess.run(ready, cwd=self.folder).returncode != 0:
            said = (self.folder / "log").read_text("utf-8", "replace")
            assert self._process.poll() is None, said
            assert time.monotonic() < end, said
            time.sleep(0.05)

    def stop(self, signal: signals.Signals = signals.SIGINT) -> None:
        """Stop at once; SIGINT is a fast shutdown: who is connected is thrown out."""
        if self._process is not None:
            self._process.send_signal(signal)
            self._process.wait(PATIENCE_S)
            self._process = None

    def _command(self, program: str, *arguments: str) -> list[str]:
        """A program of PostgreSQL; it refuses root, so that nobody runs it there."""
        command = [str(self._programs / program), *arguments]
        if os.getuid() != 0:
            return command
        return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]

    def __enter__(self) -> Self:
        word, key = self.folder / "password", self.folder / "key.pem"
        word.write_text(PASSWORD, "utf-8")
        write_certificate(self.certificate, key)
        key.chmod(0o600)
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in (self.folder, word, key):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        options = ["-U", USER, f"--pwfile={word}", "--auth=scram-sha-256", "--no-sync"]
        options += ["--encoding=UTF8", "--locale=C", "-D", str(self.folder / "data")]
        subprocess.run(
            self._command("initdb", *options),
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        self.start()
        return self

    def close(self) -> None:
        """End it, without writing down what nobody needs any more."""
        self.stop(signals.SIGQUIT)
        shutil.rmtree(self.folder)
