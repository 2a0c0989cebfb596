"""Models are trained on one's own code: views of functions, losses, the loop and its checkpoints.

`torch` is needed by `losses`, `low_rank`, `starting`, `checkpoints` and `loop` alone.
"""
