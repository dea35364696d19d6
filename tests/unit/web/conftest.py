import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from search.cameras import save_cameras
from search.registry.opening import open_registry
from search.roads.keeping import save_roads
from search.store import SightingStore
from search.testing import MemoryStore
from web.accounts import ROLES, add_account
from web.app import create_app
from web.asking import AskedStore
from web.parts import Parts, outages_of
from web.settings import Settings
from web.testing import CAMERAS, NOON, PASSWORD, ROADS, MemoryEvidence, Office


@pytest.fixture(scope="session")
def registry_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("registry") / "registry.db"
    engine = open_registry(f"sqlite:///{file}")
    for role in ROLES:
        add_account(engine, role, role, PASSWORD, NOON)
    save_cameras(engine, CAMERAS)
    save_roads(engine, ROADS)
    engine.dispose()
    return file


@pytest.fixture
def make_office(
    registry_file: Path, tmp_path: Path
) -> Callable[[Callable[[], SightingStore] | None], Office]:
    def make(opening: Callable[[], SightingStore] | None = None) -> Office:
        shutil.copy(registry_file, tmp_path / "registry.db")
        settings = Settings(data_dir=tmp_path)
        now = [NOON + timedelta(hours=1)]
        store, evidence = MemoryStore(), MemoryEvidence()
        outages = outages_of(settings, lambda: now[0])
        parts = Parts(
            settings,
            open_registry(settings.registry),
            AskedStore(opening or (lambda: store), outages, lambda: now[0]),
            outages,
            evidence,
            lambda: now[0],
        )
        return Office(parts, create_app(settings, parts), store, evidence, now)

    return make


@pytest.fixture
def office(make_office: Callable[..., Office]) -> Office:
    return make_office()
