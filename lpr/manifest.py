"""`models/manifest.toml`: which files are the models, and what is known of them."""

import tomllib
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from lpr.errors import ModelError

MANIFEST = "manifest.toml"
_NEEDED = ("name", "file", "sha256")


class Section(BaseModel):
    """Keys that every section may have; a foreign format adds its own, and knows no others."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: str
    file: str
    sha256: str
    licence: str | None = None
    card: str | None = None


S = TypeVar("S", bound=Section)


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

    def as_section(self, shape: type[S]) -> S:
        """The section as a foreign format describes it.

        Raises:
            ModelError: a key is missing, unknown, or has a value that cannot be; names each.
        """
        try:
            return shape.model_validate(self.options)
        except ValidationError as error:
            faults = "; ".join(_fault(e["loc"], e["msg"], e["type"]) for e in error.errors())
            raise ModelError(f"{MANIFEST}: [{self.kind}] {faults}") from error


def _fault(place: tuple[int | str, ...], message: str, kind: str) -> str:
    if kind == "missing":
        return f"has no {place[0]!r}: add it"
    if kind == "extra_forbidden":
        return f"has {place[0]!r}, which its format does not know: take it out"
    said = message.removeprefix("Value error, ")
    return f"{place[0]!r}: {said}" if place else said


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
