"""The UNet of the diffusers package, to hold ours against: the same sizes, random weights, as many operations."""

from typing import TYPE_CHECKING

import torch

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.diffusion.sizes import UNetSizes

if TYPE_CHECKING:
    from diffusers import UNet2DConditionModel


def unet_class() -> type["UNet2DConditionModel"]:
    """The class.

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

    Raises:
        InvalidInput: diffusers is not installed.
    """
    down = ["CrossAttnDownBlock2D" if attends else "DownBlock2D" for attends in sizes.attends]
    up = ["CrossAttnUpBlock2D" if attends else "UpBlock2D" for attends in reversed(sizes.attends)]
    return unet_class()(
        block_out_channels=sizes.channels,
        down_block_types=down,
        up_block_types=up,
        layers_per_block=sizes.blocks,
        attention_head_dim=sizes.heads,
        cross_attention_dim=sizes.context_width,
        in_channels=sizes.latent_channels,
        out_channels=sizes.latent_channels,
    )


@torch.no_grad()
def randomise(model: torch.nn.Module) -> torch.nn.Module:
    """Off the initial ones and zeros, where a swapped or forgotten tensor would not show."""
    for parameter in model.parameters():
        if parameter.ndim == 1:
            parameter += 0.1 * torch.randn_like(parameter)
    return model.eval()


@torch.no_grad()
def count_operations(sizes: UNetSizes, batch: int, height: int, width: int, tokens: int) -> int:
    """Floating point operations of the products and convolutions of one step; nothing is computed.

    Args:
        sizes: Of the UNet.
        batch: Latents, those of the negative prompts counted.
        height: Of a latent.
        width: Of a latent.
        tokens: Of a prompt.
    """
    from torch.utils.flop_counter import FlopCounterMode

    with torch.device("meta"):
        model = build(sizes).eval()
        latents = torch.empty(batch, sizes.latent_channels, height, width)
        context = torch.empty(batch, tokens, sizes.context_width)
        with FlopCounterMode(display=False) as counter:
            model(latents, torch.empty(batch), context)
    return counter.get_total_flops()
