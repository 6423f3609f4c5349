"""Texts to tokens, the same way for every encoder."""

from __future__ import annotations

from typing import Any

from bonafit.errors import EncoderError
from bonafit.text.language import untagged


def load_tokenizer(raw: bytes, *, max_tokens: int | None) -> Any:
    """A `tokenizers.Tokenizer` without padding, cut to max_tokens (special ones included) where that is given."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_buffer(raw)
        tokenizer.no_padding()
        if max_tokens is None:
            tokenizer.no_truncation()
        else:
            tokenizer.enable_truncation(max_tokens)
    except Exception as error:  # the Rust side raises bare Exception
        raise EncoderError(f"tokenizer does not parse ({error}); export the encoder again") from error
    return tokenizer


def load_pieces(raw: bytes) -> Any:
    """A SentencePieceProcessor. Raises EncoderError where the model does not parse."""
    from sentencepiece import SentencePieceProcessor

    try:
        return SentencePieceProcessor(model_proto=raw)
    except Exception as error:  # the C++ side raises RuntimeError and its own
        raise EncoderError(f"tokenizer does not parse ({error}); export the encoder again") from error


def storable(text: str) -> str:
    """The text itself: without a tag of its language, which only says who is to read it, and with lone surrogates
    replaced by U+FFFD, which have no UTF-8 form, so no tokens and no digest.
    """
    text = untagged(text)
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
