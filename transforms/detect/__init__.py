"""Texts in, the places in them that identify somebody out."""

import os

# ONNX Runtime tells its maker of every start, and writes down an id of the device, unless it is
# told not to before it is loaded. No call leaves the machine.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
