"""Every size of a latent diffusion model: Stable Diffusion 1.x is one set of them, a small model is another."""

from dataclasses import dataclass, field

from aiplayer.errors import InvalidInput

# keras-cv normalises in 32 groups everywhere.
GROUPS = 32


@dataclass(frozen=True)
class TextSizes:
    """CLIP's text encoder.

    Attributes:
        vocabulary: Rows of the token embedding.
        width: Channels of a token.
        layers: Transformer layers.
        heads: Attention heads; they share the width evenly.
        tokens: The length of every prompt, padded.
    """

    vocabulary: int = 49_408
    width: int = 768
    layers: int = 12
    heads: int = 12
    tokens: int = 77

    def __post_init__(self) -> None:
        is_multiple = self.width % self.heads == 0
        _require(is_multiple, "text.width", f"{self.width} is no multiple of {self.heads} heads")


@dataclass(frozen=True)
class PhraseSizes:
    """The encoder of phrases, which reads the prompts of a small model.

    Attributes:
        embedding: Channels of a phrase's embedding by the title encoder.
        width: Channels of a token; each phrase is one token.
        tokens: Phrases of a prompt; where there are fewer, zeros follow.
    """

    embedding: int = 512
    width: int = 192
    tokens: int = 12


@dataclass(frozen=True)
class UNetSizes:
    """The network that tells noise from picture.

    Attributes:
        latent_channels: Channels of a latent.
        channels: Channels of each level, the finest first; each level has half the height and width of the one before.
        attends: Whether each level looks at the prompt; the middle always does.
        blocks: Residual blocks of a level on the way down; on the way up there is one more.
        heads: Attention heads; they share the channels of a level evenly.
        context_width: Channels of a token of the prompt.
    """

    latent_channels: int = 4
    channels: tuple[int, ...] = (320, 640, 1280, 1280)
    attends: tuple[bool, ...] = (True, True, True, False)
    blocks: int = 2
    heads: int = 8
    context_width: int = 768

    def __post_init__(self) -> None:
        _require_groups("unet.channels", self.channels)

        levels = len(self.channels)
        problem = f"{len(self.attends)} levels do not fit {levels} in unet.channels"
        _require(len(self.attends) == levels, "unet.attends", problem)

        for channels in self.channels:
            is_multiple = channels % self.heads == 0
            _require(is_multiple, "unet.channels", f"{channels} is no multiple of {self.heads} heads")

    @property
    def time_width(self) -> int:
        """Channels of the sinusoids that stand for a timestep."""
        return self.channels[0]

    @property
    def multiple(self) -> int:
        """Height and width of a latent are multiples of this, so that each level halves them."""
        halvings = len(self.channels) - 1
        return 2**halvings


@dataclass(frozen=True)
class DecoderSizes:
    """The decoder of the autoencoder: latent to picture.

    Attributes:
        latent_channels: Channels of a latent.
        channels: Channels of each level, the finest first.
        blocks: Residual blocks of a level.
        scaling: Latents are divided by this before they are decoded.
    """

    latent_channels: int = 4
    channels: tuple[int, ...] = (128, 256, 512, 512)
    blocks: int = 3
    scaling: float = 0.18215

    def __post_init__(self) -> None:
        _require_groups("decoder.channels", self.channels)

    @property
    def pixels(self) -> int:
        """Pixels of the picture along one side of one latent."""
        doublings = len(self.channels) - 1
        return 2**doublings


@dataclass(frozen=True)
class PatchSizes:
    """The decoder of a small model: every latent paints a patch.

    Attributes:
        latent_channels: Channels of a latent.
        pixels: Pixels of the picture along one side of one latent.
    """

    latent_channels: int = 32
    pixels: int = 16


@dataclass(frozen=True)
class Sizes:
    """A whole model.

    Attributes:
        text: The sizes of what reads the prompts.
        unet: The sizes of the UNet.
        decoder: The sizes of what paints the pictures.

    Raises:
        InvalidInput: the parts do not fit together.
    """

    text: TextSizes | PhraseSizes = field(default_factory=TextSizes)
    unet: UNetSizes = field(default_factory=UNetSizes)
    decoder: DecoderSizes | PatchSizes = field(default_factory=DecoderSizes)

    def __post_init__(self) -> None:
        text_width = self.text.width
        context_width = self.unet.context_width
        problem = f"{context_width} differs from text.width {text_width}"
        _require(context_width == text_width, "unet.context_width", problem)

        channels = self.decoder.latent_channels
        problem = f"{channels} differs from unet.latent_channels"
        _require(channels == self.unet.latent_channels, "decoder.latent_channels", problem)

    @property
    def multiple_px(self) -> int:
        """Height and width of a picture are multiples of this; 64 for Stable Diffusion 1.x."""
        return self.unet.multiple * self.decoder.pixels


def _require(fits: bool, name: str, problem: str) -> None:
    if not fits:
        raise InvalidInput(f"{name} does not fit: {problem}.", field=name)


def _require_groups(name: str, channels: tuple[int, ...]) -> None:
    for count in channels:
        is_multiple = count % GROUPS == 0
        _require(is_multiple, name, f"{count} is no multiple of {GROUPS}, the groups of each normalisation")


STABLE_DIFFUSION_1 = Sizes()
SMALL = Sizes(
    PhraseSizes(),
    UNetSizes(latent_channels=32, channels=(128, 192), attends=(True, True), blocks=1, heads=4, context_width=192),
    PatchSizes(),
)
