"""The decoder of the autoencoder: latents to pictures.

Source: the autoencoder of Rombach et al. (2022), scaled as Stable Diffusion 1.x; convolutions are keras-cv's, blocks
see `blocks`. Layers bear the names that the published weights give them.
"""

import keras

from aiplayer.thumbnails.diffusion.blocks import EPSILON, DecoderAttention, DecoderBlock
from aiplayer.thumbnails.diffusion.cpu_kernels.packed import Convolution
from aiplayer.thumbnails.diffusion.sizes import DecoderSizes


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
    x = Convolution(3, 3, padding=1, name="decoder.conv_out")(x)
    return keras.Model(latent, x, name="decoder")
