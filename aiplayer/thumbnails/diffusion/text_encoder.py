"""CLIP's text encoder: the tokens of a prompt to the context that the UNet looks at.

Source: Radford et al., "Learning Transferable Visual Models From Natural Language Supervision" (2021), ViT-L/14;
its layers are keras-cv's. Layers bear the names that the published weights give them.
"""

import keras

from aiplayer.thumbnails.diffusion.keras_parts import CLIPEmbedding, CLIPEncoderLayer, quick_gelu
from aiplayer.thumbnails.diffusion.sizes import TextSizes


def build_text_encoder(sizes: TextSizes) -> keras.Model:
    """The network, with random weights.

    Args:
        sizes: The sizes of the text encoder.

    Returns:
        A model of tokens and positions, both int32 [batch, tokens]. It returns the context, [batch, tokens, width].
    """
    tokens = keras.Input((sizes.tokens,), dtype="int32", name="tokens")
    positions = keras.Input((sizes.tokens,), dtype="int32", name="positions")

    embedding = CLIPEmbedding(sizes.vocabulary, sizes.width, sizes.tokens, name="embeddings")
    x = embedding([tokens, positions])
    for number in range(sizes.layers):
        layer = CLIPEncoderLayer(sizes.width, sizes.heads, activation=quick_gelu, name=f"encoder.layers.{number}")
        x = layer(x)
    x = keras.layers.LayerNormalization(epsilon=1e-5, name="final_layer_norm")(x)
    return keras.Model([tokens, positions], x, name="text_encoder")
