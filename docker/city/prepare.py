"""Makes the certificates, passwords and settings that docker/compose.city.yaml names; as root.

    python3 docker/city/prepare.py /etc/platetrail/city --name centre.example

Needs Python and openssl. What is there already stays: removed files are made anew. The authority's
key is `authority.key`; keep it elsewhere, nothing here needs it.
"""

import argparse
import base64
import hashlib
import json
import os
import secrets
import subprocess
from collections.abc import Callable
from pathlib import Path

OURS, ELASTIC, POSTGRES = 10001, 1000, 999  # users of the images
DAYS = 825  # that a certificate holds; the authority ten times as long
USERS = ("ingest", "pages", "admin")  # of Elasticsearch
KEYS = {  # of S3, and what each may do in the bucket
    "ingest": ["Read", "Write", "List"],  # it asks whether a picture is there before it writes
    "intake": ["Read", "List"],  # it asks only
    "pages": ["Read", "List"],
    "admin": ["Read", "Write", "List"],
}
BUCKET = "evidence"
_ROUNDS = 10_000  # of PBKDF2, as Elasticsearch has it


def main() -> None:
    """Make what is missing."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--name", required=True, help="that browsers and camera machines know the centre by"
    )
    given = parser.parse_args()
    prepare(given.folder, given.name)


def prepare(folder: Path, name: str) -> None:
    """Make what is missing in a folder.

    Args:
        folder: made if it is missing.
        name: of the centre.
    """
    os.umask(0o077)
    folder.mkdir(parents=True, exist_ok=True)
    make_authority(folder)
    for node in ("es1", "es2", "es3"):
        make_certificate(folder, node, (node, "localhost"), ELASTIC)
    make_certificate(folder, "postgres", ("postgres",), POSTGRES)
    for server, names in (("s3", ("pictures",)), ("pages", (name,)), ("intake", (name,))):
        make_certificate(folder, server, names, OURS)
    for user in USERS:
        _write(folder / f"sightings-{user}", _password, OURS)
    for key in KEYS:
        _write(folder / f"evidence-{key}", _password, OURS)
    _write(folder / "registry-password", _password, OURS)
    _copy(folder / "registry-password", folder / "postgres-registry-password", POSTGRES)
    _write(folder / "postgres-password", _password, POSTGRES)
    _write(folder / "pages.toml", lambda: f'secret_key = "{secrets.token_hex(32)}"\n', OURS)
    _write(folder / "users", lambda: users_of(folder), ELASTIC)
    _write(folder / "users_roles", lambda: "".join(f"{u}:{u}\n" for u in USERS), ELASTIC)
    _write(folder / "s3.json", lambda: s3_of(folder), OURS)


def make_authority(folder: Path) -> None:
    """The authority that signs all certificates."""
    if (folder / "authority.pem").exists():
        return
    _openssl(
        *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
        *("-subj", "/CN=PlateTrail", "-days", str(10 * DAYS)),
        *("-keyout", str(folder / "authority.key"), "-out", str(folder / "authority.pem")),
    )
    (folder / "authority.pem").chmod(0o644)


def make_certificate(folder: Path, server: str, names: tuple[str, ...], owner: int) -> None:
    """A certificate and key of a server.

    Args:
        folder: with the authority.
        server: their name, without ending.
        names: that the server is known by.
        owner: number of the user that may read the key.
    """
    certificate, key = folder / f"{server}.pem", folder / f"{server}.key"
    if certificate.exists() and key.exists():
        return
    _openssl(
        *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
        *("-CA", str(folder / "authority.pem"), "-CAkey", str(folder / "authority.key")),
        *("-subj", f"/CN={names[0]}", "-days", str(DAYS)),
        *("-addext", f"subjectAltName={','.join(f'DNS:{name}' for name in names)}"),
        *("-addext", "basicConstraints=critical,CA:FALSE"),
        *("-keyout", str(key), "-out", str(certificate)),
    )
    _give(certificate, owner)
    _give(key, owner)


def users_of(folder: Path) -> str:
    """The users of Elasticsearch with their hashed passwords."""
    lines = []
    for user in USERS:
        password = (folder / f"sightings-{user}").read_text().strip()
        salt = secrets.token_bytes(32)
        word = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ROUNDS, dklen=32)
        parts = (str(_ROUNDS), *(base64.b64encode(part).decode() for part in (salt, word)))
        lines.append(f"{user}:{{PBKDF2}}{'$'.join(parts)}\n")
    return "".join(lines)


def s3_of(folder: Path) -> str:
    """The users of SeaweedFS's S3."""
    identities = [
        {
            "name": key,
            "credentials": [
                {
                    "accessKey": key,
                    "secretKey": (folder / f"evidence-{key}").read_text().strip(),
                }
            ],
            "actions": [f"{action}:{BUCKET}" for action in actions],
        }
        for key, actions in KEYS.items()
    ]
    return json.dumps({"identities": identities}, indent=2) + "\n"


def _password() -> str:
    return secrets.token_hex(24)


def _write(file: Path, content: Callable[[], str], owner: int) -> None:
    if not file.exists():
        file.write_text(content())
    _give(file, owner)


def _copy(file: Path, copy: Path, owner: int) -> None:
    copy.write_text(file.read_text())
    _give(copy, owner)


def _give(file: Path, owner: int) -> None:
    if os.geteuid() == 0:
        os.chown(file, owner, owner)


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
