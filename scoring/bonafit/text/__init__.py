"""Texts as a person wrote them to texts as an encoder reads them."""
