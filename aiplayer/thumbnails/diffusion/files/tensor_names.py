"""Which tensor of a published Stable Diffusion 1.x file belongs to which weight of our networks: by name.

Layers of our networks bear the names of the published ones; below a layer, `PARTS` tells what keras-cv calls a part
and what the files call it. PyTorch keeps a convolution as [out, in, height, width] and a matrix as [out, in].
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import keras
import numpy as np
from keras.layers import Conv2D, Dense, Embedding, GroupNormalization, LayerNormalization

from aiplayer.thumbnails.diffusion.blocks import (
    DecoderAttention,
    DecoderBlock,
    Enlargement,
    ResidualBlock,
    SpatialTransformer,
    projection_of,
)
from aiplayer.thumbnails.diffusion.cpu_kernels.keras_parts import CLIPEmbedding, CLIPEncoderLayer, PaddedConv2D

# Of each network: what its files may hold beyond our weights (the autoencoder's other half, a constant).
UNUSED = {
    "text_encoder": re.compile(r"(text_model\.)?embeddings\.position_ids"),
    "unet": re.compile("(?!)"),
    "decoder": re.compile(r"(encoder|quant_conv)\..+"),
}
# Names change with the age of a file: transformers 5 drops a prefix, diffusers 0.13 renamed the decoder's attention.
RENAMED = {
    "text_encoder": {r"^text_model\.": ""},
    "unet": {},
    "decoder": {
        r"\.query\.": ".to_q.",
        r"\.key\.": ".to_k.",
        r"\.value\.": ".to_v.",
        r"\.proj_attn\.": ".to_out.0.",
    },
}


@dataclass(frozen=True)
class Tensor:
    """A weight, and how it lies in a file.

    Attributes:
        weight: Of our network.
        shape: Of the tensor in the file.
        to_ours: From the file's array to the weight's.
    """

    weight: keras.Variable
    shape: tuple[int, ...]
    to_ours: Callable[[np.ndarray], np.ndarray]


def tensors_of(network: keras.Model) -> dict[str, Tensor]:
    """Every weight of a network, by the name of its tensor in the newest files."""
    found = {}
    for layer in network.layers:
        found.update(_tensors(layer, layer.name))
    return found


def newest_name(network: str, name: str) -> str:
    """The name by which the newest files know a tensor, for `network` text_encoder, unet or decoder."""
    for pattern, replacement in RENAMED[network].items():
        name = re.sub(pattern, replacement, name)
    return name


def _tensors(layer: keras.layers.Layer, name: str) -> Iterator[tuple[str, Tensor]]:
    match layer:
        case PaddedConv2D():
            yield from _tensors(layer.conv2d, name)
        case Conv2D():
            yield f"{name}.weight", _permuted(layer.kernel, (3, 2, 0, 1))
            yield f"{name}.bias", _permuted(layer.bias, (0,))
        case Dense():
            yield f"{name}.weight", _permuted(layer.kernel, (1, 0))
            if layer.use_bias:
                yield f"{name}.bias", _permuted(layer.bias, (0,))
        case Embedding():
            yield f"{name}.weight", _permuted(layer.embeddings, (0, 1))
        case GroupNormalization() | LayerNormalization():
            yield f"{name}.weight", _permuted(layer.gamma, (0,))
            yield f"{name}.bias", _permuted(layer.beta, (0,))
        case DecoderAttention():
            yield from _tensors(layer.norm, f"{name}.group_norm")
            matrices = {"to_q": layer.q, "to_k": layer.k, "to_v": layer.v, "to_out.0": layer.proj_out}
            for part, convolution in matrices.items():
                yield f"{name}.{part}.weight", _matrix(convolution.conv2d.kernel)
                yield f"{name}.{part}.bias", _permuted(convolution.conv2d.bias, (0,))
        case _ if type(layer) in PARTS:
            for part, inner in PARTS[type(layer)](layer).items():
                yield from _tensors(inner, f"{name}.{part}")


def _permuted(weight: keras.Variable, axes: tuple[int, ...]) -> Tensor:
    """`axes` lead from our weight to the file's tensor."""
    shape = tuple(weight.shape[axis] for axis in axes)
    return Tensor(weight, shape, lambda array: array.transpose(np.argsort(axes)))


def _matrix(weight: keras.Variable) -> Tensor:
    """A matrix in the file that is a convolution of one pixel, [1, 1, in, out], here."""
    return Tensor(weight, (weight.shape[3], weight.shape[2]), lambda array: array.T[np.newaxis, np.newaxis])


def _res_block(layer: ResidualBlock) -> Mapping[str, keras.layers.Layer]:
    parts = {
        "norm1": layer.entry_flow[0],
        "conv1": layer.entry_flow[2],
        "time_emb_proj": layer.embedding_flow[1],
        "norm2": layer.exit_flow[0],
        "conv2": layer.exit_flow[2],
    }
    return parts | _shortcut(layer)


def _decoder_block(layer: DecoderBlock) -> Mapping[str, keras.layers.Layer]:
    names = ("norm1", "conv1", "norm2", "conv2")
    return {name: getattr(layer, name) for name in names} | _shortcut(layer)


def _shortcut(layer: ResidualBlock | DecoderBlock) -> Mapping[str, keras.layers.Layer]:
    projection = projection_of(layer)
    return {"conv_shortcut": projection} if projection else {}


def _spatial_transformer(layer: SpatialTransformer) -> Mapping[str, keras.layers.Layer]:
    block, inside = layer.transformer_block, "transformer_blocks.0"
    parts = {"norm": layer.norm, "proj_in": layer.proj1, "proj_out": layer.proj2}
    for name in ("norm1", "norm2", "norm3"):
        parts[f"{inside}.{name}"] = getattr(block, name)
    for name in ("attn1", "attn2"):
        attention = getattr(block, name)
        matrices = {"to_q": attention.to_q, "to_k": attention.to_k, "to_v": attention.to_v}
        for matrix, dense in (matrices | {"to_out.0": attention.out_proj}).items():
            parts[f"{inside}.{name}.{matrix}"] = dense
    return parts | {f"{inside}.ff.net.0.proj": block.geglu.dense, f"{inside}.ff.net.2": block.dense}


def _clip_layer(layer: CLIPEncoderLayer) -> Mapping[str, keras.layers.Layer]:
    parts = {"layer_norm1": layer.layer_norm1, "layer_norm2": layer.layer_norm2}
    for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
        parts[f"self_attn.{name}"] = getattr(layer.clip_attn, name)
    return parts | {"mlp.fc1": layer.fc1, "mlp.fc2": layer.fc2}


PARTS: Mapping[type, Callable[..., Mapping[str, keras.layers.Layer]]] = {
    ResidualBlock: _res_block,
    DecoderBlock: _decoder_block,
    SpatialTransformer: _spatial_transformer,
    Enlargement: lambda layer: {"conv": layer.conv},
    CLIPEncoderLayer: _clip_layer,
    CLIPEmbedding: lambda layer: {
        "token_embedding": layer.token_embedding,
        "position_embedding": layer.position_embedding,
    },
}
