"""Codes of an authenticator, by RFC 6238, from nothing but hmac."""

import base64
import hmac
import struct
import time


def code(secret, step=None):
    """Of a base32 secret, for the 30 seconds of now or of another step."""
    step = int(time.time()) // 30 if step is None else step
    text = secret.replace(" ", "").upper()
    key = base64.b32decode(text + "=" * (-len(text) % 8))
    digest = hmac.digest(key, struct.pack(">Q", step), "sha1")
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"
