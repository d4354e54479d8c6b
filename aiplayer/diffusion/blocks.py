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
from keras import ops
from keras_cv.src.models.stable_diffusion.attention_block import AttentionBlock
from keras_cv.src.models.stable_diffusion.diffusion_model import GEGLU, CrossAttention
from keras_cv.src.models.stable_diffusion.resnet_block import ResnetBlock

EPSILON = 1e-6


class Attention(CrossAttention):
    """Attention of pixels to themselves or to the tokens of a prompt, each head on its own channels."""

    def build(self, inputs_shape, context_shape=None):
        """Shapes as `call` takes the arrays."""
        self.to_q.build(inputs_shape)
        self.to_k.build(context_shape or inputs_shape)
        self.to_v.build(context_shape or inputs_shape)
        self.out_proj.build((None, None, self.num_heads * self.head_size))

    def call(self, inputs, context=None):
        """[batch, pixels, channels] and [batch, tokens, width] -> [batch, pixels, channels]."""
        context = inputs if context is None else context
        query, key, value = self.to_q(inputs) * self.scale, self.to_k(context), self.to_v(context)
        shares = ops.softmax(self._split(query) @ ops.swapaxes(self._split(key), -1, -2))
        joined = ops.transpose(shares @ self._split(value), (0, 2, 1, 3))
        return self.out_proj(ops.reshape(joined, (-1, ops.shape(inputs)[1], self.num_heads * self.head_size)))

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
        value, gate = ops.split(self.dense(inputs), 2, axis=-1)
        return value * ops.gelu(gate, approximate=False)


class TransformerBlock(keras.layers.Layer):
    """Pixels look at each other, then at the prompt, then pass a feed-forward layer; each adds to what was there."""

    def __init__(self, heads: int, head_size: int, **kwargs):
        super().__init__(**kwargs)
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
        """([batch, pixels, channels], [batch, tokens, width]) -> [batch, pixels, channels]."""
        pixels, context = inputs
        pixels += self.attn1(self.norm1(pixels))
        pixels += self.attn2(self.norm2(pixels), context=context)
        return pixels + self.dense(self.geglu(self.norm3(pixels)))


class SpatialTransformer(keras.layers.Layer):
    """A transformer block over all pixels of a feature map; its result is added to the map."""

    def __init__(self, heads: int, head_size: int, **kwargs):
        super().__init__(**kwargs)
        self.norm = keras.layers.GroupNormalization(epsilon=EPSILON)
        self.proj1 = keras.layers.Conv2D(heads * head_size, 1)
        self.transformer_block = TransformerBlock(heads, head_size)
        self.proj2 = keras.layers.Conv2D(heads * head_size, 1)

    def build(self, input_shape):
        """Shapes of the features and of the context."""
        features, context = input_shape
        for part in (self.norm, self.proj1, self.proj2):
            part.build(features)
        self.transformer_block.build([(None, None, features[-1]), context])

    def compute_output_shape(self, input_shape):
        """That of the features."""
        return input_shape[0]

    def call(self, inputs):
        """([batch, height, width, channels], [batch, tokens, width]) -> [batch, height, width, channels]."""
        features, context = inputs
        _, height, width, channels = ops.shape(features)
        pixels = ops.reshape(self.proj1(self.norm(features)), (-1, height * width, channels))
        pixels = self.transformer_block([pixels, context])
        return self.proj2(ops.reshape(pixels, (-1, height, width, channels))) + features


class DecoderBlock(ResnetBlock):
    """A residual block of the decoder."""

    def __init__(self, channels: int, **kwargs):
        super().__init__(channels, **kwargs)
        self.norm1.epsilon = self.norm2.epsilon = EPSILON


class DecoderAttention(AttentionBlock):
    """Attention among all pixels of the decoder's smallest feature map."""

    def __init__(self, channels: int, **kwargs):
        super().__init__(channels, **kwargs)
        self.norm.epsilon = EPSILON
