"""Scripts and styles, built by npm into `static/dist`."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, url_for


def init_app(app: Flask) -> None:
    """Give templates the addresses of assets; they change with what is in them."""
    folder = Path(app.static_folder or "")

    @cache
    def version(name: str) -> str:
        file = folder / name
        return sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "missing"

    def asset(name: str) -> str:
        return url_for("static", filename=name, v=version(name))

    app.jinja_env.globals["asset"] = asset
