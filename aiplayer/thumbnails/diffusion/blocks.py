"""keras-cv's blocks of Stable Diffusion, where they have to differ to compute what the published weights learned.

Source: Rombach et al., "High-Resolution Image Synthesis with Latent Diffusion Models" (2022); keras-cv 0.9,
`models.stable_diffusion`; the tests hold every block against the diffusers package. Weights have keras-cv's shapes
and order, so its own files load. Departures from keras-cv:
- the normalisations of the decoder and of the spatial transformers use epsilon 1e-6, as the weights were trained
  with, in place of 1e-5;
- the gate of a feed-forward layer is the exact GELU in place of its tanh approximation, whose squares also leave
  float16's range at 256;
- queries are scaled before they meet the keys, which keeps float16 in range, and the products are plain matrix
  products: keras-cv makes a `Dot` layer at each call, which takes the global precision at that moment in place of
  the network's own;
- heights and widths may be open, so one network paints at every size.
Layers build their parts by shape and tell the shape of what they return: left to find out, Keras would trace all
that is inside a layer anew at each level of nesting.
"""

import keras
import tensorflow as tf
from keras import ops

from aiplayer.thumbnails.diffusion.cpu_kernels import torch_attention
from aiplayer.thumbnails.diffusion.cpu_kernels.fused import gated_gelu, group_norm
from aiplayer.thumbnails.diffusion.cpu_kernels.keras_parts import (
    GEGLU,
    AttentionBlock,
    CrossAttention,
    PaddedConv2D,
    ResBlock,
    ResnetBlock,
    Upsample,
)
from aiplayer.thumbnails.diffusion.cpu_kernels.packed import (
    Convolution,
    attends_by_torch,
    convolve,
    enlarge,
    multiply,
    normalise,
)

EPSILON = 1e-6
# Scores of attention that stand in memory at once; more are computed for some of the pixels at a time.
MOST_SCORES = 2**24


class Attention(CrossAttention):
    """Attention of pixels to themselves or to the tokens of a prompt, each head on its own channels."""

    def build(self, inputs_shape, context_shape=None):
        """Shapes as `call` takes the arrays."""
        self.to_q.build(inputs_shape)
        self.to_k.build(context_shape or inputs_shape)
        self.to_v.build(context_shape or inputs_shape)
        self.out_proj.build((None, None, self.num_heads * self.head_size))

    def call(self, inputs, context=None, added=None):
        """[batch, pixels, channels] and [batch, tokens, width] -> [batch, pixels, channels], joined by `added`."""
        context = inputs if context is None else context
        query, key, value = (
            _by_rows(dense, tokens)
            for dense, tokens in ((self.to_q, inputs), (self.to_k, context), (self.to_v, context))
        )
        if attends_by_torch(self):
            found = torch_attention.attend(query, key, value, self.num_heads)
        else:
            found = self._attend(query * self.scale, self._split(key), self._split(value))
        return _by_rows(self.out_proj, found, added)

    def _attend(self, query, key, value):
        """[batch, pixels, channels] and two of [batch, heads, length, head size] -> [batch, pixels, channels]."""
        batch, pixels = ops.shape(query)[:2]
        parts = -(-(batch * self.num_heads * pixels * ops.shape(key)[2]) // MOST_SCORES)
        length = -(-pixels // parts)
        query = tf.pad(query, ((0, 0), (0, parts * length - pixels), (0, 0)))
        query = ops.reshape(query, (batch, parts, length, self.num_heads, self.head_size))
        # [parts, batch, heads, length, head size]
        query = ops.transpose(query, (1, 0, 3, 2, 4))
        # Over numbers of parts: over the parts themselves, they would be copied first.
        found = tf.map_fn(
            lambda part: ops.softmax(tf.matmul(query[part], key, transpose_b=True)) @ value,
            tf.range(parts),
            fn_output_signature=query.dtype,
            parallel_iterations=1,
        )
        found = ops.transpose(found, (1, 0, 3, 2, 4))
        return ops.reshape(found, (batch, parts * length, self.num_heads * self.head_size))[:, :pixels]

    def _split(self, tokens):
        """[batch, length, channels] -> [batch, heads, length, head size]."""
        heads = ops.reshape(tokens, (-1, ops.shape(tokens)[1], self.num_heads, self.head_size))
        return ops.transpose(heads, (0, 2, 1, 3))


class GatedUnit(GEGLU):
    """Half of the channels, gated by the exact GELU of the other half."""

    def build(self, input_shape):
        """The shape of the array that `call` takes."""
        self.dense.build(input_shape)

    def call(self, inputs):
        """[batch, pixels, channels] -> [batch, pixels, output channels]."""
        return gated_gelu(_by_rows(self.dense, inputs))


def _by_rows(dense, tokens, added=None):
    """A dense layer on [batch, length, channels]: a product of two matrices takes the bias along, others do not."""
    batch, length, channels = ops.shape(tokens)
    added = None if added is None else ops.reshape(added, (-1, dense.units))
    return ops.reshape(multiply(dense, ops.reshape(tokens, (-1, channels)), added), (batch, length, dense.units))


class ForEachPrompt(keras.layers.Layer):
    """Repeats what knows no prompt yet, where there are several prompts for it."""

    def compute_output_shape(self, input_shape):
        """That of the features, for as many as there are contexts."""
        features, context = input_shape
        return (context[0], *features[1:])

    def call(self, inputs):
        """([batch, ...], [prompts, tokens, width]) -> [prompts, ...]: all features, and all again."""
        features, context = inputs
        times = ops.shape(context)[0] // ops.shape(features)[0]
        return tf.tile(features, (times, *[1] * (len(features.shape) - 1)))


class TransformerBlock(keras.layers.Layer):
    """Pixels look at each other, then at the prompt, then pass a feed-forward layer; each adds to what was there."""

    def __init__(self, heads: int, head_size: int, first: bool, **kwargs):
        super().__init__(**kwargs)
        self.repeat = ForEachPrompt() if first else None
        self.norm1 = keras.layers.LayerNormalization(epsilon=1e-5)
        self.attn1 = Attention(heads, head_size)
        self.norm2 = keras.layers.LayerNormalization(epsilon=1e-5)
        self.attn2 = Attention(heads, head_size)
        self.norm3 = keras.layers.LayerNormalization(epsilon=1e-5)
        self.geglu = GatedUnit(4 * heads * head_size)
        self.dense = keras.layers.Dense(heads * head_size)

    def build(self, input_shape):
        """Shapes of the pixels and of the context."""
        pixels, context = input_shape
        for norm in (self.norm1, self.norm2, self.norm3):
            norm.build(pixels)
        self.attn1.build(pixels)
        self.attn2.build(pixels, context)
        self.geglu.build(pixels)
        self.dense.build((None, None, self.geglu.output_dim))

    def call(self, inputs):
        """([batch, pixels, channels], [prompts, tokens, width]) -> [prompts, pixels, channels]."""
        pixels, context = inputs
        pixels = self.attn1(normalise(self.norm1, pixels), added=pixels)
        pixels = self.repeat([pixels, context]) if self.repeat else pixels
        pixels = self.attn2(normalise(self.norm2, pixels), context=context, added=pixels)
        return _by_rows(self.dense, self.geglu(normalise(self.norm3, pixels)), added=pixels)


class SpatialTransformer(keras.layers.Layer):
    """A transformer block over all pixels of a feature map; its result is added to the map.

    Args:
        heads: Of its attention.
        head_size: Channels of each.
        first: Whether its features know no prompt yet; then there may be several contexts for each feature map.
    """

    def __init__(self, heads: int, head_size: int, first: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.repeat = ForEachPrompt() if first else None
        self.norm = keras.layers.GroupNormalization(epsilon=EPSILON)
        self.proj1 = Convolution(heads * head_size, 1)
        self.transformer_block = TransformerBlock(heads, head_size, first)
        self.proj2 = Convolution(heads * head_size, 1)

    def build(self, input_shape):
        """Shapes of the features and of the context."""
        features, context = input_shape
        for part in (self.norm, self.proj1, self.proj2):
            part.build(features)
        self.transformer_block.build([(None, None, features[-1]), context])

    def compute_output_shape(self, input_shape):
        """That of the features, for as many as there are contexts."""
        features, context = input_shape
        return (context[0], *features[1:])

    def call(self, inputs):
        """([batch, height, width, channels], [prompts, tokens, width]) -> [prompts, height, width, channels]."""
        features, context = inputs
        _, height, width, channels = ops.shape(features)
        pixels = ops.reshape(self.proj1(group_norm(self.norm, features)), (-1, height * width, channels))
        pixels = self.transformer_block([pixels, context])
        features = self.repeat([features, context]) if self.repeat else features
        return self.proj2(ops.reshape(pixels, (-1, height, width, channels)), added=features)


class ResidualBlock(ResBlock):
    """A residual block of the UNet."""

    def build(self, input_shape):
        """Shapes of the features and of the timestep's embedding."""
        super().build(input_shape)
        features, time = input_shape
        inner = (*features[:-1], self.output_dim)
        (norm1, _, conv1), (_, dense), (norm2, _, conv2) = self.entry_flow, self.embedding_flow, self.exit_flow
        _build_all({norm1: features, conv1.conv2d: features, dense: time, norm2: inner, conv2.conv2d: inner})
        _build_shortcut(self, features)

    def call(self, inputs):
        """([batch, height, width, channels], [batch, time width]) -> [batch, height, width, output channels]."""
        features, time = inputs
        (norm1, _, conv1), (silu, dense), (norm2, _, conv2) = self.entry_flow, self.embedding_flow, self.exit_flow
        x = convolve(conv1, group_norm(norm1, features, silu=True))
        x = group_norm(norm2, x, added=multiply(dense, silu(time)), silu=True)
        return convolve(conv2, x, added=_shortcut(self, features))


class Enlargement(Upsample):
    """Twice the height and width, each pixel four times, then a convolution."""

    def build(self, input_shape):
        """The shape of the array that `call` takes."""
        self.conv.conv2d.build(input_shape)

    def call(self, inputs):
        """[batch, height, width, channels] -> [batch, 2 height, 2 width, channels]."""
        return enlarge(self, inputs)


class DecoderBlock(ResnetBlock):
    """A residual block of the decoder."""

    def __init__(self, channels: int, **kwargs):
        super().__init__(channels, **kwargs)
        self.norm1.epsilon = self.norm2.epsilon = EPSILON

    def build(self, input_shape):
        """The shape of the array that `call` takes."""
        super().build(input_shape)
        inner = (*input_shape[:-1], self.output_dim)
        _build_all(
            {self.norm1: input_shape, self.conv1.conv2d: input_shape, self.norm2: inner, self.conv2.conv2d: inner}
        )
        _build_shortcut(self, input_shape)

    def call(self, inputs):
        """[batch, height, width, channels] -> [batch, height, width, output channels]."""
        x = convolve(self.conv1, group_norm(self.norm1, inputs, silu=True))
        return convolve(self.conv2, group_norm(self.norm2, x, silu=True), added=_shortcut(self, inputs))


def _build_all(shapes: dict[keras.layers.Layer, tuple]) -> None:
    for layer, shape in shapes.items():
        layer.build(shape)


def projection_of(block: ResBlock | ResnetBlock) -> PaddedConv2D | None:
    """What a block makes of its input before it adds it: where the channels stay as they are, nothing."""
    # Then keras-cv has a function here that returns its input.
    return block.residual_projection if isinstance(block.residual_projection, PaddedConv2D) else None


def _build_shortcut(block: ResBlock | ResnetBlock, shape: tuple) -> None:
    if projection := projection_of(block):
        projection.conv2d.build(shape)


def _shortcut(block: ResBlock | ResnetBlock, features):
    projection = projection_of(block)
    return convolve(projection, features) if projection else features


class DecoderAttention(AttentionBlock):
    """Attention among all pixels of the decoder's smallest feature map."""

    def __init__(self, channels: int, **kwargs):
        super().__init__(channels, **kwargs)
        self.norm.epsilon = EPSILON
