"""A drawing area for the demonstration's pictures, and the soft shapes that they are made of.

Pictures are drawn at twice their size and reduced, which smooths their edges.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from random import Random

WIDTH, HEIGHT = 1600, 1000
SCALE = 2

SKY = "#eef4f6"
MIST = "#d6e6ea"
LAKE = "#9cc3cc"
DEEP = "#4f8794"
NIGHT = "#2c5560"
LEAF = "#b9d3bd"
MOSS = "#7fa88a"
SAND = "#f3e6d3"
SUN = "#f6cf9b"
ROSE = "#e7b9ad"
CLAY = "#c98f80"
WHITE = "#ffffff"

Point = tuple[float, float]


class Canvas:
    """A drawing area of 1600 by 1000 units."""

    def __init__(self, background: str):
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), background)
        self.pen = ImageDraw.Draw(self.image)

    def polygon(self, points: list[Point], color: str) -> None:
        """Fill a polygon."""
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=color)

    def ellipse(
        self, center: Point, radius: float, color: str, height: float | None = None
    ) -> None:
        """Fill a circle, or an ellipse of another half height."""
        (x, y), vertical = center, height or radius
        box = [
            (x - radius) * SCALE,
            (y - vertical) * SCALE,
            (x + radius) * SCALE,
            (y + vertical) * SCALE,
        ]
        self.pen.ellipse(box, fill=color)

    def line(self, points: list[Point], color: str, width: float) -> None:
        """Draw a line with round joints and ends."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(scaled, fill=color, width=round(width * SCALE), joint="curve")
        for end in (points[0], points[-1]):
            self.ellipse(end, width / 2, color)

    def box(
        self, left_top: Point, right_bottom: Point, color: str, radius: float = 0
    ) -> None:
        """Fill a rectangle with round corners."""
        (left, top), (right, bottom) = left_top, right_bottom
        edges = [left * SCALE, top * SCALE, right * SCALE, bottom * SCALE]
        self.pen.rounded_rectangle(edges, radius=radius * SCALE, fill=color)

    def glow(self, center: Point, radius: float, color: str, rings: int = 6) -> None:
        """Lay soft rings of one color around a center."""
        for ring in range(rings, 0, -1):
            layer = Image.new("L", self.image.size, 0)
            (x, y), reach = center, radius * ring / rings
            box = [
                (x - reach) * SCALE,
                (y - reach) * SCALE,
                (x + reach) * SCALE,
                (y + reach) * SCALE,
            ]
            ImageDraw.Draw(layer).ellipse(box, fill=round(255 / rings))
            self.image.paste(Image.new("RGB", self.image.size, color), mask=layer)
        self.pen = ImageDraw.Draw(self.image)

    def render(self) -> bytes:
        """Return the drawing as a PNG file."""
        file = io.BytesIO()
        self.image.reduce(SCALE).save(file, format="PNG")
        return file.getvalue()


def wave(height: float, swing: float, length: float, shift: float) -> list[Point]:
    """Return a hilly line from left to right, closed below."""
    line = [
        (float(x), height + swing * math.sin(x / length + shift))
        for x in range(-20, WIDTH + 21, 10)
    ]
    return [*line, (WIDTH + 20.0, HEIGHT + 20.0), (-20.0, HEIGHT + 20.0)]


def blob(
    center: Point, radius: float, random: Random, roughness: float = 0.08
) -> list[Point]:
    """Return a soft, not quite round outline."""
    waves = [
        (number, random.uniform(-roughness, roughness), random.uniform(0, math.tau))
        for number in (2, 3, 4)
    ]
    points = []
    for step in range(180):
        angle = math.tau * step / 180
        reach = radius * (
            1
            + sum(
                size * math.sin(number * angle + shift) for number, size, shift in waves
            )
        )
        points.append(
            (center[0] + reach * math.cos(angle), center[1] + reach * math.sin(angle))
        )
    return points


def smooth(corners: list[Point]) -> list[Point]:
    """Return a closed curve through the corners (a Catmull-Rom spline)."""
    points, count = [], len(corners)
    for index in range(count):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (
            corners[(index + offset) % count] for offset in (-1, 0, 1, 2)
        )
        for step in range(16):
            t = step / 16
            weights = (
                -t + 2 * t**2 - t**3,
                2 - 5 * t**2 + 3 * t**3,
                t + 4 * t**2 - 3 * t**3,
                t**3 - t**2,
            )
            points.append(
                (
                    sum(
                        weight * x
                        for weight, x in zip(weights, (x0, x1, x2, x3), strict=True)
                    )
                    / 2,
                    sum(
                        weight * y
                        for weight, y in zip(weights, (y0, y1, y2, y3), strict=True)
                    )
                    / 2,
                )
            )
    return points
