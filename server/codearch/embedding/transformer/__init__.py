"""Transformers as encoders: what they read, how they are exported, and how they run.

`torch` is needed to export and to train alone, `onnxruntime` to run; neither is needed by the rest.
"""
