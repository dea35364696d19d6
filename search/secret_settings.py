"""Secrets that stand in a setting, or in a file that another setting names."""

from pathlib import Path

from pydantic import SecretStr


def secret_value(key: str, secret: SecretStr | None, file: Path | None) -> str:
    """The secret, empty if there is none.

    Args:
        key: of the setting; that of the file has `_file` behind it.
        secret: the one setting.
        file: the other.

    Raises:
        ValueError: names the setting: both are set, or the file cannot be read.
    """
    if secret is not None and file is not None:
        raise ValueError(f"{key}: expected either {key} or {key}_file")
    if file is None:
        return "" if secret is None else secret.get_secret_value()
    try:
        return file.read_text("utf-8").strip()
    except OSError as error:
        raise ValueError(f"{key}_file: {file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"{key}_file: {file} is not UTF-8") from None
