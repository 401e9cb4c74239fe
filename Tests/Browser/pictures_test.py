"""The README's pictures are there and load fast."""

import unittest

import pictures


class ThePicturesOfTheReadme(unittest.TestCase):
    def test_they_are_there_named_and_small(self):
        readme = (pictures.ROOT / "README.md").read_text(encoding="utf-8")
        for file in pictures.README:
            with self.subTest(file=file):
                self.assertLess((pictures.FOLDER / file).stat().st_size, pictures.MOST_BYTES)
                self.assertIn(f"docs/pictures/{file}", readme)
