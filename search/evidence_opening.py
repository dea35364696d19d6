"""Opens the evidence that the settings name."""

import re

from search.errors import EvidenceError
from search.evidence import EvidenceStore, FolderEvidence
from search.secret_settings import secret_value
from search.settings import StoreSettings

_S3 = re.compile(r"s3://(?P<name>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>.*))?")


def open_evidence(settings: StoreSettings) -> EvidenceStore:
    """Open the evidence of an installation; nothing is reached yet.

    Args:
        settings: of it.

    Raises:
        EvidenceError: a setting cannot be; names it.
    """
    if not settings.evidence_url:
        return FolderEvidence(settings.evidence_dir)
    place = _S3.fullmatch(settings.evidence_url)
    if place is None:
        raise EvidenceError(
            f"evidence_url: expected s3://BUCKET/PREFIX, got {settings.evidence_url!r:.80}"
        )
    endpoint = settings.evidence_endpoint
    if endpoint and not endpoint.startswith(("http://", "https://")):
        raise EvidenceError(f"evidence_endpoint: expected https://HOST:PORT, got {endpoint!r:.80}")
    try:
        secret = secret_value(
            "evidence_secret", settings.evidence_secret, settings.evidence_secret_file
        )
    except ValueError as error:
        raise EvidenceError(str(error)) from None
    if bool(settings.evidence_key_id) != bool(secret):
        raise EvidenceError("evidence_key_id: it and evidence_secret belong together")
    from search.evidence_s3 import Bucket, S3Evidence  # takes its time, and a folder needs none

    return S3Evidence(
        Bucket(
            name=place["name"],
            prefix=(place["prefix"] or "").strip("/"),
            endpoint=endpoint,
            region=settings.evidence_region,
            key_id=settings.evidence_key_id,
            secret=secret,
            ca_file=settings.evidence_ca_file,
        )
    )
