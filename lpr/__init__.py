"""What was seen: from the pixels of a camera to a passage of a vehicle."""

import os

# onnxruntime tells its maker about models and machine unless this is set before it is loaded
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
