"""The decoder of the autoencoder: latents to pictures.

Source: the autoencoder of Rombach et al. (2022), scaled as Stable Diffusion 1.x; convolutions are keras-cv's, blocks
see `blocks`. Layers bear the names that the published weights give them.
"""

import keras
import tensorflow as tf

from aiplayer.diffusion.blocks import EPSILON, DecoderAttention, DecoderBlock
from aiplayer.diffusion.packed import Convolution
from aiplayer.diffusion.sizes import DecoderSizes


def build_decoder(sizes: DecoderSizes) -> keras.Model:
    """Latents, float32 [batch, height, width, channels], -> pictures [batch, height px, width px, 3], -1 to 1.

    Values may reach a little beyond -1 and 1, as the published decoder's do.
    """
    latent = keras.Input((None, None, sizes.latent_channels), name="latent")
    widest = sizes.channels[-1]
    x = keras.layers.Rescaling(1.0 / sizes.scaling, name="scaling")(latent)
    x = Convolution(sizes.latent_channels, 1, name="post_quant_conv")(x)
    x = Convolution(widest, 3, padding=1, name="decoder.conv_in")(x)
    x = DecoderBlock(widest, name="decoder.mid_block.resnets.0")(x)
    x = DecoderAttention(widest, name="decoder.mid_block.attentions.0")(x)
    x = DecoderBlock(widest, name="decoder.mid_block.resnets.1")(x)
    for level, channels in enumerate(reversed(sizes.channels)):
        place = f"decoder.up_blocks.{level}"
        for number in range(sizes.blocks):
            x = DecoderBlock(channels, name=f"{place}.resnets.{number}")(x)
        if level < len(sizes.channels) - 1:
            x = keras.layers.UpSampling2D(2, name=f"{place}.upsamplers.0")(x)
            x = Convolution(channels, 3, padding=1, name=f"{place}.upsamplers.0.conv")(x)
    x = keras.layers.GroupNormalization(epsilon=EPSILON, name="decoder.conv_norm_out")(x)
    x = keras.layers.Activation("silu", name="decoder.act_out")(x)
    x = Convolution(3 * sizes.patch**2, 3, padding=1, name="decoder.conv_out")(x)
    x = x if sizes.patch == 1 else Unfolding(sizes.patch, name="decoder.unfolding")(x)
    if sizes.shortcut:
        # In bfloat16 there are 128 shades from 0.5 to 1: evening skies would show their steps.
        first = keras.layers.Conv2D(3 * sizes.pixels**2, 1, dtype="float32", name="shortcut")(latent)
        first = Unfolding(sizes.pixels, dtype="float32", name="shortcut_unfolding")(first)
        x = keras.layers.Add(dtype="float32", name="shortcut_join")([x, first])
    return keras.Model(latent, x, name="decoder")


class Unfolding(keras.layers.Layer):
    """Pixels that lie in the channels take their places in the picture.

    Source: Shi et al., "Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional
    Neural Network" (2016).

    Args:
        patch: Pixels along one side of what lies in the channels of one.
    """

    def __init__(self, patch: int, **kwargs):
        super().__init__(**kwargs)
        self._patch = patch

    def call(self, inputs):
        """[batch, height, width, channels patch^2] -> [batch, height patch, width patch, channels]."""
        return tf.nn.depth_to_space(inputs, self._patch)
