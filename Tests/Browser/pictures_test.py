"""The pictures in the repository are there and load fast."""

import unittest

import pictures


class Pictures(unittest.TestCase):
    def test_those_of_the_readme_are_there_named_and_small(self):
        readme = (pictures.ROOT / "README.md").read_text(encoding="utf-8")
        for file in pictures.README:
            with self.subTest(file=file):
                self.assertLess((pictures.FOLDER / file).stat().st_size, pictures.MOST_BYTES)
                self.assertIn(f"docs/pictures/{file}", readme)

    def test_those_of_eight_pages_are_kept_and_small_altogether(self):
        sizes = {path.name: path.stat().st_size for path in pictures.KEPT.iterdir()}
        self.assertEqual(sorted(sizes), sorted(pictures.files()))
        self.assertLess(sum(sizes.values()), pictures.MOST_BYTES_KEPT)
