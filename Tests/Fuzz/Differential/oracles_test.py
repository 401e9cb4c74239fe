import unittest

import oracles


class Forms(unittest.TestCase):
    """Rack's rules: what rack 2.2 makes of each, and what it guesses at and we refuse."""

    RACK = [
        ("", "{}"),
        ("a=1&b=2", '{"a":"1","b":"2"}'),
        ("a=1&a=2", '{"a":"2"}'),
        ("a=", '{"a":""}'),
        ("&a=1&&b=2&", '{"a":"1","b":"2"}'),
        ("a[]=1&a[]=2", '{"a":["1","2"]}'),
        ("a[b]=1&a[c]=2", '{"a":{"b":"1","c":"2"}}'),
        ("a[b][c]=1&a[b][d][]=2", '{"a":{"b":{"c":"1","d":["2"]}}}'),
        ("a[0]=1&a[1]=2", '{"a":{"0":"1","1":"2"}}'),
        ("a%5Bb%5D=1", '{"a":{"b":"1"}}'),
        ("a=b%26c+d=e", '{"a":"b&c d=e"}'),
        ("a+b=%C3%A9", '{"a b":"\u00e9"}'),
    ]
    REFUSED = [
        "a=1&a[b]=2", "a[b]=1&a=2", "a[]=1&a[b]=2", "a[b]=1&a[]=2", "a=1&a[]=2", "a[]=1&a=2",
        "a[][b]=1", "a[][]=1", "a[=1", "a]=1", "[a]=1", "a[b]c=1", "a=%4", "a=%E9",
    ]

    def test_well_formed(self):
        for text, tree in self.RACK:
            self.assertEqual(oracles.read_form(text.encode()), tree, text)

    def test_guesses(self):
        for text in self.REFUSED:
            self.assertEqual(oracles.read_form(text.encode()), oracles.REFUSED, text)


class Values(unittest.TestCase):
    def test_numbers(self):
        self.assertEqual(oracles.read_number(b"30e-1"), f"3 {0x4008 << 48} 3 {0x4008 << 48} 3 3")
        self.assertEqual(oracles.read_number(b" +4 ").split()[:3], ["refused", "refused", "4"])
        self.assertEqual(oracles.read_number(b"1e400"), " ".join(["refused"] * 6))

    def test_dates(self):
        self.assertEqual(oracles.read_date(b"20130131T090500-0330"), "2013-01-31 2013-01-31T12:35:00Z")
        self.assertEqual(oracles.read_date(b"0001-01-01T00:00Z+1"), "refused refused")
        self.assertEqual(oracles.read_date(b"0001-01-01T00:00+01"), "0001-01-01 refused")

    def test_json(self):
        self.assertEqual(oracles.read_json(b' {"a" : [1.50, "\\u00e9"]} '), '{"a":[1.50,"\u00e9"]}')
        for text in (b'{"a":1,"a":2}', b"[" * 65 + b"]" * 65, b"NaN", b'"\xff"', b"01"):
            self.assertEqual(oracles.read_json(text), oracles.REFUSED, text)


if __name__ == "__main__":
    unittest.main()
