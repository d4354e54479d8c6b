"""The three models, one file each: batched BentoML services that the gateway depends on.

Each loads its pinned models, is warm before it says ready, and knows nothing of HTTP. The gateway imports these modules
for their types, so what is heavy (torch, TensorFlow, SciPy) is imported inside methods, where only the runner's own
process goes.
"""
