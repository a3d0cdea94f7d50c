"""Sealing of sensitive fields: SM4-GCM to keep them, HMAC-SM3 to find them again without opening them.

GB/T 32907-2016 (SM4), GB/T 32905-2016 (SM3); use required by GB/T 39786-2021 at level 3.
"""

import os
from collections.abc import Sequence

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


class Ring(Seal):
    """
    Seals under the newest of several keys and opens what any of them has sealed.

    The blind index stays that of the first key, so that what is searched by it is found in every generation.
    """

    def __init__(self, keys: Sequence[bytes]):
        if not keys:
            raise ValueError("a ring holds at least one key")
        super().__init__(keys[0])
        self._seals = [Seal(key) for key in reversed(keys)]
        self._cipher = self._seals[0]._cipher

    @property
    def generation(self) -> int:
        """How many keys there have been; the newest is the one that seals."""
        return len(self._seals)

    def open(self, sealed: bytes) -> str:
        """
        Return the text, whichever key sealed it.

        :raises Unreadable: if a bit was changed or no key of the ring is its own
        """
        for seal in self._seals[:-1]:
            try:
                return seal.open(sealed)
            except Unreadable:
                continue
        return self._seals[-1].open(sealed)

    def is_newest(self, sealed: bytes) -> bool:
        """Tell whether the newest key has sealed this."""
        try:
            self._seals[0].open(sealed)
        except Unreadable:
            return False
        return True
