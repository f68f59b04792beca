"""The drawings of the demonstration: calm shapes without text, made by code and the same each time.

Every drawing is a function of a canvas and a random generator with a fixed seed.
"""

from __future__ import annotations

import math
from random import Random
from typing import TYPE_CHECKING

from home.demo.canvas import (
    CLAY,
    DEEP,
    HEIGHT,
    LAKE,
    LEAF,
    MIST,
    MOSS,
    NIGHT,
    ROSE,
    SAND,
    SKY,
    SUN,
    WHITE,
    WIDTH,
    Canvas,
    blob,
    smooth,
    wave,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from home.demo.canvas import Point

#: The corners of the liver's outline.
LIVER: list[Point] = [
    (420, 640),
    (400, 480),
    (450, 350),
    (580, 280),
    (760, 275),
    (920, 300),
    (1090, 300),
    (1220, 360),
    (1180, 440),
    (1040, 500),
    (900, 570),
    (740, 680),
    (560, 740),
]


def draw_hills(canvas: Canvas, random: Random) -> None:
    """Hills with a path toward a pale sun."""
    canvas.glow((1120, 330), 330, SAND)
    canvas.ellipse((1120, 330), 110, SUN)
    for height, swing, color in (
        (480, 60, MIST),
        (570, 70, LAKE),
        (660, 60, LEAF),
        (760, 50, MOSS),
    ):
        canvas.polygon(
            wave(height, swing, random.uniform(190, 300), random.uniform(0, math.tau)),
            color,
        )
    middle = [
        (1040 - 330 * part + 210 * math.sin(part * 4.4), 745 + 275 * part)
        for part in (n / 40 for n in range(41))
    ]
    left = [(x - 8 - 92 * n / 40, y) for n, (x, y) in enumerate(middle)]
    right = [(x + 8 + 92 * n / 40, y) for n, (x, y) in enumerate(middle)]
    canvas.polygon([*left, *reversed(right)], SAND)


def draw_body_map(canvas: Canvas, random: Random) -> None:
    """The outline of a person with soft circles where cancer can spread."""
    canvas.ellipse((800, 520), 620, SKY, height=470)
    canvas.ellipse((800, 190), 105, LAKE, height=125)
    canvas.box((755, 290), (845, 400), LAKE, radius=30)
    canvas.box((590, 360), (1010, 1100), LAKE, radius=130)
    canvas.line([(605, 460), (540, 720), (555, 960)], LAKE, 105)
    canvas.line([(995, 460), (1060, 720), (1045, 960)], LAKE, 105)
    for center, radius, color in (
        ((700, 500), 70, MIST),
        ((900, 500), 70, MIST),
        ((890, 590), 58, ROSE),
        ((720, 690), 78, CLAY),
        ((800, 870), 50, SAND),
    ):
        canvas.polygon(blob(center, radius, random, 0.03), color)


def draw_liver(canvas: Canvas, random: Random) -> None:
    """A liver with one small, clearly marked spot."""
    canvas.polygon(blob((800, 510), 450, random, 0.04), SKY)
    canvas.ellipse((855, 640), 44, MOSS, height=92)
    canvas.polygon(smooth(LIVER), CLAY)
    canvas.line([(905, 318), (893, 400), (905, 540)], ROSE, 10)
    canvas.ellipse((610, 510), 66, WHITE)
    canvas.ellipse((610, 510), 56, CLAY)
    canvas.polygon(blob((610, 510), 32, random, 0.08), NIGHT)


def draw_ice_probe(canvas: Canvas, random: Random) -> None:
    """A thin probe with its tip in a round tumor, and ice around it."""
    canvas.polygon(wave(300, 26, 260, 0.6), SAND)
    canvas.polygon(wave(350, 26, 260, 0.6), ROSE)
    canvas.polygon(wave(430, 30, 300, 1.4), "#f0cfc4")
    canvas.glow((880, 640), 250, WHITE, rings=8)
    canvas.polygon(blob((880, 640), 165, random, 0.03), MIST)
    canvas.polygon(blob((880, 640), 98, random, 0.06), CLAY)
    for arm in range(6):
        angle = math.tau * arm / 6 + 0.3
        tip = (880 + 148 * math.cos(angle), 640 + 148 * math.sin(angle))
        canvas.line([(880, 640), tip], WHITE, 8)
        for side in (-0.5, 0.5):
            start = (880 + 100 * math.cos(angle), 640 + 100 * math.sin(angle))
            canvas.line(
                [
                    start,
                    (
                        start[0] + 38 * math.cos(angle + side),
                        start[1] + 38 * math.sin(angle + side),
                    ),
                ],
                WHITE,
                6,
            )
    canvas.line([(300, 60), (880, 640)], NIGHT, 18)
    canvas.line([(230, -10), (430, 190)], DEEP, 60)


def draw_bedside(canvas: Canvas, random: Random) -> None:
    """A calm room with a bed, a window with morning light, and a plant."""
    canvas.box((0, 760), (WIDTH, HEIGHT), SAND)
    canvas.box((150, 120), (620, 560), WHITE, radius=18)
    canvas.box((175, 145), (595, 535), MIST, radius=8)
    canvas.ellipse((420, 330), 78, SUN)
    canvas.polygon(
        [(175, 470), (300, 410), (430, 460), (595, 400), (595, 535), (175, 535)], LEAF
    )
    canvas.box((378, 145), (392, 535), WHITE)
    canvas.polygon([(175, 560), (595, 560), (880, 1000), (300, 1000)], "#f8efdf")
    canvas.box((700, 440), (740, 880), DEEP, radius=14)
    canvas.box((1430, 560), (1466, 880), DEEP, radius=14)
    canvas.box((710, 660), (1460, 790), WHITE, radius=40)
    canvas.box((980, 625), (1460, 800), LAKE, radius=46)
    canvas.box((750, 570), (960, 680), MIST, radius=46)
    canvas.box((470, 660), (650, 690), DEEP, radius=8)
    canvas.box((548, 680), (572, 880), DEEP)
    canvas.box((520, 590), (600, 662), CLAY, radius=12)
    for leaf in range(5):
        angle = -math.pi / 2 + (leaf - 2) * 0.42 + random.uniform(-0.05, 0.05)
        canvas.line(
            [(560, 592), (560 + 120 * math.cos(angle), 592 + 120 * math.sin(angle))],
            MOSS,
            26,
        )


def draw_checklist(canvas: Canvas, random: Random) -> None:
    """A sheet of paper with five lines, three of them with a check mark."""
    canvas.polygon(blob((800, 510), 460, random, 0.06), MIST)
    canvas.box((520, 90), (1110, 930), LAKE, radius=34)
    canvas.box((500, 70), (1090, 910), WHITE, radius=34)
    canvas.box((690, 40), (900, 110), DEEP, radius=24)
    for row in range(5):
        top = 200 + row * 135
        canvas.box((570, top), (640, top + 70), LEAF if row < 3 else SKY, radius=14)
        canvas.box(
            (690, top + 22),
            (690 + random.choice((250, 290, 320)), top + 48),
            MIST,
            radius=13,
        )
        if row < 3:
            canvas.line([(587, top + 36), (602, top + 52), (628, top + 20)], NIGHT, 11)


def draw_person(
    canvas: Canvas, foot: Point, height: float, color: str, skin: str
) -> None:
    """A standing person in two shapes, without features."""
    (x, y), head = foot, height * 0.11
    canvas.ellipse((x, y - height + head), head, skin, height=head * 1.15)
    canvas.box(
        (x - height * 0.16, y - height * 0.74),
        (x + height * 0.16, y),
        color,
        radius=height * 0.15,
    )


def draw_breast_outline(canvas: Canvas, random: Random) -> None:
    """The outline of a breast from the side, with its ducts."""
    canvas.polygon(blob((800, 500), 440, random, 0.05), SKY)
    outline = smooth(
        [
            (640, 120),
            (690, 300),
            (860, 440),
            (1000, 560),
            (1010, 640),
            (900, 740),
            (720, 790),
            (640, 900),
        ]
    )
    canvas.polygon(outline, ROSE)
    canvas.box((560, 110), (660, 910), CLAY, radius=50)
    for height in (-110, -55, 0, 55, 105):
        end = (720 + random.uniform(0, 20), 590 + height * 1.3)
        canvas.line([(995, 604), (880, 600 + height * 0.5), end], WHITE, 8)
        canvas.ellipse(end, 24, WHITE)


def draw_conversation(canvas: Canvas, random: Random) -> None:
    """Two people who talk with each other."""
    canvas.polygon(blob((800, 520), 430, random, 0.05), MIST)
    draw_person(canvas, (590, 1060), 640, DEEP, SAND)
    draw_person(canvas, (1010, 1060), 620, MOSS, CLAY)
    canvas.box((560, 150), (830, 310), WHITE, radius=70)
    canvas.polygon([(640, 290), (700, 290), (636, 370)], WHITE)
    canvas.box((870, 210), (1110, 350), SUN, radius=64)
    canvas.polygon([(960, 330), (1020, 330), (1006, 410)], SUN)
    for number in range(3):
        canvas.ellipse((635 + 60 * number, 230), 16, LAKE)
        canvas.ellipse((935 + 55 * number, 280), 14, CLAY)


def draw_calendar(canvas: Canvas, random: Random) -> None:
    """A calendar with days for treatment."""
    canvas.polygon(blob((800, 520), 440, random, 0.05), LEAF)
    canvas.box((440, 150), (1160, 890), WHITE, radius=40)
    canvas.box((440, 150), (1160, 300), DEEP, radius=40)
    canvas.box((440, 250), (1160, 300), DEEP)
    for x in (600, 1000):
        canvas.box((x - 18, 100), (x + 18, 210), NIGHT, radius=18)
    for row in range(4):
        for column in range(7):
            center = (515 + column * 95, 385 + row * 130)
            is_treatment = column == 1 or (column == 4 and row % 2 == 0)
            canvas.ellipse(center, 34, CLAY if is_treatment else SKY)


def draw_cells(canvas: Canvas, random: Random) -> None:
    """A group of round cells, each with its nucleus."""
    centers: list[Point] = [(800, 500)]
    centers += [
        (800 + 215 * math.cos(n * math.tau / 6), 500 + 215 * math.sin(n * math.tau / 6))
        for n in range(6)
    ]
    centers += [
        (
            800 + 400 * math.cos(n * math.tau / 9 + 0.3),
            500 + 370 * math.sin(n * math.tau / 9 + 0.3),
        )
        for n in range(9)
    ]
    for number, (x, y) in enumerate(centers):
        center = (x + random.uniform(-14, 14), y + random.uniform(-14, 14))
        outer, inner = (CLAY, NIGHT) if number in (0, 2, 3) else (ROSE, DEEP)
        canvas.polygon(blob(center, 100, random, 0.05), outer)
        canvas.polygon(
            blob((center[0] + random.uniform(-12, 12), center[1]), 36, random, 0.06),
            inner,
        )


def draw_hospital(canvas: Canvas, random: Random) -> None:
    """A hospital under a pale sun."""
    canvas.glow((1240, 260), 250, SAND)
    canvas.ellipse((1240, 260), 84, SUN)
    canvas.polygon(wave(720, 36, 260, random.uniform(0, math.tau)), LEAF)
    canvas.box((300, 420), (1300, 860), MIST, radius=16)
    canvas.box((620, 240), (980, 860), WHITE, radius=16)
    canvas.box((778, 290), (822, 430), CLAY, radius=8)
    canvas.box((730, 338), (870, 382), CLAY, radius=8)
    for row in range(3):
        for x in (360, 480, 1040, 1160):
            canvas.box((x, 480 + row * 120), (x + 78, 550 + row * 120), LAKE, radius=10)
    for x in (660, 770, 880):
        canvas.box((x, 490), (x + 60, 560), LAKE, radius=10)
    canvas.box((730, 660), (870, 860), DEEP, radius=12)
    canvas.polygon([(700, 860), (900, 860), (1010, 1000), (590, 1000)], SAND)


def draw_walk(canvas: Canvas, random: Random) -> None:
    """A person on a walk between trees."""
    canvas.ellipse((340, 240), 90, SUN)
    canvas.polygon(wave(600, 44, 280, random.uniform(0, math.tau)), LEAF)
    canvas.polygon(wave(790, 16, 320, 0.4), SAND)
    for x, size in ((250, 150), (1180, 190), (1430, 130)):
        canvas.box((x - 14, 560), (x + 14, 800), CLAY, radius=10)
        canvas.polygon(blob((x, 520), size, random, 0.06), MOSS)
    for foot in ((690, 880), (820, 890)):
        canvas.line([(760, 660), (755 + (foot[0] - 755) * 0.6, 770), foot], NIGHT, 42)
    canvas.line([(770, 480), (850, 580), (900, 560)], LAKE, 36)
    canvas.box((700, 420), (820, 690), DEEP, radius=58)
    canvas.line([(752, 480), (690, 590), (706, 650)], LAKE, 36)
    canvas.ellipse((775, 345), 62, ROSE, height=70)


DRAWINGS: dict[str, tuple[str, Callable[[Canvas, Random], None]]] = {
    "hills": (SKY, draw_hills),
    "body_map": (WHITE, draw_body_map),
    "liver": (SAND, draw_liver),
    "ice_probe": (SKY, draw_ice_probe),
    "bedside": (SKY, draw_bedside),
    "checklist": (SKY, draw_checklist),
    "breast_outline": (SAND, draw_breast_outline),
    "conversation": (SKY, draw_conversation),
    "calendar": (SKY, draw_calendar),
    "cells": (SAND, draw_cells),
    "hospital": (SKY, draw_hospital),
    "walk": (SKY, draw_walk),
}


def draw_image(drawing: str, seed: int) -> bytes:
    """Return a drawing as a PNG file of 1600 by 1000 pixels.

    Raises:
        KeyError: there is no drawing of that name.
    """
    background, draw = DRAWINGS[drawing]
    canvas = Canvas(background)
    draw(canvas, Random(seed))  # noqa: S311
    return canvas.render()
