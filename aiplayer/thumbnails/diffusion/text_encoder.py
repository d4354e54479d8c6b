"""CLIP's text encoder: the tokens of a prompt to the context that the UNet looks at.

Source: Radford et al., "Learning Transferable Visual Models From Natural Language Supervision" (2021), ViT-L/14;
its layers are keras-cv's. Layers bear the names that the published weights give them.
"""

import keras

from aiplayer.thumbnails.diffusion.blocks import Shape
from aiplayer.thumbnails.diffusion.keras_parts import CLIPEmbedding, CLIPEncoderLayer, quick_gelu
from aiplayer.thumbnails.diffusion.sizes import TextSizes


class TokenEmbedding(CLIPEmbedding):
    """The sum of what a token and what its place says; builds its parts by shape, so that Keras need not trace it."""

    def build(self, input_shape: tuple[Shape, Shape]) -> None:
        """Build both tables."""
        tokens, positions = input_shape
        self.token_embedding.build(tokens)
        self.position_embedding.build(positions)

    def compute_output_shape(self, input_shape: tuple[Shape, Shape]) -> Shape:
        """[batch, tokens, width]."""
        return self.token_embedding.compute_output_shape(input_shape[0])


class TextLayer(CLIPEncoderLayer):
    """A layer of the transformer; builds its parts by shape, so that Keras need not trace it."""

    def build(self, input_shape: Shape) -> None:
        """Build all parts for the shape that `call` takes."""
        attention = self.clip_attn
        parts = (self.layer_norm1, self.layer_norm2, self.fc1)
        for part in (*parts, attention.q_proj, attention.k_proj, attention.v_proj, attention.out_proj):
            part.build(input_shape)
        self.fc2.build(self.fc1.compute_output_shape(input_shape))
        attention.built = True

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """[batch, tokens, width]."""
        return input_shape


def build_text_encoder(sizes: TextSizes) -> keras.Model:
    """The network, with random weights.

    Args:
        sizes: The sizes of the text encoder.

    Returns:
        A model of tokens and positions, both int32 [batch, tokens]. It returns the context, [batch, tokens, width].
    """
    tokens = keras.Input((sizes.tokens,), dtype="int32", name="tokens")
    positions = keras.Input((sizes.tokens,), dtype="int32", name="positions")

    embedding = TokenEmbedding(sizes.vocabulary, sizes.width, sizes.tokens, name="embeddings")
    x = embedding([tokens, positions])
    for number in range(sizes.layers):
        layer = TextLayer(sizes.width, sizes.heads, activation=quick_gelu, name=f"encoder.layers.{number}")
        x = layer(x)
    x = keras.layers.LayerNormalization(epsilon=1e-5, name="final_layer_norm")(x)
    return keras.Model([tokens, positions], x, name="text_encoder")
