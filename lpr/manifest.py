"""`models/manifest.toml`: which files are the models, and what is known of them."""

import tomllib
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from lpr.errors import ModelError

MANIFEST = "manifest.toml"
_NEEDED = ("name", "file", "sha256")


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model of the manifest.

    Attributes:
        kind: detector or reader, the section it stands in.
        name: kept with every reading.
        file: the ONNX file; its hash has been compared.
        options: the other keys of the section, as each kind needs them.
    """

    kind: str
    name: str
    file: Path
    options: dict[str, Any]

    def option(self, key: str) -> Any:
        """One of the other keys.

        Raises:
            ModelError: it is missing.
        """
        if key not in self.options:
            raise ModelError(f"{MANIFEST}: [{self.kind}] has no {key!r}: add it")
        return self.options[key]


def find_models(models_dir: Path | None) -> Path:
    """The folder of the models: the given one, the package's own, or the checkout's.

    Raises:
        ModelError: there is no manifest in it.
    """
    package = Path(str(files("lpr")))
    places = [models_dir] if models_dir else [package / "models", package.parent / "models"]
    for place in places:
        if (place / MANIFEST).is_file():
            return place
    raise ModelError(f"there is no {MANIFEST} in {places[0]}: set models_dir to the models' folder")


def read_entry(folder: Path, kind: str) -> ModelEntry:
    """Read one section of a manifest and compare its file's hash.

    Args:
        folder: of the manifest.
        kind: detector or reader.

    Raises:
        ModelError: no such section or file, or the file was changed.
    """
    try:
        sections = tomllib.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:  # neither TOML nor UTF-8
        raise ModelError(f"{folder / MANIFEST} cannot be read: {error}") from error
    section = sections.get(kind)
    if not isinstance(section, dict) or not all(isinstance(section.get(k), str) for k in _NEEDED):
        raise ModelError(
            f"{folder / MANIFEST}: expected a section [{kind}] with {', '.join(_NEEDED)} as texts"
        )
    file = folder / section["file"]
    try:
        digest = sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(
            f"{file}: {error.strerror}: put the model where its manifest says"
        ) from error
    if digest != section["sha256"].lower():
        raise ModelError(
            f"{file} is not the file of its manifest: its SHA-256 is {digest}: "
            "put the right file there, or its SHA-256 into the manifest if you trust it"
        )
    return ModelEntry(kind, section["name"], file, section)
