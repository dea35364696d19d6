import os
import subprocess
import sys
from pathlib import Path

MODEL = Path(__file__).parents[3] / "models" / "reader.onnx"
CODE = """
import sys
from pathlib import Path
from lpr.session import load_session
load_session(Path(sys.argv[1]), 1)
"""
# with one of these onnxruntime is silent by itself
SILENCING = ("CI", "ORT_RUNNING_UNIT_TESTS", "ORT_DISABLE_TELEMETRY")


def test_onnxruntime_collects_nothing_to_send_to_its_maker(tmp_path: Path) -> None:
    variables = {name: value for name, value in os.environ.items() if name not in SILENCING}
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", CODE, str(MODEL)], env=variables | home, check=True)
    assert list(tmp_path.rglob("*")) == []
