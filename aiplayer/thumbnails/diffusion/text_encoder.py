"""CLIP's text encoder: the tokens of a prompt to the context that the UNet looks at.

Source: Radford et al., "Learning Transferable Visual Models From Natural Language Supervision" (2021), ViT-L/14;
its layers are keras-cv's. Layers bear the names that the published weights give them.
"""

import keras

from aiplayer.thumbnails.diffusion.cpu_kernels.keras_parts import CLIPEmbedding, CLIPEncoderLayer, quick_gelu
from aiplayer.thumbnails.diffusion.sizes import TextSizes


def build_text_encoder(sizes: TextSizes) -> keras.Model:
    """Tokens and positions, both int32 [batch, tokens], -> context, [batch, tokens, width]."""
    tokens = keras.Input((sizes.tokens,), dtype="int32", name="tokens")
    positions = keras.Input((sizes.tokens,), dtype="int32", name="positions")
    x = CLIPEmbedding(sizes.vocabulary, sizes.width, sizes.tokens, name="embeddings")([tokens, positions])
    for layer in range(sizes.layers):
        x = CLIPEncoderLayer(sizes.width, sizes.heads, activation=quick_gelu, name=f"encoder.layers.{layer}")(x)
    x = keras.layers.LayerNormalization(epsilon=1e-5, name="final_layer_norm")(x)
    return keras.Model([tokens, positions], x, name="text_encoder")
