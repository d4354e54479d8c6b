"""The UNet: what part of a latent is noise, told a timestep and a prompt.

Source: Ronneberger et al., "U-Net" (2015), as in Rombach et al. (2022). Convolutions are keras-cv's; blocks
see `blocks`. Layers bear the names that the published weights give them.
"""

import keras

from aiplayer.thumbnails.diffusion.blocks import Enlargement, ForEachPrompt, ResidualBlock, SpatialTransformer
from aiplayer.thumbnails.diffusion.cpu_kernels.packed import Convolution
from aiplayer.thumbnails.diffusion.sizes import UNetSizes


def build_unet(sizes: UNetSizes) -> keras.Model:
    """Latents, timestep sinusoids and context -> the noise in the latents.

    The network's inputs are float32 [batch, height, width, latent channels], [batch or 1, time width] and
    [prompts, tokens, context width]; it returns [prompts, height, width, latent channels]. Where there are several
    prompts for each latent (first one for each of them, then the next), what knows no prompt is computed once.
    """
    context = keras.Input((None, sizes.context_width), name="context")
    sinusoids = keras.Input((sizes.time_width,), name="timestep_embedding")
    latent = keras.Input((None, None, sizes.latent_channels), name="latent")
    time = keras.layers.Dense(4 * sizes.time_width, activation="silu", name="time_embedding.linear_1")(sinusoids)
    time = keras.layers.Dense(4 * sizes.time_width, name="time_embedding.linear_2")(time)
    flow = _Flow(sizes, time, context)

    x = Convolution(sizes.channels[0], 3, padding=1, name="conv_in")(latent)
    x, passed = _down(flow, x)
    x = flow.block(x, sizes.channels[-1], "mid_block", 0)
    x = flow.attention(x, "mid_block", 0)
    x = flow.block(x, sizes.channels[-1], "mid_block", 1)
    x = _up(flow, x, passed)

    x = keras.layers.GroupNormalization(epsilon=1e-5, name="conv_norm_out")(x)
    x = keras.layers.Activation("silu", name="act_out")(x)
    x = Convolution(sizes.latent_channels, 3, padding=1, name="conv_out")(x)
    return keras.Model([latent, sinusoids, context], x, name="unet")


class _Flow:
    """What every level does to a feature map, given the timestep and the prompt."""

    def __init__(self, sizes: UNetSizes, time, context):
        self.sizes, self.time, self.context = sizes, time, context
        self.prompted = False

    def block(self, x, channels: int, place: str, number: int):
        return ResidualBlock(channels, name=f"{place}.resnets.{number}")([x, self.time])

    def attention(self, x, place: str, number: int):
        head_size = x.shape[-1] // self.sizes.heads
        first, self.prompted = not self.prompted, True
        layer = SpatialTransformer(self.sizes.heads, head_size, first, name=f"{place}.attentions.{number}")
        return layer([x, self.context])

    def for_each_prompt(self, x):
        return x if self.prompted else ForEachPrompt()([x, self.context])


def _down(flow: _Flow, x) -> tuple:
    """The smallest feature map, and all that the way up will need, in order."""
    sizes, passed = flow.sizes, [flow.for_each_prompt(x)]
    for level, (channels, attends) in enumerate(zip(sizes.channels, sizes.attends, strict=True)):
        place = f"down_blocks.{level}"
        for number in range(sizes.blocks):
            x = flow.block(x, channels, place, number)
            x = flow.attention(x, place, number) if attends else x
            passed.append(flow.for_each_prompt(x))
        if level < len(sizes.channels) - 1:
            x = Convolution(channels, 3, strides=2, padding=1, name=f"{place}.downsamplers.0.conv")(x)
            passed.append(flow.for_each_prompt(x))
    return x, passed


def _up(flow: _Flow, x, passed: list):
    sizes = flow.sizes
    levels = zip(reversed(sizes.channels), reversed(sizes.attends), strict=True)
    for level, (channels, attends) in enumerate(levels):
        place = f"up_blocks.{level}"
        for number in range(sizes.blocks + 1):
            x = keras.layers.Concatenate(name=f"{place}.join.{number}")([x, passed.pop()])
            x = flow.block(x, channels, place, number)
            x = flow.attention(x, place, number) if attends else x
        if level < len(sizes.channels) - 1:
            x = Enlargement(channels, name=f"{place}.upsamplers.0")(x)
    return x
