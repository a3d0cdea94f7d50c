"""Sealing of sensitive fields: SM4-GCM to keep them, HMAC-SM3 to find them again without opening them.

GB/T 32907-2016 (SM4), GB/T 32905-2016 (SM3); use required by GB/T 39786-2021 at level 3.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

NONCE, TAG = 12, 16


class Unreadable(Exception):
    """The sealed value was changed, or sealed under another key."""


class Seal:
    """Seals and opens under one key of 32 bytes: 16 to encipher, 16 for the blind index."""

    def __init__(self, key: bytes):
        if len(key) != 32:
            raise ValueError(f"a sealing key has 32 bytes, not {len(key)}")
        self._cipher, self._index = algorithms.SM4(key[:16]), key[16:]

    def close(self, text: str) -> bytes:
        """Return nonce, tag and cipher text; the same text never seals to the same bytes."""
        nonce = os.urandom(NONCE)
        encryptor = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        body = encryptor.update(text.encode()) + encryptor.finalize()
        return nonce + encryptor.tag + body

    def open(self, sealed: bytes) -> str:
        """
        Return the text.

        :raises Unreadable: if a bit was changed or the key is another
        """
        nonce, tag, body = sealed[:NONCE], sealed[NONCE : NONCE + TAG], sealed[NONCE + TAG :]
        decryptor = Cipher(self._cipher, modes.GCM(nonce, tag)).decryptor()
        try:
            return (decryptor.update(body) + decryptor.finalize()).decode()
        except InvalidTag as error:
            raise Unreadable from error

    def index(self, text: str) -> str:
        """Return 64 hexadecimal digits, the same for the same text: to search by, not to read."""
        digest = hmac.HMAC(self._index, hashes.SM3())
        digest.update(text.encode())
        return digest.finalize().hex()
