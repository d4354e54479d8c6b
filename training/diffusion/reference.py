"""The UNet of the diffusers package, to hold ours against: the same sizes, random weights, as many operations."""

from typing import TYPE_CHECKING

import torch

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.diffusion.sizes import UNetSizes

if TYPE_CHECKING:
    from diffusers import UNet2DConditionModel

# How far the weights of one axis are moved from their initial ones and zeros, as a deviation.
WEIGHT_NOISE = 0.1


def unet_class() -> type["UNet2DConditionModel"]:
    """The UNet's class in diffusers.

    Raises:
        InvalidInput: diffusers is not installed.
    """
    try:
        from diffusers import UNet2DConditionModel
    except ImportError as error:
        raise InvalidInput(
            "diffusers is not installed. Run pip install diffusers==0.42.1, or make setup, which installs all."
        ) from error
    return UNet2DConditionModel


def build(sizes: UNetSizes) -> "UNet2DConditionModel":
    """The UNet as Stable Diffusion 1.x has it; what diffusers calls the head's size is the count of heads.

    Args:
        sizes: The sizes of the UNet.

    Raises:
        InvalidInput: diffusers is not installed.
    """
    down_blocks = ["CrossAttnDownBlock2D" if attends else "DownBlock2D" for attends in sizes.attends]
    up_blocks = ["CrossAttnUpBlock2D" if attends else "UpBlock2D" for attends in reversed(sizes.attends)]
    return unet_class()(
        block_out_channels=sizes.channels,
        down_block_types=down_blocks,
        up_block_types=up_blocks,
        layers_per_block=sizes.blocks,
        attention_head_dim=sizes.heads,
        cross_attention_dim=sizes.context_width,
        in_channels=sizes.latent_channels,
        out_channels=sizes.latent_channels,
    )


@torch.no_grad()
def randomise(model: torch.nn.Module) -> torch.nn.Module:
    """Move biases and scales off their initial ones and zeros, where a swapped or forgotten tensor would not show.

    Args:
        model: The model, whose weights change.

    Returns:
        The same model, ready to compute.
    """
    for parameter in model.parameters():
        if parameter.ndim == 1:
            parameter += WEIGHT_NOISE * torch.randn_like(parameter)
    return model.eval()


@torch.no_grad()
def count_operations(sizes: UNetSizes, batch: int, height: int, width: int, tokens: int) -> int:
    """Floating point operations of the products and convolutions of one step; nothing is computed.

    Args:
        sizes: The sizes of the UNet.
        batch: How many latents, those of the negative prompts counted.
        height: The height of a latent.
        width: The width of a latent.
        tokens: How many tokens a prompt has.
    """
    from torch.utils.flop_counter import FlopCounterMode

    # Tensors of the device "meta" have shapes, but no values.
    with torch.device("meta"):
        model = build(sizes).eval()
        latents = torch.empty(batch, sizes.latent_channels, height, width)
        timesteps = torch.empty(batch)
        context = torch.empty(batch, tokens, sizes.context_width)
        with FlopCounterMode(display=False) as counter:
            model(latents, timesteps, context)
    return counter.get_total_flops()
