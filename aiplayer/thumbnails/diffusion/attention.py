"""Attention of the UNet: pixels look at each other and at the prompt.

Source: Rombach et al., "High-Resolution Image Synthesis with Latent Diffusion Models" (2022); keras-cv 0.9,
`models.stable_diffusion`. Weights have keras-cv's shapes and order. Departures from keras-cv:
- the normalisation of a spatial transformer uses epsilon 1e-6, as the weights were trained with, in place of 1e-5;
- the gate of a feed-forward layer is the exact GELU in place of its tanh approximation, whose squares also leave
  float16's range at 256;
- queries are scaled before they meet the keys, which keeps float16 in range, and the products are plain matrix
  products: keras-cv makes a `Dot` layer at each call, which takes the global precision at that moment in place of
  the network's own;
- what does not depend on the prompt yet is computed once for all prompts.
"""

from collections.abc import Sequence

import keras
import tensorflow as tf
from keras import ops

from aiplayer.thumbnails.diffusion.blocks import EPSILON, Convolution, Shape
from aiplayer.thumbnails.diffusion.cpu_kernels import (
    attend,
    attends_by_torch,
    gated_gelu,
    group_norm,
    multiply,
    normalise,
)
from aiplayer.thumbnails.diffusion.keras_parts import GEGLU, CrossAttention

TOKEN_EPSILON = 1e-5
# A feed-forward layer is this many times as wide inside.
FEED_FORWARD = 4
# Most scores of attention that stand in memory at once; where there are more, the pixels are taken in parts.
MOST_SCORES = 2**24


class Attention(CrossAttention):
    """Attention of pixels to themselves or to the tokens of a prompt, each head on its own channels."""

    def build(self, inputs_shape: Shape, context_shape: Shape | None = None) -> None:
        """Build the four dense layers for the shapes that `call` takes."""
        self.to_q.build(inputs_shape)
        self.to_k.build(context_shape or inputs_shape)
        self.to_v.build(context_shape or inputs_shape)
        self.out_proj.build((None, None, self.num_heads * self.head_size))

    def call(self, inputs: tf.Tensor, context: tf.Tensor | None = None, residual: tf.Tensor | None = None) -> tf.Tensor:
        """Let pixels attend to tokens.

        Args:
            inputs: Pixels, [batch, pixels, channels].
            context: Tokens, [batch, tokens, width]; None for the pixels themselves.
            residual: Tensor [batch, pixels, channels], added to the result; None adds nothing.

        Returns:
            Tensor [batch, pixels, channels].
        """
        context = inputs if context is None else context
        query = _dense(self.to_q, inputs)
        key = _dense(self.to_k, context)
        value = _dense(self.to_v, context)

        if attends_by_torch(self):
            attended = attend(query, key, value, self.num_heads)
        else:
            attended = self._attend(query * self.scale, self._split_heads(key), self._split_heads(value))
        return _dense(self.out_proj, attended, residual)

    def _attend(self, query: tf.Tensor, key: tf.Tensor, value: tf.Tensor) -> tf.Tensor:
        """Attend in as many parts as MOST_SCORES asks for.

        Args:
            query: Scaled queries, [batch, pixels, channels].
            key: Keys, [batch, heads, tokens, head size].
            value: Values, [batch, heads, tokens, head size].

        Returns:
            Tensor [batch, pixels, channels].
        """
        batch, pixels = ops.shape(query)[:2]
        scores = batch * self.num_heads * pixels * ops.shape(key)[2]
        parts = -(-scores // MOST_SCORES)
        part_length = -(-pixels // parts)

        padded = tf.pad(query, ((0, 0), (0, parts * part_length - pixels), (0, 0)))
        query_parts = ops.reshape(padded, (batch, parts, part_length, self.num_heads, self.head_size))
        # [parts, batch, heads, part length, head size]
        query_parts = ops.transpose(query_parts, (1, 0, 3, 2, 4))

        def attend_part(part: tf.Tensor) -> tf.Tensor:
            scores = tf.matmul(query_parts[part], key, transpose_b=True)
            return ops.softmax(scores) @ value

        # The loop counts parts: if it ran over the parts themselves, they would be copied first.
        attended = tf.map_fn(attend_part, tf.range(parts), fn_output_signature=query_parts.dtype, parallel_iterations=1)
        attended = ops.transpose(attended, (1, 0, 3, 2, 4))
        joined = ops.reshape(attended, (batch, parts * part_length, self.num_heads * self.head_size))
        return joined[:, :pixels]

    def _split_heads(self, tokens: tf.Tensor) -> tf.Tensor:
        """[batch, length, channels] -> [batch, heads, length, head size]."""
        heads = ops.reshape(tokens, (-1, ops.shape(tokens)[1], self.num_heads, self.head_size))
        return ops.transpose(heads, (0, 2, 1, 3))


class GatedUnit(GEGLU):
    """A dense layer of which half the channels are gated by the exact GELU of the other half."""

    def build(self, input_shape: Shape) -> None:
        """Build the dense layer for the shape that `call` takes."""
        self.dense.build(input_shape)

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """[batch, pixels, channels] -> [batch, pixels, output channels]."""
        return gated_gelu(_dense(self.dense, inputs))


def _dense(layer: keras.layers.Dense, tokens: tf.Tensor, residual: tf.Tensor | None = None) -> tf.Tensor:
    """A dense layer on [batch, length, channels], plus a residual of [batch, length, units].

    It is computed as a product of two matrices, whose kernel adds the bias too; kernels of other products do not.
    """
    batch, length, channels = ops.shape(tokens)
    if residual is not None:
        residual = ops.reshape(residual, (-1, layer.units))

    rows = multiply(layer, ops.reshape(tokens, (-1, channels)), residual)
    return ops.reshape(rows, (batch, length, layer.units))


class ForEachPrompt(keras.layers.Layer):
    """Repeats features that do not depend on the prompt yet, once for each prompt of a feature map."""

    def compute_output_shape(self, input_shape: tuple[Shape, Shape]) -> Shape:
        """The shape of the features, with the batch of the contexts."""
        return _for_each_context(input_shape)

    def call(self, inputs: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        """Features [batch, ...] and contexts [prompts, tokens, width] -> [prompts, ...]: all features, and again."""
        features, context = inputs
        times = ops.shape(context)[0] // ops.shape(features)[0]
        other_axes = [1] * (len(features.shape) - 1)
        return tf.tile(features, (times, *other_axes))


class TransformerBlock(keras.layers.Layer):
    """Pixels look at each other, then at the prompt, then pass a feed-forward layer; each result is added to them.

    Args:
        heads: Number of attention heads.
        head_size: Channels of each head.
        first: Whether the pixels do not depend on the prompt yet; then each may have several prompts.
        **kwargs: Arguments of a Keras layer.
    """

    def __init__(self, heads: int, head_size: int, first: bool, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.repeat = ForEachPrompt() if first else None
        self.norm1 = keras.layers.LayerNormalization(epsilon=TOKEN_EPSILON)
        self.attn1 = Attention(heads, head_size)
        self.norm2 = keras.layers.LayerNormalization(epsilon=TOKEN_EPSILON)
        self.attn2 = Attention(heads, head_size)
        self.norm3 = keras.layers.LayerNormalization(epsilon=TOKEN_EPSILON)
        self.geglu = GatedUnit(FEED_FORWARD * heads * head_size)
        self.dense = keras.layers.Dense(heads * head_size)

    def build(self, input_shape: Sequence[Shape]) -> None:
        """Build all parts for the two shapes: of the pixels and of the context."""
        pixels, context = input_shape
        for norm in (self.norm1, self.norm2, self.norm3):
            norm.build(pixels)

        self.attn1.build(pixels)
        self.attn2.build(pixels, context)
        self.geglu.build(pixels)
        self.dense.build((None, None, self.geglu.output_dim))

    def call(self, inputs: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        """Pixels [batch, pixels, channels] and context [prompts, tokens, width] -> [prompts, pixels, channels]."""
        pixels, context = inputs
        pixels = self.attn1(normalise(self.norm1, pixels), residual=pixels)
        if self.repeat:
            pixels = self.repeat([pixels, context])
        pixels = self.attn2(normalise(self.norm2, pixels), context=context, residual=pixels)

        gated = self.geglu(normalise(self.norm3, pixels))
        return _dense(self.dense, gated, residual=pixels)


class SpatialTransformer(keras.layers.Layer):
    """A transformer block over all pixels of a feature map; its result is added to the map.

    Args:
        heads: Number of attention heads.
        head_size: Channels of each head.
        first: Whether the features do not depend on the prompt yet; then each map may have several prompts.
        **kwargs: Arguments of a Keras layer.
    """

    def __init__(self, heads: int, head_size: int, first: bool = False, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.repeat = ForEachPrompt() if first else None
        self.norm = keras.layers.GroupNormalization(epsilon=EPSILON)
        self.proj1 = Convolution(heads * head_size, 1)
        self.transformer_block = TransformerBlock(heads, head_size, first)
        self.proj2 = Convolution(heads * head_size, 1)

    def build(self, input_shape: tuple[Shape, Shape]) -> None:
        """Build all parts for the shapes of the features and of the context."""
        features, context = input_shape
        for part in (self.norm, self.proj1, self.proj2):
            part.build(features)
        self.transformer_block.build([(None, None, features[-1]), context])

    def compute_output_shape(self, input_shape: tuple[Shape, Shape]) -> Shape:
        """The shape of the features, with the batch of the contexts."""
        return _for_each_context(input_shape)

    def call(self, inputs: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        """Let all pixels of a map attend to each other and to the prompt.

        Args:
            inputs: Features [batch, height, width, channels] and context [prompts, tokens, width].

        Returns:
            Tensor [prompts, height, width, channels].
        """
        features, context = inputs
        _, height, width, channels = ops.shape(features)
        projected = self.proj1(group_norm(self.norm, features))
        pixels = ops.reshape(projected, (-1, height * width, channels))
        pixels = self.transformer_block([pixels, context])

        if self.repeat:
            features = self.repeat([features, context])
        attended = ops.reshape(pixels, (-1, height, width, channels))
        return self.proj2(attended, residual=features)


def _for_each_context(shapes: tuple[Shape, Shape]) -> Shape:
    features, context = shapes
    return (context[0], *features[1:])
