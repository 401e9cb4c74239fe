"""Attachments: what a download, an inline upload and a very large file cost."""

import base64
import http.client
import json
import os
import random
import time
import zlib

MEGABYTE = 10**6
INLINE = 100_000
LARGE = 10**9
PIECE = 1 << 20
PDF = b"%PDF-1.7\n"  # nine bytes: twelve characters of Base64


def pdf(size, seed=1):
    """Bytes that are taken for a PDF and that nothing can make smaller."""
    return PDF + random.Random(seed).randbytes(size - len(PDF))


def inline_parts(size):
    """Base64 of `size` bytes before and after eight characters in the middle, which may be any."""
    text = base64.b64encode(pdf(size)).decode()
    start = len(base64.b64encode(PDF))
    return text[:start], text[start + 8:]


def upload_one(server, content):
    """Uploads it as an airline's fact sheet; the path of its signed address, as the server answers it."""
    made = server.post("/objects/airline.json", {"airline": {"name": "Bench", "fact_sheet": {
        "base64": base64.b64encode(content).decode(), "filename": "sheet.pdf"}}})
    address = made["fact_sheet"]["original"]
    return "/" + address.split("/", 3)[3]


def pieces(size, seed):
    """A PDF of `size` bytes, a piece at a time; no two pieces are the same."""
    piece = bytearray(pdf(PIECE, seed))
    sent = 0
    while sent < size:
        if sent:
            piece[:8] = sent.to_bytes(8, "big")
        part = bytes(piece[:min(PIECE, size - sent)])
        sent += len(part)
        yield part


def send_large(server, method, path, size, seed):
    """Sends `size` bytes raw. The id that they have, their checksum, and MB/s."""
    checksum = 1

    def counted():
        nonlocal checksum
        for piece in pieces(size, seed):
            checksum = zlib.adler32(piece, checksum)
            yield piece

    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    began = time.perf_counter()
    connection.request(method, server.base + path, counted(), {
        **server.headers, "Content-Length": str(size), "Content-Type": "application/pdf", "X-Filename": "large.pdf"})
    answer = connection.getresponse()
    text = answer.read()
    seconds = time.perf_counter() - began
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{method} {path} of {size} bytes was answered with {answer.status}: {text[:300]}")
    return json.loads(text)["id"], checksum, size / 1e6 / seconds


def read_large(server, path):
    """Reads an attachment to its end. Its size, its checksum, and MB/s."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    began = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"the download was answered with {answer.status}")
    size, checksum, buffer = 0, 1, bytearray(PIECE)
    while count := answer.readinto(buffer):
        size += count
        checksum = zlib.adler32(memoryview(buffer)[:count], checksum)
    seconds = time.perf_counter() - began
    connection.close()
    return size, checksum, size / 1e6 / seconds


def large(server, size=LARGE):
    """Sends a file raw by POST and another by PUT, and reads both. MB/s in and out."""
    rates_in, rates_out = [], []
    wanted = "00000000-0000-4000-8000-0000000b1666"
    for number, (method, path) in enumerate([("POST", "/attachments"), ("PUT", f"/attachments/{wanted}")]):
        sent_id, sent, rate = send_large(server, method, path, size, seed=number)
        rates_in.append(rate)
        made = server.post("/objects/airline.json", {"airline": {"name": "Large", "fact_sheet_id": sent_id}})
        found_size, found, rate = read_large(server, "/" + made["fact_sheet"]["original"].split("/", 3)[3])
        rates_out.append(rate)
        if (found_size, found) != (size, sent):
            raise RuntimeError(f"{size} bytes were sent, and {found_size} others came back")
    return sum(rates_in) / len(rates_in), sum(rates_out) / len(rates_out)


def write_lines(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path


def inline_file(folder):
    """The file that bench/wrk/upload.lua reads, and the bytes of one request's body."""
    before, after = inline_parts(INLINE)
    path = write_lines(os.path.join(folder, "inline"), [before, after])
    around = '{"flight":{"number":100000,"boarding_pass":{"base64":"","filename":"pass.pdf"}}}'
    return path, len(before) + 8 + len(after) + len(around)
