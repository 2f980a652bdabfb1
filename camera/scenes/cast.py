"""People put into a view: limbs painted from far to near, hidden by what stands before them, with shadows on the floor."""

from dataclasses import dataclass
from functools import cache
from math import cos, sin

import cv2
import numpy as np

from camera.scenes.figure import CARTON_M, Body, Limb
from camera.scenes.lens import Floats
from camera.scenes.view import Region, View

CARTON_COLOUR = (0.13, 0.3, 0.47)
TAPE_COLOUR = (0.3, 0.46, 0.6)
SHADOW_DEPTH = 0.55


@dataclass(frozen=True)
class Sprite:
    """A painted person: the region of the picture, light already multiplied by alpha (h, w, 3), alpha (h, w, 1), shadow (h, w, 1)."""

    region: Region
    light: Floats
    alpha: Floats
    shadow: Floats


@cache
def _folds() -> Floats:
    """Creases of cloth: a small picture of factors round 1, read by place on the limb."""
    rng = np.random.default_rng(9)
    return np.asarray(1 + 0.07 * cv2.resize(rng.standard_normal((9, 7), np.float32), (64, 48), interpolation=cv2.INTER_CUBIC), np.float32)


def _light_cube(view: View, at: Floats) -> Floats:
    """Light at a place on surfaces that face +x, +y, +z, -x, -y, -z of the room, (6, 3), without shadows."""
    normals = np.concatenate([np.eye(3, dtype=np.float32), -np.eye(3, dtype=np.float32)])
    total = (0.62 + 0.38 * normals[:, 2:3]) * np.array(view.lighting.ambient, np.float32)
    for lamp in view.lighting.lamps:
        course = np.array(lamp.position, np.float32) - at
        square = float(course @ course)
        # Cloth is rough: it goes on catching a little light beyond the edge of the lamp's sight.
        facing = np.clip((normals @ (course / square**0.5) + 0.25) / 1.25, 0, 1)
        total += facing[:, None] * (np.array(lamp.power, np.float32) * lamp.beam(course) / max(square, 0.3))
    return np.asarray(total, np.float32)


def _lit(cube: Floats, normals: Floats) -> Floats:
    """Light (..., 3) on surfaces with unit normals (..., 3), between the six values of the cube. Source: McTaggart, GDC 2004."""
    ahead, behind = np.maximum(normals, 0), np.minimum(normals, 0)
    return np.asarray((ahead * ahead) @ cube[:3] + (behind * behind) @ cube[3:], np.float32)


class _Layer:
    """A region of the picture while people are painted into it, from far to near."""

    def __init__(self, view: View, region: Region, cube: Floats) -> None:
        self.view, self.region, self.cube = view, region, cube
        shape = (region[0].stop - region[0].start, region[1].stop - region[1].start)
        self.light, self.alpha = np.zeros((*shape, 3), np.float32), np.zeros((*shape, 1), np.float32)
        self.depth = view.depth_m[region]
        self.axes = np.stack(view.lens.axes)

    def _over(self, part: Region, colour: Floats, alpha: Floats) -> None:
        self.light[part] = self.light[part] * (1 - alpha) + colour * alpha
        self.alpha[part] = self.alpha[part] * (1 - alpha) + alpha

    def limb(self, limb: Limb, ends: Floats) -> None:
        """Paint a limb whose ends lie at these columns, rows and depths."""
        focal = self.view.lens.focal_px(self.view.size)
        radii = np.array([limb.start_radius, limb.end_radius], np.float32) * focal / ends[:, 2]
        origin = np.array([self.region[1].start, self.region[0].start], np.float32)
        a, b = ends[0, :2] - origin, ends[1, :2] - origin
        rows, columns = self.alpha.shape[:2]
        left, top = np.maximum(np.floor(np.minimum(a - radii[0], b - radii[1])) - 1, 0).astype(int)
        right, bottom = np.minimum(np.ceil(np.maximum(a + radii[0], b + radii[1])) + 2, (columns, rows)).astype(int)
        if right <= left or bottom <= top:
            return
        part = slice(top, bottom), slice(left, right)
        x = np.arange(left, right, dtype=np.float32)[None, :] + 0.5
        y = np.arange(top, bottom, dtype=np.float32)[:, None] + 0.5
        along = b - a
        share = np.clip(((x - a[0]) * along[0] + (y - a[1]) * along[1]) / max(float(along @ along), 1e-3), 0, 1)
        radius = radii[0] + (radii[1] - radii[0]) * share
        off_x, off_y = x - (a[0] + along[0] * share), y - (a[1] + along[1] * share)
        away = np.sqrt(off_x * off_x + off_y * off_y)
        depth = ends[0, 2] + (ends[1, 2] - ends[0, 2]) * share
        alpha = np.clip(radius - away + 0.5, 0, 1) * (self.depth[part] > depth - 0.06)
        if not alpha.any():
            return
        across, down = off_x / radius, off_y / radius
        front = np.sqrt(np.clip(1 - across * across - down * down, 0.02, 1))
        normals = np.stack([across, down, -front], axis=-1) @ self.axes
        crease = _folds()[(share * 40).astype(np.intp) + int(radii[0]) % 7, np.clip((across + 1) * 30, 0, 63).astype(np.intp)]
        colour = _lit(self.cube, normals) * np.array(limb.colour, np.float32) * crease[..., None]
        self._over(part, colour, alpha[..., None].astype(np.float32))

    def carton(self, centre: Floats, heading: float) -> None:
        """Paint a carton, its faces and the tape on it, at the centre of the arms."""
        c, s = cos(heading), sin(heading)
        frame = np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]], np.float32)
        half = np.array(CARTON_M, np.float32) / 2
        position = np.array(self.view.lens.position, np.float32)
        origin = np.array([self.region[1].start, self.region[0].start], np.float32)
        for axis in range(3):
            normal = frame[axis] * (1 if float((position - centre) @ frame[axis]) > 0 else -1)
            u, v = (i for i in range(3) if i != axis)
            light = _lit(self.cube, normal)
            for width, colour in ((1.0, CARTON_COLOUR), (0.16, TAPE_COLOUR)):
                corners = [
                    centre + normal * half[axis] + frame[u] * half[u] * i + frame[v] * half[v] * k
                    for i, k in ((-width, -1), (width, -1), (width, 1), (-width, 1))
                ]
                seen = self.view.lens.project(np.array(corners, np.float32), self.view.size)
                mask = np.zeros(self.alpha.shape[:2], np.uint8)
                cv2.fillConvexPoly(mask, np.rint((seen[:, :2] - origin) * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
                alpha = mask.astype(np.float32) / 255 * (self.depth > float(seen[:, 2].mean()) - 0.1)
                self._over((slice(None), slice(None)), light * np.array(colour, np.float32), alpha[..., None].astype(np.float32))


def _fading(length: int) -> Floats:
    """Factors along one side of a region: 1 in the middle, falling to 0 at both ends."""
    places = np.arange(length, dtype=np.float32)
    return np.asarray(np.clip(np.minimum(places + 1, places[::-1] + 1) / (length * 0.22), 0, 1), np.float32)


def _shadow(view: View, body: Body, region: Region) -> Floats:
    """Share of light the body takes from the floor, (h, w, 1): a soft one away from each lamp, a dark one under the feet."""
    taken = np.zeros(view.floor[region].shape, np.float32)
    origin = np.array([region[1].start, region[0].start], np.float32)
    focal = view.lens.focal_px(view.size)
    ends = np.array([[limb.start, limb.end] for limb in body.limbs], np.float32).reshape(-1, 3)
    radii = np.array([2 * limb.start_radius for limb in body.limbs], np.float32)
    feet = np.mean([limb.start[:2] for limb in body.limbs[:6]], axis=0)
    lamps = sorted((lamp for lamp in view.lighting.lamps if lamp.shadows), key=lambda lamp: float(np.hypot(*(feet - lamp.position[:2]))))
    for lamp, strength in zip(lamps[:2], (SHADOW_DEPTH * 0.75, SHADOW_DEPTH * 0.45), strict=False):
        source = np.array(lamp.position, np.float32)
        mask = np.zeros(taken.shape, np.uint8)
        thrown = source + (ends - source) * (source[2] / np.maximum(source[2] - ends[:, 2:3], 0.1))
        seen = view.lens.project(thrown.astype(np.float32), view.size)
        pixels = np.clip(np.rint(seen[:, :2] - origin), -4000, 4000).astype(int).tolist()
        thick = np.clip(radii * focal / np.maximum(seen[::2, 2], 0.3), 1, 120).astype(int).tolist()
        for number, width in enumerate(thick):
            cv2.line(mask, pixels[2 * number], pixels[2 * number + 1], 255, width)
        taken = np.maximum(taken, cv2.GaussianBlur(mask.astype(np.float32) * (strength / 255), (0, 0), max(1.0, focal / 110)))
    under = np.zeros(taken.shape, np.float32)
    for limb in (body.limbs[2], body.limbs[5]):
        middle = (limb.start + limb.end) / 2
        seen = view.lens.project(np.array([[middle[0], middle[1], 0]], np.float32), view.size)[0]
        near = focal / max(float(seen[2]), 0.3)
        extent = (round(0.17 * near), max(1, round(0.08 * near)))
        strength = 0.6 * max(0.0, 1 - 5 * float(middle[2] - 0.06))
        cv2.ellipse(under, np.rint(seen[:2] - origin).astype(int).tolist(), extent, 0, 0, 360, strength, -1)
    taken = np.maximum(taken, cv2.GaussianBlur(under, (0, 0), max(0.8, focal / 230)))
    # Long shadows fade out before the region ends.
    rows, columns = view.floor[region].shape
    fading = np.outer(_fading(rows), _fading(columns))
    return np.asarray(taken * fading * view.floor[region], np.float32).reshape(rows, columns, 1)


def paint(view: View, body: Body) -> Sprite | None:
    """The person as the view's lens sees it; None where nothing of it is in the picture."""
    limbs = body.limbs
    ends = view.lens.project(np.array([[m.start, m.end] for m in limbs], np.float32).reshape(-1, 3), view.size).reshape(-1, 2, 3)
    if ends[..., 2].min() < 0.4:
        return None
    margin = 0.45 * view.lens.focal_px(view.size) / float(ends[..., 2].mean())
    low = np.clip(ends[..., :2].min(axis=(0, 1)) - margin, 0, view.size).astype(int)
    high = np.clip(ends[..., :2].max(axis=(0, 1)) + margin * np.array([1, 1.2]), 0, view.size).astype(int)
    if (high - low < 2).any():
        return None
    region = slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))
    layer = _Layer(view, region, _light_cube(view, np.mean([m.start for m in limbs], axis=0)))
    order: list[tuple[float, int]] = sorted(((float(ends[i, :, 2].mean()), i) for i in range(len(limbs))), reverse=True)
    carton_depth = float(view.lens.project(body.carton[None], view.size)[0, 2]) if body.carton is not None else -1.0
    for depth, index in order:
        if body.carton is not None and depth < carton_depth:
            layer.carton(body.carton, body.heading)
            carton_depth = -1.0
        layer.limb(limbs[index], ends[index])
    if body.carton is not None and carton_depth > 0:
        layer.carton(body.carton, body.heading)
    soft = max(0.3, 0.7 * view.size[0] / 960)
    light, alpha = cv2.GaussianBlur(layer.light, (0, 0), soft), cv2.GaussianBlur(layer.alpha, (0, 0), soft)
    shadow = _shadow(view, body, region)
    touched = (alpha > 0.004) | (shadow[..., 0] > 0.015)
    if not touched.any():
        return None
    rows, columns = np.flatnonzero(touched.any(axis=1)), np.flatnonzero(touched.any(axis=0))
    part = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    top, left = region[0].start, region[1].start
    kept = slice(top + rows[0], top + rows[-1] + 1), slice(left + columns[0], left + columns[-1] + 1)
    return Sprite(kept, light[part].astype(np.float32), alpha[part].astype(np.float32)[..., None], shadow[part])
