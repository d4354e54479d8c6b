"""The UNet: what part of a latent is noise, told a timestep and a prompt.

Source: Ronneberger et al., "U-Net" (2015), as in Rombach et al. (2022). Convolutions are keras-cv's; blocks
see `blocks` and `attention`. Layers bear the names that the published weights give them.
"""

import keras

from aiplayer.thumbnails.diffusion.attention import ForEachPrompt, SpatialTransformer
from aiplayer.thumbnails.diffusion.blocks import Convolution, Enlargement, ResidualBlock
from aiplayer.thumbnails.diffusion.sizes import UNetSizes

# The timestep's embedding has this many times the channels of its sinusoids.
TIME_WIDENING = 4


def build_unet(sizes: UNetSizes) -> keras.Model:
    """The network, with random weights.

    Args:
        sizes: The sizes of the UNet.

    Returns:
        A model of three inputs: latents, float32 [batch, height, width, latent channels]; sinusoids of the timestep,
        [batch or 1, time width]; and contexts, [prompts, tokens, context width]. It returns the noise in the latents,
        [prompts, height, width, latent channels]. There may be several prompts for each latent: the first prompts of
        all latents, then the second ones. What does not depend on the prompt is then computed once for each latent.
    """
    context = keras.Input((None, sizes.context_width), name="context")
    sinusoids = keras.Input((sizes.time_width,), name="timestep_embedding")
    latent = keras.Input((None, None, sizes.latent_channels), name="latent")

    time_width = TIME_WIDENING * sizes.time_width
    time = keras.layers.Dense(time_width, activation="silu", name="time_embedding.linear_1")(sinusoids)
    time = keras.layers.Dense(time_width, name="time_embedding.linear_2")(time)
    stages = _Stages(sizes, time, context)

    x = Convolution(sizes.channels[0], 3, padding=1, name="conv_in")(latent)
    x, skipped = _down(stages, x)
    x = stages.block(x, sizes.channels[-1], "mid_block", 0)
    x = stages.attention(x, "mid_block", 0)
    x = stages.block(x, sizes.channels[-1], "mid_block", 1)
    x = _up(stages, x, skipped)

    x = keras.layers.GroupNormalization(epsilon=1e-5, name="conv_norm_out")(x)
    x = keras.layers.Activation("silu", name="act_out")(x)
    x = Convolution(sizes.latent_channels, 3, padding=1, name="conv_out")(x)
    return keras.Model([latent, sinusoids, context], x, name="unet")


class _Stages:
    """What every level does to a feature map, with the timestep and the prompt.

    Args:
        sizes: The sizes of the UNet.
        time: The timestep's embedding, [batch or 1, width].
        context: The prompts, [prompts, tokens, width].
    """

    def __init__(self, sizes: UNetSizes, time: keras.KerasTensor, context: keras.KerasTensor) -> None:
        self.sizes = sizes
        self._time = time
        self._context = context
        # Whether the feature map depends on the prompt yet.
        self._prompted = False

    def block(self, x: keras.KerasTensor, channels: int, prefix: str, number: int) -> keras.KerasTensor:
        layer = ResidualBlock(channels, name=f"{prefix}.resnets.{number}")
        return layer([x, self._time])

    def attention(self, x: keras.KerasTensor, prefix: str, number: int) -> keras.KerasTensor:
        head_size = x.shape[-1] // self.sizes.heads
        first = not self._prompted
        self._prompted = True

        layer = SpatialTransformer(self.sizes.heads, head_size, first, name=f"{prefix}.attentions.{number}")
        return layer([x, self._context])

    def for_each_prompt(self, x: keras.KerasTensor) -> keras.KerasTensor:
        return x if self._prompted else ForEachPrompt()([x, self._context])


def _down(stages: _Stages, x: keras.KerasTensor) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
    """The smallest feature map, and all maps that the way up will need, in order."""
    sizes = stages.sizes
    skipped = [stages.for_each_prompt(x)]

    last_level = len(sizes.channels) - 1
    levels = zip(sizes.channels, sizes.attends, strict=True)
    for level, (channels, attends) in enumerate(levels):
        prefix = f"down_blocks.{level}"
        for number in range(sizes.blocks):
            x = stages.block(x, channels, prefix, number)
            x = stages.attention(x, prefix, number) if attends else x
            skipped.append(stages.for_each_prompt(x))
        if level < last_level:
            x = Convolution(channels, 3, strides=2, padding=1, name=f"{prefix}.downsamplers.0.conv")(x)
            skipped.append(stages.for_each_prompt(x))
    return x, skipped


def _up(stages: _Stages, x: keras.KerasTensor, skipped: list[keras.KerasTensor]) -> keras.KerasTensor:
    """The finest feature map; each block takes the last map of the way down that is left."""
    sizes = stages.sizes
    last_level = len(sizes.channels) - 1
    levels = zip(reversed(sizes.channels), reversed(sizes.attends), strict=True)

    for level, (channels, attends) in enumerate(levels):
        prefix = f"up_blocks.{level}"
        for number in range(sizes.blocks + 1):
            x = keras.layers.Concatenate(name=f"{prefix}.join.{number}")([x, skipped.pop()])
            x = stages.block(x, channels, prefix, number)
            x = stages.attention(x, prefix, number) if attends else x
        if level < last_level:
            x = Enlargement(channels, name=f"{prefix}.upsamplers.0")(x)
    return x
