"""Where a transformer may run: one line a device."""

from __future__ import annotations

import msgspec

INT8, HALF, SINGLE = "int8", "float16", "float32"
PRECISIONS = (INT8, HALF, SINGLE)


class Device(msgspec.Struct, frozen=True):
    """An accelerator: ONNX Runtime's name of its provider, and the weights that suit it."""

    name: str
    provider: str
    precision: str
    tested: bool = False  # by the authors, on such a device
    package: str = "onnxruntime"  # the distribution that holds the provider


CPU = Device("cpu", "CPUExecutionProvider", INT8, tested=True)

DEVICES = (  # in the order in which `auto` tries them
    Device("cuda", "CUDAExecutionProvider", HALF, package="onnxruntime-gpu"),
    Device("tensorrt", "TensorrtExecutionProvider", HALF, package="onnxruntime-gpu"),
    Device("coreml", "CoreMLExecutionProvider", SINGLE),
    Device("directml", "DmlExecutionProvider", HALF, package="onnxruntime-directml"),
    Device("openvino", "OpenVINOExecutionProvider", INT8, package="onnxruntime-openvino"),
    CPU,
)


def device_named(name: str) -> Device | None:
    """Return the device of this name, None where there is none."""
    return next((device for device in DEVICES if device.name == name), None)
