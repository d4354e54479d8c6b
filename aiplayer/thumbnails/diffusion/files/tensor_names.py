"""Which tensor of a published Stable Diffusion 1.x file belongs to which weight of our networks: by name.

Layers of our networks bear the names of the published ones; for the parts of a layer, `PARTS` tells keras-cv's name
and the files' name. PyTorch keeps a convolution as [out, in, height, width] and a matrix as [out, in].
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import keras
import numpy as np
from keras.layers import Conv2D, Dense, Embedding, GroupNormalization, LayerNormalization

from aiplayer.thumbnails.diffusion.attention import SpatialTransformer
from aiplayer.thumbnails.diffusion.blocks import (
    DecoderAttention,
    DecoderBlock,
    Enlargement,
    ResidualBlock,
    projection_of,
)
from aiplayer.thumbnails.diffusion.keras_parts import PaddedConv2D
from aiplayer.thumbnails.diffusion.text_encoder import TextLayer, TokenEmbedding

# Tensors that the files of a network may hold beyond our weights: a constant, layers after the last one that the
# configuration counts ("clip skip"), and the autoencoder's encoder.
UNUSED = {
    "text_encoder": re.compile(r"(text_model\.)?(embeddings\.position_ids|encoder\.layers\..+)"),
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
        weight: The weight of our network.
        shape: The shape of the tensor in the file.
        to_ours: Turns the file's array into one of the weight's shape.
    """

    weight: keras.Variable
    shape: tuple[int, ...]
    to_ours: Callable[[np.ndarray], np.ndarray]


def tensors_of(network: keras.Model) -> dict[str, Tensor]:
    """Every weight of a network, by the name of its tensor in the newest files."""
    tensors: dict[str, Tensor] = {}
    for layer in network.layers:
        tensors.update(_tensors(layer, layer.name))
    return tensors


def newest_name(network: str, name: str) -> str:
    """The name of a tensor in the newest files.

    Args:
        network: The network that has the tensor: text_encoder, unet or decoder.
        name: The tensor's name in a file of any age.
    """
    for pattern, replacement in RENAMED[network].items():
        name = re.sub(pattern, replacement, name)
    return name


Parts = dict[str, keras.layers.Layer]


def _tensors(layer: keras.layers.Layer, name: str) -> Iterator[tuple[str, Tensor]]:
    """The weights of a layer and its parts, by their names in the newest files, which begin with the layer's name."""
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
            for part_name, part in matrices.items():
                yield f"{name}.{part_name}.weight", _matrix(part.conv2d.kernel)
                yield f"{name}.{part_name}.bias", _permuted(part.conv2d.bias, (0,))
        case _ if type(layer) in PARTS:
            parts_of = PARTS[type(layer)]
            for part_name, part in parts_of(layer).items():
                yield from _tensors(part, f"{name}.{part_name}")


def _permuted(weight: keras.Variable, axes: tuple[int, ...]) -> Tensor:
    """A tensor whose axes are those of our weight in another order.

    Args:
        weight: The weight of our network.
        axes: The weight's axes in the order of the file.
    """
    shape = tuple(weight.shape[axis] for axis in axes)
    file_axes = np.argsort(axes)
    return Tensor(weight, shape, lambda array: array.transpose(file_axes))


def _matrix(weight: keras.Variable) -> Tensor:
    """A matrix in the file, [out, in], that is a convolution of one pixel, [1, 1, in, out], here."""
    _, _, channels_in, channels_out = weight.shape
    return Tensor(weight, (channels_out, channels_in), lambda array: array.T[np.newaxis, np.newaxis])


def _residual_block(layer: ResidualBlock) -> Parts:
    parts = {
        "norm1": layer.entry_flow[0],
        "conv1": layer.entry_flow[2],
        "time_emb_proj": layer.embedding_flow[1],
        "norm2": layer.exit_flow[0],
        "conv2": layer.exit_flow[2],
    }
    return parts | _shortcut(layer)


def _decoder_block(layer: DecoderBlock) -> Parts:
    names = ("norm1", "conv1", "norm2", "conv2")
    return {name: getattr(layer, name) for name in names} | _shortcut(layer)


def _shortcut(layer: ResidualBlock | DecoderBlock) -> Parts:
    projection = projection_of(layer)
    return {"conv_shortcut": projection} if projection else {}


def _spatial_transformer(layer: SpatialTransformer) -> Parts:
    block = layer.transformer_block
    prefix = "transformer_blocks.0"
    parts = {"norm": layer.norm, "proj_in": layer.proj1, "proj_out": layer.proj2}

    for name in ("norm1", "norm2", "norm3"):
        parts[f"{prefix}.{name}"] = getattr(block, name)
    for name in ("attn1", "attn2"):
        attention = getattr(block, name)
        parts[f"{prefix}.{name}.to_q"] = attention.to_q
        parts[f"{prefix}.{name}.to_k"] = attention.to_k
        parts[f"{prefix}.{name}.to_v"] = attention.to_v
        parts[f"{prefix}.{name}.to_out.0"] = attention.out_proj

    parts[f"{prefix}.ff.net.0.proj"] = block.geglu.dense
    parts[f"{prefix}.ff.net.2"] = block.dense
    return parts


def _text_layer(layer: TextLayer) -> Parts:
    parts = {"layer_norm1": layer.layer_norm1, "layer_norm2": layer.layer_norm2}
    for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
        parts[f"self_attn.{name}"] = getattr(layer.clip_attn, name)
    return parts | {"mlp.fc1": layer.fc1, "mlp.fc2": layer.fc2}


def _enlargement(layer: Enlargement) -> Parts:
    return {"conv": layer.conv}


def _token_embedding(layer: TokenEmbedding) -> Parts:
    return {"token_embedding": layer.token_embedding, "position_embedding": layer.position_embedding}


# For each kind of layer: its parts, by their names in the files.
PARTS: dict[type, Callable[..., Parts]] = {
    ResidualBlock: _residual_block,
    DecoderBlock: _decoder_block,
    SpatialTransformer: _spatial_transformer,
    Enlargement: _enlargement,
    TextLayer: _text_layer,
    TokenEmbedding: _token_embedding,
}
