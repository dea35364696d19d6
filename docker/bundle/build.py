"""Makes one archive that installs PlateTrail on machines without internet: `make bundle`.

    platetrail-0.1.0-cp311-x86_64/install.sh     installs, upgrades, rolls back
    platetrail-0.1.0-cp311-x86_64/BUNDLE         version, Python and machine that it is for
    platetrail-0.1.0-cp311-x86_64/SHA256SUMS     of all of it
    platetrail-0.1.0-cp311-x86_64/wheels/        PlateTrail with pages and models, and its packages
    platetrail-0.1.0-cp311-x86_64/pip/           what installs them
    platetrail-0.1.0-cp311-x86_64/share/         samples of settings, units, docker files, guides
    platetrail-0.1.0-cp311-x86_64/images/        container images, where there are any

It is made with the Python and on the kind of machine that it is for.
"""

import argparse
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Sequence
from hashlib import file_digest
from pathlib import Path

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
COMPOSE_FILES = (ROOT / "docker" / "compose.yaml", ROOT / "docker" / "compose.city.yaml")
SHARED = {
    "docker": "docker",
    "docs": "docs",
    "README.md": "README.md",
    "CHANGELOG.md": "CHANGELOG.md",
    "SECURITY.md": "SECURITY.md",
    "LICENSE": "LICENSE",
    "NOTICE": "NOTICE",
}
LEFT_OUT = shutil.ignore_patterns("__pycache__", "pictures", "take_pictures.py", "bundle")
PIP = (sys.executable, "-m", "pip", "-q", "--disable-pip-version-check")


def main() -> None:
    """Make the archive."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of the archive")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as temporary:
        bundle = Path(temporary) / name_of(version())
        gather_wheels(bundle / "wheels")
        share(bundle / "share")
        save_images(bundle / "images")
        print(pack(bundle, version(), out))


def version() -> str:
    """Of PlateTrail."""
    return str(_project()["version"])


def name_of(version: str) -> str:
    """The name of a bundle for this Python and machine."""
    return f"platetrail-{version}-{_python_tag()}-{platform.machine()}"


def gather_wheels(folder: Path) -> None:
    """PlateTrail and what it needs, in the versions of the lock, without what developers need."""
    folder.mkdir(parents=True)
    lock = ROOT / "requirements.lock"
    wanted = folder.parent / "wanted.txt"
    wanted.write_text("\n".join(_project()["dependencies"]))
    subprocess.run([*PIP, "wheel", "-w", folder, "-c", lock, "-r", wanted], check=True)
    subprocess.run([*PIP, "wheel", "-w", folder, "--no-deps", ROOT], check=True)
    wanted.unlink()


def share(folder: Path) -> None:
    """What an administrator reads and copies."""
    folder.mkdir(parents=True)
    for source, target in SHARED.items():
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, folder / target, ignore=LEFT_OUT)
        else:
            shutil.copy(ROOT / source, folder / target)
    shutil.copytree(HERE / "samples", folder / "samples")


def save_images(folder: Path) -> None:
    """The images that the compose files name, as far as docker or podman has them."""
    program = next((p for p in ("docker", "podman") if _answers(p, "info")), None)
    if program is None:
        print("no images: neither docker nor podman answers here", file=sys.stderr)
        return
    folder.mkdir(parents=True)
    for image in images_named():
        if not _answers(program, "image", "inspect", image):
            print(f"no image {image}: {program} does not have it", file=sys.stderr)
            continue
        file = folder / f"{image.replace('/', '_').replace(':', '_')}.tar"
        subprocess.run(saving(program, image, file), check=True)


def saving(program: str, image: str, file: Path) -> list[str]:
    """The command that saves an image under the name that the compose files give it."""
    if program == "podman":  # what its `save` calls localhost/NAME is another image to Docker
        return [program, "push", "-q", image, f"docker-archive:{file}:{image}"]
    return [program, "save", "-o", str(file), image]


def images_named() -> list[str]:
    """Every image of the compose files."""
    lines = [line.strip() for file in COMPOSE_FILES for line in file.read_text("utf-8").split("\n")]
    return sorted({ln.removeprefix("image: ") for ln in lines if ln.startswith("image: ")})


def pack(bundle: Path, version: str, out: Path) -> Path:
    """Add the installer and the checksums to what was gathered.

    Args:
        bundle: the folder that holds it.
        version: of PlateTrail.
        out: where the archive goes.

    Returns:
        The archive.
    """
    shutil.copy(HERE / "install.sh", bundle)
    (bundle / "pip").mkdir()
    shutil.copy(_pip_wheel(), bundle / "pip")
    (bundle / "BUNDLE").write_text(
        f"version={version}\npython_tag={_python_tag()}\nmachine={platform.machine()}\n"
    )
    files = sorted(path for path in bundle.rglob("*") if path.is_file())
    sums = [f"{_digest(path)}  {path.relative_to(bundle)}\n" for path in files]
    (bundle / "SHA256SUMS").write_text("".join(sums))
    archive = out / f"{bundle.name}.tar"
    half = archive.with_suffix(".part")
    with tarfile.open(half, "w") as tar:
        tar.add(bundle, bundle.name, filter=_as_root)
    half.rename(archive)
    return archive


def _pip_wheel() -> Path:
    """The pip that Python brings for new environments; Debian keeps it elsewhere."""
    import ensurepip

    places = (Path(ensurepip.__file__).parent / "_bundled", Path("/usr/share/python-wheels"))
    found = [wheel for place in places for wheel in sorted(place.glob("pip-*.whl"))]
    if not found:
        raise SystemExit("Python brings no pip: install python3-venv")
    return found[0]


def _python_tag() -> str:
    return f"cp{sys.version_info.major}{sys.version_info.minor}"


def _project() -> dict[str, Sequence[str]]:
    project: dict[str, Sequence[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text())[
        "project"
    ]
    return project


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def _answers(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _as_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member


if __name__ == "__main__":
    main()
