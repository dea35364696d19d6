"""What the wheel carries beside Python: the pages' scripts and styles, fonts, and the models."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODEL_ENDINGS = (".onnx", ".toml", ".md", ".json")


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]  # of the configuration: not used
    """Called by hatchling before it packs, for a wheel as for an editable installation."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the pages and name the models."""
        root = Path(self.root)
        build_pages(root / "web")
        if self.target_name == "wheel" and version != "editable":
            for file in sorted((root / "models").iterdir()):
                if file.suffix in MODEL_ENDINGS:
                    build_data["force_include"][str(file)] = f"lpr/models/{file.name}"


def build_pages(web: Path) -> None:
    """Bundle scripts, styles and the fonts of PDFs, unless they are newer than their sources."""
    sources = [*web.glob("browser/*"), web / "build.mjs", web / "package-lock.json"]
    built = web / "static" / "dist" / "app.js"
    font = web.parent / "search" / "fonts" / "DejaVuSans.ttf"
    newest = max(file.stat().st_mtime for file in sources if file.exists())
    if font.exists() and built.exists() and built.stat().st_mtime >= newest:
        return
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("npm is missing: install Node.js 20 or newer, which brings it")
    for step in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
        subprocess.run([npm, *step], cwd=web, check=True)
