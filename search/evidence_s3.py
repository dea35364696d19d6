"""Evidence in a bucket of S3, or of a store that speaks as S3 does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    SSLError,
)

from lpr.spool import name_of, picture_path
from lpr.spool.pictures import PICTURE, is_clip
from search.errors import EvidenceAwayError, EvidenceError
from search.evidence import check_content, check_name, is_name

CONNECT_S = 3.0
READ_S = 15.0
ATTEMPTS = 3
_CONNECTIONS = 32  # of one process: more than it has threads
_KEYS = "evidence_key_id, evidence_secret"
_MEANINGS = {
    "NoSuchBucket": "evidence_url: expected a bucket that exists",
    "InvalidBucketName": "evidence_url: expected the name of a bucket",
    "InvalidAccessKeyId": f"{_KEYS}: expected a key that the store knows",
    "SignatureDoesNotMatch": f"{_KEYS}: expected the secret of that key",
    "AccessDenied": f"{_KEYS}: expected a key that may list the bucket, get and put",
    "403": f"{_KEYS}: expected a key that may list the bucket, get and put",
    "AuthorizationHeaderMalformed": "evidence_region: expected the region of the bucket",
    "PermanentRedirect": "evidence_region: expected the region of the bucket",
    "301": "evidence_region: expected the region of the bucket",
    "RequestTimeTooSkewed": "the clocks of this machine and the store differ: set them",
}
_MISSING = frozenset({"404", "NoSuchKey"})


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where pictures are kept, and how it is entered.

    Attributes:
        name: of the bucket.
        prefix: of every key, without slashes around it; may be empty.
        endpoint: URL of the store; empty: Amazon's.
        region: of the bucket.
        key_id, secret: empty: as boto3 finds them (its variables and files).
        ca_file: certificates that the endpoint is known by.
    """

    name: str
    prefix: str = ""
    endpoint: str = ""
    region: str = "us-east-1"
    key_id: str = ""
    secret: str = ""
    ca_file: Path | None = None


class S3Evidence:
    """Evidence in a bucket, under the same names as `FolderEvidence` has below its folder.

    Args:
        bucket: nothing is asked of it yet.
    """

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._where = f"the bucket {bucket.name} at {bucket.endpoint or 'Amazon S3'}"
        with self._asking():
            self._client = _client(bucket)

    def put(self, jpeg: bytes) -> str:
        """Keep a picture; see `search.evidence.EvidenceStore`. The store compares its SHA-256."""
        name = name_of(jpeg)
        kind = "video/mp4" if is_clip(name) else "image/jpeg"
        with self._asking():
            self._client.put_object(**self._place(name), Body=jpeg, ContentType=kind)
        return name

    def get(self, name: str) -> bytes:
        """The picture of that name; see `search.evidence.EvidenceStore`."""
        check_name(name)
        with self._asking(name):
            jpeg: bytes = self._client.get_object(**self._place(name))["Body"].read()
        check_content(name, jpeg)
        return jpeg

    def has(self, name: str) -> bool:
        """Whether there is a picture of that name; see `search.evidence.EvidenceStore`."""
        if not is_name(name):
            return False
        with self._asking():
            try:
                self._client.head_object(**self._place(name))
            except ClientError as error:
                if _code(error) in _MISSING:
                    return False
                raise
        return True

    def remove(self, name: str) -> bool:
        """Remove a picture; see `search.evidence.EvidenceStore`."""
        check_name(name)
        is_there = self.has(name)
        with self._asking():
            self._client.delete_object(**self._place(name))
        return is_there

    def kept_before(self, time: datetime) -> Iterator[str]:
        """Names of the pictures that were kept before a time; see `EvidenceStore`."""
        prefix = f"{self._bucket.prefix}/" if self._bucket.prefix else ""
        with self._asking():
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket.name, Prefix=prefix):
                for about in page.get("Contents", ()):
                    name = Path(about["Key"]).name.removesuffix(PICTURE)
                    if is_name(name) and about["LastModified"] < time:
                        yield name

    def _place(self, name: str) -> dict[str, str]:
        key = picture_path(Path(self._bucket.prefix), name).as_posix()
        return {"Bucket": self._bucket.name, "Key": key}

    @contextmanager
    def _asking(self, name: str = "") -> Iterator[None]:
        """What goes wrong is an error of ours, which names the setting.

        Args:
            name: of the picture that is asked for, where it may be missing.
        """
        try:
            yield
        except ClientError as error:
            code = _code(error)
            if name and code in _MISSING:
                raise EvidenceError(f"there is no picture {name}") from None
            meaning = _MEANINGS.get(code, "evidence cannot be reached")
            said = error.response.get("Error", {}).get("Message", code)
            raise EvidenceAwayError(f"{meaning}. {self._where} says: {said}") from error
        except NoCredentialsError as error:
            raise EvidenceAwayError(f"{_KEYS}: expected both, for {self._where}") from error
        except SSLError as error:
            raise EvidenceAwayError(
                f"evidence_ca_file: {self._where} is not known by its certificate: {error}"
            ) from error
        except (EndpointConnectionError, ConnectTimeoutError, HTTPClientError) as error:
            raise EvidenceAwayError(
                f"evidence_endpoint: {self._where} cannot be reached: {error}"
            ) from error
        except (BotoCoreError, OSError, ValueError) as error:
            raise EvidenceAwayError(f"evidence in {self._where}: {error}") from error


def _client(bucket: Bucket) -> Any:
    """A client, which threads may share; not to be made before a process forks."""
    config = Config(
        signature_version="s3v4",
        # signed: the store refuses content whose SHA-256 is another one
        s3={
            "addressing_style": "path" if bucket.endpoint else "auto",
            "payload_signing_enabled": True,
        },
        # further sums of Amazon's, which not every store knows
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        connect_timeout=CONNECT_S,
        read_timeout=READ_S,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        max_pool_connections=_CONNECTIONS,
    )
    return boto3.session.Session().client(
        "s3",
        endpoint_url=bucket.endpoint or None,
        region_name=bucket.region,
        aws_access_key_id=bucket.key_id or None,
        aws_secret_access_key=bucket.secret or None,
        verify=str(bucket.ca_file) if bucket.ca_file else None,
        config=config,
    )


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
