"""docker/bundle: what installs PlateTrail without a network, tried with a small wheel."""

import importlib.util
import os
import platform
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from web.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "docker" / "bundle" / "samples"


def load_build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build", ROOT / "docker" / "bundle" / "build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BUILD = load_build()


def small_wheel(folder: Path, version: str, code: str, cv2: str | None) -> None:
    """A real wheel whose command runs some code, with an OpenCV that runs some, too, or without."""
    about = f"platetrail-{version}.dist-info"
    with zipfile.ZipFile(folder / f"platetrail-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr("small.py", f"def main():\n    {code}\n")
        if cv2 is not None:
            wheel.writestr("cv2.py", cv2)
        wheel.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: platetrail\nVersion: {version}\n"
        )
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{about}/entry_points.txt", "[console_scripts]\nplatetrail = small:main\n")
        wheel.writestr(f"{about}/RECORD", "")


class Machine:
    """A machine without a network, and bundles that were copied to it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.prefix = folder, folder / "opt"

    def bundle(self, version: str, code: str = "", cv2: str | None = None) -> Path:
        """A bundle, unpacked."""
        place = self.folder / "made" / BUILD.name_of(version)
        (place / "wheels").mkdir(parents=True)
        (place / "share").mkdir()
        (place / "share" / "LICENSE").write_text("Apache-2.0")
        said = code or f"print('platetrail, version {version}')"
        small_wheel(place / "wheels", version, said, cv2)
        archive = BUILD.pack(place, version, self.folder)
        with tarfile.open(archive) as tar:
            tar.extractall(self.folder / "copied", filter="tar")
        return self.folder / "copied" / place.name

    def install(self, bundle: Path, *options: str) -> "subprocess.CompletedProcess[str]":
        apart = ["unshare", "-n"] if os.geteuid() == 0 else []
        given = ["--prefix", str(self.prefix), "--python", sys.executable, *options]
        return subprocess.run(
            [*apart, str(bundle / "install.sh"), *given],
            capture_output=True,
            text=True,
            check=False,
        )

    def version(self) -> str:
        """What the program says that services start."""
        program = self.prefix / "bin" / "platetrail"
        return subprocess.run([program], capture_output=True, text=True, check=True).stdout.strip()

    def releases(self) -> list[str]:
        return sorted(p.name.split("-")[0] for p in (self.prefix / "releases").iterdir())


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_version_is_installed_upgraded_and_rolled_back_without_a_network(
    machine: Machine,
) -> None:
    first, second = machine.bundle("0.1.0"), machine.bundle("0.2.0")
    done = machine.install(first)
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.version() == "platetrail, version 0.1.0"
    assert (machine.prefix / "current/share/platetrail/LICENSE").read_text() == "Apache-2.0"

    assert machine.install(second).returncode == 0
    assert machine.version() == "platetrail, version 0.2.0"
    assert machine.install(second, "--roll-back").returncode == 0
    assert machine.version() == "platetrail, version 0.1.0"
    assert machine.install(second).returncode == 0  # it is there already
    assert machine.version() == "platetrail, version 0.2.0"

    assert machine.install(machine.bundle("0.3.0")).returncode == 0
    assert machine.releases() == ["0.2.0", "0.3.0"]  # one to go back to


def test_a_version_that_does_not_start_is_not_switched_to(machine: Machine) -> None:
    machine.install(machine.bundle("0.1.0"))
    done = machine.install(machine.bundle("0.2.0", "raise SystemExit('libGL is missing')"))
    assert done.returncode == 1
    assert "the new version does not start" in done.stderr
    assert machine.version() == "platetrail, version 0.1.0"


def test_a_machine_that_cannot_read_plates_is_told_so_and_installed(machine: Machine) -> None:
    done = machine.install(machine.bundle("0.1.0", cv2="raise ImportError('libGL.so.1: no file')"))
    assert done.returncode == 0
    assert done.stderr == (
        "install.sh: this machine cannot read plates yet (libGL.so.1: no file): "
        "install libGL and GLib, on Debian libgl1 and libglib2.0-0\n"
    )
    assert machine.version() == "platetrail, version 0.1.0"


def test_an_installation_that_was_cut_off_is_begun_anew(machine: Machine) -> None:
    bundle = machine.bundle("0.1.0")
    machine.install(bundle)
    (release,) = (machine.prefix / "releases").iterdir()
    (release / "complete").unlink()
    (release / "bin" / "platetrail").write_text("half")
    (machine.prefix / "current").unlink()
    assert machine.install(bundle).returncode == 0
    assert machine.version() == "platetrail, version 0.1.0"


def test_a_bundle_that_came_damaged_changes_nothing(machine: Machine) -> None:
    bundle = machine.bundle("0.1.0")
    (bundle / "BUNDLE").write_text("version=0.2.0\n")
    done = machine.install(bundle)
    assert done.returncode == 1
    assert "the bundle is damaged: copy it anew" in done.stderr
    assert machine.releases() == []


def test_another_python_is_refused(machine: Machine) -> None:
    bundle = machine.bundle("0.1.0")
    other = machine.folder / "python"
    other.write_text("#!/bin/sh\necho cp39\n")
    other.chmod(0o755)
    done = machine.install(bundle, "--python", str(other))
    assert done.returncode == 1
    tag = f"cp{sys.version_info.major}{sys.version_info.minor}"
    assert f"expected a Python {tag} as this bundle was made for, got cp39" in done.stderr


def test_an_environment_that_was_made_by_hand_is_not_overwritten(machine: Machine) -> None:
    (machine.prefix / "bin").mkdir(parents=True)
    done = machine.install(machine.bundle("0.1.0"))
    assert done.returncode == 1
    assert "was not installed from a bundle: move it elsewhere" in done.stderr


def test_a_bundle_is_named_after_what_it_is_for() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert BUILD.version() == version
    tag = f"cp{sys.version_info.major}{sys.version_info.minor}"
    assert BUILD.name_of(version) == f"platetrail-{version}-{tag}-{platform.machine()}"


def test_what_is_shared_is_there(tmp_path: Path) -> None:
    BUILD.share(tmp_path / "share")
    wanted = ("docker/systemd/platetrail-run.service", "docs/operations.md", "samples/watch.toml")
    assert [name for name in wanted if not (tmp_path / "share" / name).is_file()] == []
    assert list((tmp_path / "share").rglob("*.py")) == [tmp_path / "share/docker/city/prepare.py"]


def test_all_images_of_the_compose_files_are_wanted() -> None:
    assert {name.split(":")[0] for name in BUILD.images_named()} == {
        *("caddy", "chrislusf/seaweedfs", "elasticsearch", "platetrail", "postgres"),
    }


def test_an_image_of_podman_keeps_the_name_that_the_compose_files_give_it() -> None:
    file = Path("images/platetrail.tar")
    assert BUILD.saving("podman", "platetrail", file) == [
        *("podman", "push", "-q", "platetrail"),
        "docker-archive:images/platetrail.tar:platetrail",
    ]
    assert BUILD.saving("docker", "platetrail", file) == [
        *("docker", "save", "-o", "images/platetrail.tar", "platetrail"),
    ]


def test_the_sample_of_settings_is_taken() -> None:
    settings = load_settings({"PLATETRAIL_CONFIG": str(SAMPLES / "platetrail.toml")})
    assert settings == Settings(data_dir=Path("/var/lib/platetrail"))
    commented = (SAMPLES / "platetrail.toml").read_text().replace("\n# ", "\n")
    keys = [line.split(" = ")[0] for line in commented.split("\n") if " = " in line]
    assert set(keys) <= set(Settings.model_fields)
