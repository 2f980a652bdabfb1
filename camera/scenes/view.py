"""One camera's view of an empty room: every pixel's light and depth, worked out once per scene."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from camera.scenes.lens import Floats, Lens, Size
from camera.scenes.light import Lighting, as_seen, crossing, irradiance
from camera.scenes.room import Box
from camera.scenes.surfaces import surface

OVERSAMPLING = 1.5
SHADOW_RAYS = 4
TEXEL_M = 0.14


@dataclass(frozen=True)
class View:
    """What a lens sees of an empty room.

    light: (height, width, 3), BGR, linear. depth_m: (height, width), along the optical axis. floor: True where the floor is seen.
    """

    lens: Lens
    lighting: Lighting
    size: Size
    light: Floats
    depth_m: Floats
    floor: NDArray[np.bool_]


@dataclass
class _Hits:
    """The first box on every pixel's ray: depth, box * 6 + face (-1 for none), and the place on that face, 0 to 1."""

    depth: Floats
    face: NDArray[np.int32]
    across: Floats
    down: Floats


Region = tuple[slice, slice]


def _region(box: Box, lens: Lens, size: Size) -> Region | None:
    """The part of the picture in which the box can appear; None if it lies behind the lens."""
    width, height = size
    signs = np.array([[i, j, k] for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)], np.float32) * box.half
    x, y = box.turn(signs[:, 0], signs[:, 1], back=True)
    seen = lens.project(np.column_stack([x, y, signs[:, 2]]) + box.centre, size)
    if (seen[:, 2] < 0.1).all():
        return None
    if (seen[:, 2] < 0.1).any():
        return slice(0, height), slice(0, width)
    low, high = seen[:, :2].min(axis=0), seen[:, :2].max(axis=0)
    # The lens bends long edges outwards, beyond the corners.
    margin = 2 + 0.06 * (high - low)
    left, top = np.clip(low - margin, 0, size).astype(int)
    right, bottom = np.clip(high + margin + 1, 0, size).astype(int)
    return (slice(top, bottom), slice(left, right)) if right > left and bottom > top else None


def _note(
    hits: _Hits, region: Region, hit: NDArray[np.bool_], *, number: int, box: Box, start: Floats, course: Floats, near: Floats
) -> None:
    """Write down the rays that hit a box nearer than anything before it; course and near hold only those, (3, n)."""
    axis = near.argmax(axis=0)
    entry = near.max(axis=0)
    towards = np.take_along_axis(course, axis[None], axis=0)[0] < 0
    hits.depth[region][hit] = entry
    hits.face[region][hit] = number * 6 + axis * 2 + towards
    place = [((start[i].reshape(-1) + entry * course[i]) / box.half[i] + 1) / 2 for i in range(3)]
    sign = np.where(towards, np.float32(1), np.float32(-1))
    # Seen from outside, "to the right" is +y on the +x face, -x on the +y face, and the other way on the opposite faces.
    on_x, on_y = (place[1] - 0.5) * sign + 0.5, (0.5 - place[0]) * sign + 0.5
    hits.across[region][hit] = np.where(axis == 0, on_x, np.where(axis == 1, on_y, place[0]))
    hits.down[region][hit] = np.where(axis == 2, 1 - place[1], 1 - place[2])


def _cast(boxes: Sequence[Box], lens: Lens, size: Size) -> tuple[_Hits, dict[int, Region]]:
    shape = (size[1], size[0])
    hits = _Hits(np.full(shape, 1e4, np.float32), np.full(shape, -1, np.int32), np.zeros(shape, np.float32), np.zeros(shape, np.float32))
    rays = lens.rays(size)
    origin = np.array(lens.position, np.float32).reshape(3, 1, 1)
    regions: dict[int, Region] = {}
    for number, box in enumerate(boxes):
        region = _region(box, lens, size)
        if region is None:
            continue
        regions[number] = region
        start, course = as_seen(box, origin, rays[:, region[0], region[1]])
        near, leave = crossing(box, start, course)
        entry = np.maximum(np.maximum(near[0], near[1]), near[2])
        hit = (entry < leave) & (entry > 0.05) & (entry < hits.depth[region])
        if hit.any():
            _note(hits, region, hit, number=number, box=box, start=start, course=course[:, hit], near=near[:, hit])
    return hits, regions


def _texels(box: Box, face: int, spacing_m: float) -> tuple[Floats, Floats, tuple[int, int]]:
    """Points and normals (3, n) in the room of a grid over one face, rows from its top, and the grid's (rows, columns)."""
    axis, sign = face // 2, 1 if face % 2 else -1
    half = box.half
    wide, tall = {0: (1, 2), 1: (0, 2), 2: (0, 1)}[axis]
    columns, rows = (int(np.clip(np.ceil(2 * half[i] / spacing_m), 3, 110)) for i in (wide, tall))
    a = (np.arange(columns, dtype=np.float32) + 0.5) / columns * 2 - 1
    b = 1 - (np.arange(rows, dtype=np.float32) + 0.5) / rows * 2
    local = np.zeros((3, rows, columns), np.float32)
    local[axis] = sign * half[axis]
    local[wide] = a * half[wide] * {0: sign, 1: -sign, 2: 1}[axis]
    local[tall] = b[:, None] * half[tall]
    x, y = box.turn(local[0], local[1], back=True)
    points = np.stack([x, y, local[2]]).reshape(3, -1) + box.centre[:, None]
    normal = np.zeros((3, 1), np.float32)
    normal[axis] = sign
    nx, ny = box.turn(normal[0], normal[1], back=True)
    return points, np.broadcast_to(np.stack([nx, ny, normal[2]]), points.shape), (rows, columns)


def _light_maps(boxes: Sequence[Box], lighting: Lighting, faces: Sequence[int], spacing_m: float) -> dict[int, Floats]:
    grids = [_texels(boxes[face // 6], face % 6, spacing_m) for face in faces]
    points = np.concatenate([grid[0] for grid in grids], axis=1)
    normals = np.concatenate([grid[1] for grid in grids], axis=1)
    light = irradiance(boxes, lighting, points, normals, SHADOW_RAYS)
    maps: dict[int, Floats] = {}
    at = 0
    for face, (_, _, (rows, columns)) in zip(faces, grids, strict=True):
        part = light[at : at + rows * columns].reshape(rows, columns, 3)
        maps[face] = np.asarray(cv2.blur(part, (3, 3)), np.float32) if min(rows, columns) > 8 else part
        at += rows * columns
    return maps


def _sampled(picture: Floats, across: Floats, down: Floats, pixels: int) -> Floats:
    """The picture read at places 0 to 1, made smaller first where it is shown on fewer pixels than it has."""
    if (scale := 1.6 * pixels / max(picture.shape[:2])) < 0.7:
        picture = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.float32)
    rows, columns = picture.shape[:2]
    read = cv2.remap(picture, across * columns - 0.5, down * rows - 0.5, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(read, np.float32)


def _shade(light: Floats, hits: _Hits, region: Region, *, box: Box, face: int, light_map: Floats, shining: bool) -> None:
    """Fill in the light of all pixels that show this face: its surface times the light on it."""
    seen = hits.face[region] == face
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    top, left = region[0].start, region[1].start
    part = slice(top + rows[0], top + rows[-1] + 1), slice(left + columns[0], left + columns[-1] + 1)
    across, down = hits.across[part], hits.down[part]
    made_of = surface(box.surface)
    shade = _sampled(made_of.top if face % 6 >= 4 else made_of.side, across, down, max(across.shape))
    shade *= box.glow if box.glow and shining else _sampled(light_map, across, down, max(light_map.shape))
    seen = hits.face[part] == face
    light[part][seen] = shade[seen]


def look(boxes: Sequence[Box], lens: Lens, lightings: Sequence[Lighting], size: Size) -> list[View]:
    """Draw the empty room as the lens sees it under each lighting; the first box must be the floor. size: (width, height) in pixels."""
    large = (round(size[0] * OVERSAMPLING), round(size[1] * OVERSAMPLING))
    hits, regions = _cast(boxes, lens, large)
    depth = np.asarray(cv2.resize(hits.depth, size, interpolation=cv2.INTER_NEAREST), np.float32)
    floor = cv2.resize((hits.face < 6).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(np.bool_)
    faces = [int(face) for face in np.unique(hits.face) if face >= 0]
    views = []
    for lighting in lightings:
        maps = _light_maps(boxes, lighting, faces, TEXEL_M * max(1.0, 540 / size[1]))
        light = np.zeros((large[1], large[0], 3), np.float32)
        for face in faces:
            _shade(light, hits, regions[face // 6], box=boxes[face // 6], face=face, light_map=maps[face], shining=lighting.shining)
        small = np.asarray(cv2.resize(light, size, interpolation=cv2.INTER_AREA), np.float32)
        views.append(View(lens, lighting, size, small, depth, floor))
    return views
