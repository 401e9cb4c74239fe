"""What the server takes while it is under load, sampled, and whether that is flat."""

import os
import threading
import time
from dataclasses import dataclass

EVERY_S = 10


@dataclass(frozen=True)
class Measured:
    """A figure of the process, and how far its line may rise over the second half of a soak."""

    name: str
    unit: str
    most: float


MEMORY = Measured("memory (RssAnon)", "MB", 3.0)
DESCRIPTORS = Measured("descriptors", "", 4.0)
THREADS = Measured("threads", "", 3.0)
ALL = (MEMORY, DESCRIPTORS, THREADS)


def sample(process):
    folder = f"/proc/{process}"
    with open(folder + "/status", encoding="ascii") as file:
        found = dict(line.split(":", 1) for line in file)
    return {MEMORY: int(found["RssAnon"].split()[0]) * 1024 / 1e6, DESCRIPTORS: len(os.listdir(folder + "/fd")),
            THREADS: int(found["Threads"])}


def slope(points):
    """Of the line of least squares through (second, value) points: the rise in a second."""
    if len(points) < 2:
        return 0.0
    middle_x, middle_y = (sum(values) / len(points) for values in zip(*points))
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / spread if spread else 0.0


class Watch(threading.Thread):
    """Samples a process each ten seconds until it is told to end."""

    def __init__(self, process, stop, say):
        super().__init__(daemon=True)
        self.process, self.stop, self.say, self.samples = process, stop, say, []

    def run(self):
        began = time.monotonic()
        while not self.stop.is_set():
            try:
                found = sample(self.process)
            except OSError:
                return  # It has ended, which others notice.
            self.samples.append((time.monotonic() - began, found))
            if len(self.samples) % 6 == 1:
                self.say(f"{self.samples[-1][0] / 60:5.0f} min  " + "  ".join(
                    f"{each.name} {found[each]:.4g} {each.unit}".rstrip() for each in ALL))
            self.stop.wait(EVERY_S)

    def lines(self):
        """For each figure: at the start, least, most and last of the second half, its slope an hour, its rise in it."""
        half = [each for each in self.samples if each[0] >= self.samples[-1][0] / 2]
        for each in ALL:
            points = [(second, found[each]) for second, found in half]
            steep = slope(points)
            yield {"measured": each.name, "unit": each.unit, "first": self.samples[0][1][each],
                   "least": min(value for _, value in points), "most": max(value for _, value in points),
                   "last": points[-1][1], "an_hour": steep * 3600, "rise": steep * (points[-1][0] - points[0][0]),
                   "bound": each.most}
