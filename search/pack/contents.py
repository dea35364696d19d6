"""What lies in a pack, file by file."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lpr.errors import ModelError
from lpr.manifest import MANIFEST, find_models
from lpr.passages import passage_to_fields
from lpr.spool.pictures import file_name
from lpr.times import format_utc
from search.audit import Look
from search.cameras import format_cameras
from search.errors import EvidenceAwayError, EvidenceError
from search.pack.archive import Member
from search.papers.findings import Findings
from search.papers.formats import FORMATS
from search.sightings import Sighting

README = """\
PlateTrail: gói bằng chứng / evidence pack

question.json      câu hỏi: ai hỏi, khi nào, vì sao / the question: who asked, when and why
sightings.ndjson   lượt ghi nhận, cách đọc và các khả năng khác / sightings, readings, candidates
route.json, .pdf   hành trình; đường đi giữa hai điểm là suy đoán / ways between stops are inferred
cameras.csv        camera
audit.ndjson       nhật ký tra cứu của câu hỏi này / the audit log's entries of this question
models/            mô hình: thẻ và SHA-256 / models: cards and SHA-256
pictures/          ảnh gốc, tên là SHA-256 / original pictures, named by SHA-256
MANIFEST.json      SHA-256 của từng tệp, và những gì thiếu / of every file, and what is missing
MANIFEST.sig       chữ ký Ed25519 / signature

Kiểm tra / check:  platetrail verify FILE --key PUBLIC
"""


@dataclass(slots=True)
class Contents:
    """The files of a pack; `missing` grows while they are read.

    Attributes:
        findings: the route.
        question: as it was asked.
        looks: of the audit log, oldest first.
        models_dir: as the settings have it.
        missing: what a sighting names and is not there.
    """

    findings: Findings
    question: Mapping[str, Any]
    looks: Sequence[Look]
    models_dir: Path | None
    missing: list[Mapping[str, str]] = field(default_factory=list)

    def files(self) -> Iterator[Member]:
        """Each file once, in an order that is always the same.

        Raises:
            EvidenceAwayError: nobody can say whether a picture is there.
            PaperError: the PDF cannot be written.
        """
        found, asked = self.findings, self.findings.asked
        question = {
            **self.question,
            "who": asked.who,
            "reason": asked.reason,
            "case_number": asked.case_number,
            "at": format_utc(asked.at),
            "incomplete": found.route.is_partial,
        }
        yield "README.txt", README.encode()
        yield "question.json", _line(question)
        yield "sightings.ndjson", b"".join(map(_line, self._sightings()))
        for kind in ("json", "pdf"):
            yield f"route.{kind}", FORMATS[kind].write(found)
        seen = {sighting.passage.camera for sighting in self._all}
        cameras = [found.cameras[camera] for camera in sorted(seen) if camera in found.cameras]
        yield "cameras.csv", format_cameras(cameras).encode()
        yield "audit.ndjson", b"".join(_line(_look_fields(look)) for look in self.looks)
        yield from self._models()
        yield from self._pictures()

    @property
    def _all(self) -> tuple[Sighting, ...]:
        return (*self.findings.route.stops, *self.findings.route.doubtful)

    def _sightings(self) -> Iterator[dict[str, Any]]:
        stops = len(self.findings.route.stops)
        for number, sighting in enumerate(self._all, 1):
            yield {
                "id": sighting.id,
                "stop": number if number <= stops else None,
                "doubtful": number > stops,
                **passage_to_fields(sighting.passage),
                "match": sighting.match,
                "likelihood": round(sighting.likelihood, 4),
            }

    def _models(self) -> Iterator[Member]:
        """The manifest of this installation's models with their hashes, and their cards."""
        manifest = b""
        try:
            folder = find_models(self.models_dir)
            manifest = (folder / MANIFEST).read_bytes()
            cards = [(card.name, card.read_bytes()) for card in sorted(folder.glob("*.md"))]
        except (ModelError, OSError) as error:
            cards = []
            self.missing.append({"what": "models", "reason": str(error)})
        if manifest:
            yield f"models/{MANIFEST}", manifest
        for name, card in cards:
            yield f"models/{name}", card
        known = manifest.decode("utf-8", "replace")
        read_by = (s.passage.model or "" for s in self._all)
        used = {model for both in read_by for model in both.split(" + ") if model}
        for model in sorted(used):
            if f'"{model}"' not in known:
                reason = "this installation has other models now"
                self.missing.append({"what": "model card", "name": model, "reason": reason})

    def _pictures(self) -> Iterator[Member]:
        done: dict[str, str] = {}  # reasons of those that are missing, by name
        for sighting in self._all:
            seen = sighting.passage
            for what, name in (("frame", seen.frame), ("crop", seen.crop), ("clip", seen.clip)):
                if name is None:
                    continue
                if name not in done:
                    try:
                        content = self.findings.evidence.get(name)
                        done[name] = ""
                        yield f"pictures/{file_name(name)}", content
                    except EvidenceAwayError:
                        raise
                    except EvidenceError as error:
                        done[name] = str(error)
                if done[name]:
                    lack = {"what": what, "name": name, "sighting": sighting.id}
                    self.missing.append(lack | {"reason": done[name]})


def _line(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _look_fields(look: Look) -> dict[str, Any]:
    return {
        "at": format_utc(look.at),
        "who": look.who,
        "action": look.action,
        "reason": look.reason,
        "case_number": look.case_number,
        "details": dict(look.details),
    }
