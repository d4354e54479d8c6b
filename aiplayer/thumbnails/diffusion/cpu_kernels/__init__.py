"""Faster arithmetic for the networks on a CPU; the rest of diffusion imports every kernel from this module.

When they are used. `group_norm` and `gated_gelu` compute by XLA on every device. `convolve`, `enlarge`, `multiply` and
`normalise` call kernels of oneDNN only while `with_cpu_kernels` traces a network in bfloat16, on a CPU with AVX-512 and
without a GPU; everywhere else they compute as the Keras layer that they are given, `normalise` by XLA. `attend` calls
torch, in such networks of 100 million weights or more, where torch is installed.

What they reach for by private name. `operations` creates TensorFlow's operations `_MklNativeFusedConv2D`,
`_MklNativeFusedMatMul` and `_MklLayerNorm`, with the kernel label `MklNameChangeOp`. A new version of TensorFlow may
rename or change them. `with_cpu_kernels` looks for the three names first: where one is missing, the network computes
as Keras does, more slowly.

How to do without them. Let `with_cpu_kernels` return its network: then `operations` and `torch_attention` are never
called, and only the rounding of bfloat16 differs. To do without `fused` too, call the Keras layer in `group_norm` and
`layer_norm`, and return `value * keras.activations.gelu(gate, approximate=False)` from `gated_gelu`.
"""

from aiplayer.thumbnails.diffusion.cpu_kernels.fused import gated_gelu, group_norm
from aiplayer.thumbnails.diffusion.cpu_kernels.packed import (
    attends_by_torch,
    convolve,
    cpu_computes_bfloat16,
    enlarge,
    multiply,
    normalise,
    with_cpu_kernels,
)
from aiplayer.thumbnails.diffusion.cpu_kernels.torch_attention import attend

__all__ = [
    "attend",
    "attends_by_torch",
    "convolve",
    "cpu_computes_bfloat16",
    "enlarge",
    "gated_gelu",
    "group_norm",
    "multiply",
    "normalise",
    "with_cpu_kernels",
]
