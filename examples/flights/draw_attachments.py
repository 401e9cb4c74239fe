#!/usr/bin/env python3
"""Draws a badge (PNG) and a fact sheet (PDF) for each airline, as one batch for the API.

    ./draw_attachments.py > batch.json
    curl -u … -H 'Content-Type: application/json' -d @batch.json …/batch.json

Nothing but Python's own library: a badge is two colours computed from the carrier's code, a fact sheet is one
page of text. The same bytes every time, so that a second upload changes nothing.
"""

import base64
import csv
import hashlib
import json
import os
import struct
import sys
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
SIDE = 96


def png(code):
    """A tail fin in the carrier's colours on a light ground."""
    digest = hashlib.sha256(code.encode()).digest()
    fin, stripe = digest[0:3], digest[3:6]
    rows = []
    for y in range(SIDE):
        row = bytearray([0])  # no filter
        for x in range(SIDE):
            is_fin = SIDE // 4 <= y < SIDE * 7 // 8 and SIDE - y <= x * 3 // 2 and x < SIDE * 7 // 8
            row += (stripe if is_fin and y % 24 < 8 else fin if is_fin else b"\xf4\xf4\xf2")
        rows.append(bytes(row))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b"".join(rows), 9)) + chunk(b"IEND", b""))


def pdf(lines):
    """One page of Helvetica."""
    text = "".join(f"({line.translate({40: None, 41: None, 92: None})}) Tj T*\n" for line in lines)
    stream = f"BT /F1 14 Tf 72 760 Td 22 TL\n{text}ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def upload(content, name):
    return {"base64": base64.b64encode(content).decode(), "filename": name}


def batch(airlines):
    operations = []
    for row in airlines:
        name = row["carrier"].lower()
        sheet = pdf([row["name"], f"Carrier code {row['carrier']}", "Flights out of New York, 2013"])
        operations.append({"method": "patch", "object": {
            "type": "airline", "id": row["id"], "badge": upload(png(row["carrier"]), f"{name}.png"),
            "fact_sheet": upload(sheet, f"{name} fact sheet.pdf")}})
    return {"operations": operations}


if __name__ == "__main__":
    with open(os.path.join(HERE, "airlines.csv"), encoding="utf-8", newline="") as file:
        json.dump(batch(csv.DictReader(file)), sys.stdout)
