"""The decoder of the autoencoder: latents to pictures.

Source: the autoencoder of Rombach et al. (2022), scaled as Stable Diffusion 1.x; convolutions are keras-cv's, blocks
see `blocks`. Layers bear the names that the published weights give them.
"""

import keras

from aiplayer.thumbnails.diffusion.blocks import EPSILON, Convolution, DecoderAttention, DecoderBlock
from aiplayer.thumbnails.diffusion.sizes import DecoderSizes

COLORS = 3


def build_decoder(sizes: DecoderSizes) -> keras.Model:
    """The network, with random weights.

    Args:
        sizes: The sizes of the decoder.

    Returns:
        A model of latents, float32 [batch, height, width, channels]. It returns pictures
        [batch, height px, width px, 3] from -1 to 1; values may reach a little beyond, as the published decoder's do.
    """
    latent = keras.Input((None, None, sizes.latent_channels), name="latent")
    widest = sizes.channels[-1]

    x = keras.layers.Rescaling(1.0 / sizes.scaling, name="scaling")(latent)
    x = Convolution(sizes.latent_channels, 1, name="post_quant_conv")(x)
    x = Convolution(widest, 3, padding=1, name="decoder.conv_in")(x)
    x = DecoderBlock(widest, name="decoder.mid_block.resnets.0")(x)
    x = DecoderAttention(widest, name="decoder.mid_block.attentions.0")(x)
    x = DecoderBlock(widest, name="decoder.mid_block.resnets.1")(x)

    last_level = len(sizes.channels) - 1
    for level, channels in enumerate(reversed(sizes.channels)):
        prefix = f"decoder.up_blocks.{level}"
        for number in range(sizes.blocks):
            x = DecoderBlock(channels, name=f"{prefix}.resnets.{number}")(x)
        if level < last_level:
            x = keras.layers.UpSampling2D(2, name=f"{prefix}.upsamplers.0")(x)
            x = Convolution(channels, 3, padding=1, name=f"{prefix}.upsamplers.0.conv")(x)

    x = keras.layers.GroupNormalization(epsilon=EPSILON, name="decoder.conv_norm_out")(x)
    x = keras.layers.Activation("silu", name="decoder.act_out")(x)
    x = Convolution(COLORS, 3, padding=1, name="decoder.conv_out")(x)
    return keras.Model(latent, x, name="decoder")
