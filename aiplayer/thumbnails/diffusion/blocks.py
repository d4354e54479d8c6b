"""keras-cv's convolutional blocks of Stable Diffusion, changed where the published weights ask for it.

Source: Rombach et al., "High-Resolution Image Synthesis with Latent Diffusion Models" (2022); keras-cv 0.9,
`models.stable_diffusion`; the tests compare every block with the diffusers package. Weights have keras-cv's shapes
and order, so its own files load. Departures from keras-cv:
- the normalisations of the decoder use epsilon 1e-6, as the weights were trained with, in place of 1e-5;
- heights and widths may be open, so one network paints at every size.
Layers build their parts by shape and tell the shape of what they return: without that, Keras would trace all that is
inside a layer anew at each level of nesting.
"""

import tensorflow as tf

from aiplayer.thumbnails.diffusion.cpu_kernels import convolve, enlarge, group_norm, multiply
from aiplayer.thumbnails.diffusion.keras_parts import AttentionBlock, PaddedConv2D, ResBlock, ResnetBlock, Upsample

EPSILON = 1e-6

Shape = tuple[int | None, ...]


class Convolution(PaddedConv2D):
    """keras-cv's convolution of a picture with zeros around it."""

    def build(self, input_shape: Shape) -> None:
        """Build the convolution for the shape that `call` takes."""
        self.conv2d.build(input_shape)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """[batch, height, width, filters]."""
        padded_shape = self.padding2d.compute_output_shape(input_shape)
        return self.conv2d.compute_output_shape(padded_shape)

    def call(self, inputs: tf.Tensor, residual: tf.Tensor | None = None) -> tf.Tensor:
        """Convolve features, and add a residual to the result.

        Args:
            inputs: Tensor [batch, height, width, channels].
            residual: Tensor [batch, height, width, filters]; None adds nothing.

        Returns:
            Tensor [batch, height, width, filters].
        """
        return convolve(self, inputs, residual)


class ResidualBlock(ResBlock):
    """A residual block of the UNet, which is told the timestep."""

    def build(self, input_shape: tuple[Shape, Shape]) -> None:
        """Build all parts for the shapes of the features and of the timestep's embedding."""
        super().build(input_shape)
        features, time = input_shape
        inner = (*features[:-1], self.output_dim)
        norm1, _, conv1 = self.entry_flow
        _, dense = self.embedding_flow
        norm2, _, conv2 = self.exit_flow

        norm1.build(features)
        conv1.conv2d.build(features)
        dense.build(time)
        norm2.build(inner)
        conv2.conv2d.build(inner)
        _build_shortcut(self, features)

    def compute_output_shape(self, input_shape: tuple[Shape, Shape]) -> Shape:
        """[batch, height, width, filters]."""
        features, _ = input_shape
        return (*features[:-1], self.output_dim)

    def call(self, inputs: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        """Features [batch, height, width, channels] and time [batch, time width] -> [batch, height, width, filters]."""
        features, time = inputs
        norm1, _, conv1 = self.entry_flow
        silu, dense = self.embedding_flow
        norm2, _, conv2 = self.exit_flow

        x = convolve(conv1, group_norm(norm1, features, silu=True))
        x = group_norm(norm2, x, channel_bias=multiply(dense, silu(time)), silu=True)
        return convolve(conv2, x, residual=_shortcut(self, features))


class Enlargement(Upsample):
    """Twice the height and width: each pixel becomes 2x2 pixels, and a convolution follows."""

    def build(self, input_shape: Shape) -> None:
        """Build the convolution for the shape that `call` takes."""
        self.conv.conv2d.build(input_shape)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """[batch, 2 height, 2 width, channels]."""
        return (*self.ups.compute_output_shape(input_shape)[:-1], self.conv.conv2d.filters)

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """[batch, height, width, channels] -> [batch, 2 height, 2 width, channels]."""
        return enlarge(self, inputs)


class DecoderBlock(ResnetBlock):
    """A residual block of the decoder.

    Args:
        channels: Channels of the result.
        **kwargs: Arguments of a Keras layer.
    """

    def __init__(self, channels: int, **kwargs: object) -> None:
        super().__init__(channels, **kwargs)
        self.norm1.epsilon = EPSILON
        self.norm2.epsilon = EPSILON

    def build(self, input_shape: Shape) -> None:
        """Build all parts for the shape that `call` takes."""
        super().build(input_shape)
        inner = (*input_shape[:-1], self.output_dim)

        self.norm1.build(input_shape)
        self.conv1.conv2d.build(input_shape)
        self.norm2.build(inner)
        self.conv2.conv2d.build(inner)
        _build_shortcut(self, input_shape)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """[batch, height, width, output channels]."""
        return (*input_shape[:-1], self.output_dim)

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """[batch, height, width, channels] -> [batch, height, width, output channels]."""
        x = convolve(self.conv1, group_norm(self.norm1, inputs, silu=True))
        x = group_norm(self.norm2, x, silu=True)
        return convolve(self.conv2, x, residual=_shortcut(self, inputs))


def projection_of(block: ResBlock | ResnetBlock) -> PaddedConv2D | None:
    """The convolution of a block's input before it is added to the result; None where channels stay as they are."""
    # Where channels stay as they are, keras-cv has a function here that returns its input.
    projection = block.residual_projection
    return projection if isinstance(projection, PaddedConv2D) else None


def _build_shortcut(block: ResBlock | ResnetBlock, input_shape: Shape) -> None:
    projection = projection_of(block)
    if projection:
        projection.conv2d.build(input_shape)


def _shortcut(block: ResBlock | ResnetBlock, features: tf.Tensor) -> tf.Tensor:
    """What a block adds to its result: its input, brought to the result's channels."""
    projection = projection_of(block)
    return convolve(projection, features) if projection else features


class DecoderAttention(AttentionBlock):
    """Attention among all pixels of the decoder's smallest feature map.

    Args:
        channels: Channels of the feature map.
        **kwargs: Arguments of a Keras layer.
    """

    def __init__(self, channels: int, **kwargs: object) -> None:
        super().__init__(channels, **kwargs)
        self.norm.epsilon = EPSILON

    def build(self, input_shape: Shape) -> None:
        """Build all parts for the shape that `call` takes."""
        self.norm.build(input_shape)
        for part in (self.q, self.k, self.v, self.proj_out):
            part.conv2d.build(input_shape)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """The shape of the feature map."""
        return input_shape
