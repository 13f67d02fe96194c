"""Photographs a figure with OpenGL, without a window."""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from proctor.adapters.opencv import cv2
from proctor.adapters.simulated.casting import Person, Wear
from proctor.adapters.simulated.errors import no_moderngl, no_opengl
from proctor.adapters.simulated.motion import Pose
from proctor.adapters.simulated.studio import head as anatomy
from proctor.adapters.simulated.studio.buffers import Buffers, Layer, floats, source
from proctor.adapters.simulated.studio.clothes import dress
from proctor.adapters.simulated.studio.hair import STEPS, Ribbons, grow, hairline_of
from proctor.adapters.simulated.studio.head import Figure, mesh
from proctor.adapters.simulated.studio.matrices import (
    Array,
    from_afar,
    light_of,
    normals,
    perspective,
    rotation,
    triangles_of,
)
from proctor.adapters.simulated.studio.room import LAMPS
from proctor.adapters.simulated.studio.skin import paint_skin
from proctor.adapters.simulated.studio.worn import SEE_THROUGH, Piece, pieces_of

WIDTH, HEIGHT = 640, 480
SAMPLES = 4
SHADOW, SKY = 1024, 512
"""Pixels of the depth maps: as the lamp sees the person, as a piece of sky does."""
SKY_DIRECTIONS = 32
DISTANCE, FOV_DEG, RAISED = 7.0, 31.0, 0.06
"""The camera: decimetres away, height of its view, and how far the person sits above its middle."""

Shot = npt.NDArray[np.uint8]
"""uint8[480, 640, 4]: blue, green, red (of what covers the pixel, already multiplied), cover."""


@contextlib.contextmanager
def studio(samples: int = SAMPLES) -> "Iterator[Studio]":
    """A studio for the time of a shooting; raises StudioUnavailable where there is no OpenGL.

    samples: of each pixel; 0 is three times as fast, with hard edges.
    """
    try:
        import moderngl
    except ImportError as error:
        raise no_moderngl() from error
    os.environ.setdefault("EGL_LOG_LEVEL", "fatal")
    try:
        # without a window: EGL, except on Windows, which has a way of its own
        settings: dict[str, Any] = {} if os.name == "nt" else {"backend": "egl"}
        context = moderngl.create_context(standalone=True, **settings)
    except Exception as error:  # moderngl raises bare Exception
        raise no_opengl(f"{type(error).__name__}: {error}") from error
    # 'auto' would delete objects of another context that lives at the same time
    context.gc_mode = "context_gc"
    try:
        yield Studio(context, samples)
    finally:
        context.gc()
        context.release()


class Studio:
    """One person at a time: `seat(person)`, then `photograph(pose)` as often as you like."""

    def __init__(self, context: Any, samples: int) -> None:
        self._gl = context
        self._samples = samples
        size = (WIDTH, HEIGHT)
        self._many = context.framebuffer(
            [context.renderbuffer(size, 4, samples=samples)],
            context.depth_renderbuffer(size, samples=samples),
        )
        self._one = context.framebuffer([context.renderbuffer(size, 4)])
        self._shadow = self._depth_map(SHADOW)
        self._sky = self._depth_map(SKY)
        random = np.random.default_rng(0).integers(0, 256, (256, 256, 2), np.uint8)
        grain = cv2.resize(random, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        self._grain = context.texture(grain.shape[:2], 2, grain.tobytes())
        self._programs = {
            name: self._program(name)
            for name in ("skin", "eye", "mouth", "cloth", "lash", "mask", "frame", "lens")
        }
        head = "#version 330\n"
        self._programs["hair"] = self._compile(
            head + source("ribbon.vert.glsl"), head + source("ribbon.frag.glsl")
        )
        depth = "#version 330\n" + source("depth.frag.glsl")
        self._solid_depth = self._compile("#version 330\n" + source("solid.vert.glsl"), depth)
        self._ribbon_depth = self._compile("#version 330\n" + source("ribbon.vert.glsl"), depth)

    def _depth_map(self, size: int) -> Any:
        """A framebuffer of depths only, float32[size, size]."""
        texture = self._gl.depth_texture((size, size))
        texture.compare_func = ""
        texture.filter = (self._gl.NEAREST, self._gl.NEAREST)
        return self._gl.framebuffer(depth_attachment=texture)

    def _program(self, surface: str) -> Any:
        parts = ("surface.glsl", f"{surface}.glsl", "lighting.glsl")
        return self._compile(
            "#version 330\n" + source("solid.vert.glsl"),
            "#version 330\n" + "\n".join(source(part) for part in parts),
        )

    def _compile(self, vertex: str, fragment: str) -> Any:
        return self._gl.program(vertex_shader=vertex, fragment_shader=fragment)

    def seat(self, person: Person) -> None:
        """Build the person and put them before the camera; takes two to three seconds."""
        self._gl.gc()
        self._person = person
        figure = self._figure = anatomy.shape(person)
        self._lamp = np.array(LAMPS[person.room]) / float(np.linalg.norm(LAMPS[person.room]))
        self._skin = self._gl.texture((1024, 1024), 4, paint_skin(person).tobytes())
        self._skin.repeat_x = self._skin.repeat_y = False
        self._layers: list[Layer] = []
        self._head = self._head_buffers(hairline_of(person))
        eyeballs = np.unique(mesh().quads_of(anatomy.EYE))
        left = mesh().rest[eyeballs, 0] > 0
        self._eyeballs = (eyeballs[left], eyeballs[~left])
        cloth = self._cloth_buffers()
        ribbons = self._ribbon_buffers(grow(person, figure))
        self._add_head_layers()
        self._add("cloth", cloth, self._cloth_triangles, self._cloth_triangles)
        self._add("hair", ribbons, self._ribbon_triangles, self._ribbon_shadows)
        # lashes are see-through: last, but for the glasses before them
        self._layers.append(self._layers.pop(self._lash_at))
        self._worn = [(piece, self._piece_buffers(piece)) for piece in pieces_of(person, figure)]
        for piece, buffers in self._worn:
            casts = None if piece.program in SEE_THROUGH else piece.triangles
            self._add(piece.program, buffers, piece.triangles, casts)
        self._all = [self._head, cloth, ribbons, *(buffers for _, buffers in self._worn)]
        self._open_to_the_sky()

    # -- building -----------------------------------------------------------------------------

    def _buffers(
        self, points: Array, facing: Array, rest: Array, detail: Array, open_column: int
    ) -> Buffers:
        return Buffers(
            self._gl.buffer(floats(points, facing)),
            self._gl.buffer(floats(rest, detail)),
            points,
            facing,
            rest,
            detail,
            open_column,
        )

    def _head_buffers(self, over_hairline: Array) -> Buffers:
        data = mesh()
        points = self._figure.points
        self._head_triangles = triangles_of(data.quads_of(*range(5)))
        mask = data.masks["inside-mouth"].copy()
        mask[np.unique(data.quads_of(anatomy.TONGUE))] = 1.0
        detail = np.column_stack([data.share, np.ones(len(points)), mask, over_hairline])
        facing = normals(points, self._head_triangles)
        return self._buffers(points, facing, data.rest, detail, 1)

    def _piece_buffers(self, piece: Piece) -> Buffers:
        still = np.zeros(len(piece.points))
        detail = np.column_stack([piece.share, still + 1, still, still])
        facing = normals(piece.points, piece.triangles)
        return self._buffers(piece.points, facing, piece.rest, detail, 1)

    def _cloth_buffers(self) -> Buffers:
        cloth = dress(self._figure)
        self._cloth_triangles = cloth.triangles
        still = np.zeros(len(cloth.points))
        detail = np.column_stack([still, still + 1, cloth.collar, still])
        return self._buffers(cloth.points, cloth.normals, cloth.rest, detail, 1)

    def _ribbon_buffers(self, ribbons: Ribbons) -> Buffers:
        count = len(ribbons.tint)
        along = np.broadcast_to(np.linspace(0, 1, STEPS), (count, STEPS))
        tint = np.broadcast_to(ribbons.tint[:, None], (count, STEPS))
        both = [
            np.stack([np.ones((count, STEPS)), side * ribbons.width / 2, along, tint], -1)
            for side in (-1.0, 1.0)
        ]
        detail = np.stack(both, 2).reshape(-1, 4)
        points, facing, tangents = (
            np.repeat(each.reshape(-1, 3), 2, axis=0)
            for each in (ribbons.points, ribbons.outward, ribbons.tangents)
        )
        first = (np.arange(count)[:, None] * STEPS + np.arange(STEPS - 1)).ravel() * 2
        one = np.stack([first, first + 1, first + 2], 1)
        two = np.stack([first + 1, first + 3, first + 2], 1)
        self._ribbon_triangles = np.vstack([one, two])
        some = (first // (2 * STEPS)) % 3 == 0
        self._ribbon_shadows = np.vstack([one[some], two[some]])
        return self._buffers(points, facing, tangents, detail, 0)

    def _add_head_layers(self) -> None:
        data = mesh()
        parts = {
            "skin": (anatomy.SKIN,),
            "eye": (anatomy.EYE,),
            "mouth": (anatomy.TEETH, anatomy.TONGUE),
            "lash": (anatomy.LASH,),
        }
        for name, numbers in parts.items():
            self._lash_at = len(self._layers)
            triangles = triangles_of(data.quads_of(*numbers))
            self._add(name, self._head, triangles, None if name == "lash" else triangles)

    def _add(
        self,
        name: str,
        buffers: Buffers,
        triangles: npt.NDArray[np.int64],
        shadows: npt.NDArray[np.int64] | None = None,
    ) -> None:
        """`shadows`: the triangles that cast shadows; left out, none do."""
        content = [
            (buffers.moving, "3f 3f", "position", "normal"),
            (buffers.static, "3f 4f", "rest", "detail"),
        ]
        index = self._gl.buffer(triangles.astype("i4").tobytes())
        program = self._programs[name]
        depth = self._ribbon_depth if name == "hair" else self._solid_depth
        array = self._gl.vertex_array
        drawn = array(program, content, index, skip_errors=True)
        cast = None
        if shadows is not None:
            index = self._gl.buffer(shadows.astype("i4").tobytes())
            cast = array(depth, content, index, skip_errors=True)
        self._layers.append(Layer(name, drawn, cast))

    def _open_to_the_sky(self) -> None:
        """How much of the sky each vertex sees, from small depth maps all around."""
        seen = [np.zeros(len(each.points)) for each in self._all]
        total = [np.zeros(len(each.points)) for each in self._all]
        # the face as it usually is: measured on any other, its folds would shade the wrong places
        self._head.points, self._head.normals = self._place(Pose())
        shift = self._shift(Pose())
        for k in range(SKY_DIRECTIONS):
            y, around = 1 - 1.6 * (k + 0.5) / SKY_DIRECTIONS, 2.39996 * k
            level = np.sqrt(1 - y * y)
            towards = np.array([np.cos(around) * level, y, np.sin(around) * level])
            view = self._look_from(towards, self._sky)
            depth = np.frombuffer(self._sky.depth_attachment.read(), "f4").reshape(SKY, SKY)
            for number, each in enumerate(self._all):
                at = each.points + shift + 0.025 * each.normals
                seen_at = (at @ view[:3, :3].T + view[:3, 3]) * 0.5 + 0.5
                column, row = np.clip((seen_at[:, :2] * SKY).astype(int), 0, SKY - 1).T
                weight = np.maximum(each.normals @ towards, 0) + 0.05
                seen[number] += weight * (seen_at[:, 2] - 0.012 < depth[row, column])
                total[number] += weight
        for each, mine, all_ in zip(self._all, seen, total, strict=True):
            each.detail[:, each.open_column] = 0.36 + 0.64 * mine / all_
            each.static.write(floats(each.rest, each.detail))

    # -- taking the picture ---------------------------------------------------------------------

    def _shift(self, pose: Pose) -> Array:
        return np.array([pose.shift[0], pose.shift[1] - RAISED, 0.0])

    def _place(self, pose: Pose) -> tuple[Array, Array]:
        """Bend the face and tell every program where the head is; returns points and normals."""
        figure: Figure = self._figure
        points = figure.points.copy()
        for unit, much in self._face(pose).items():
            if much:
                moved, offsets = figure.units[unit]
                points[moved] += much * offsets
        # behind the lids while they close, whatever the eye's shape
        gaze = rotation(*pose.gaze).T
        for ball, centre in zip(self._eyeballs, figure.eyes, strict=True):
            points[ball] = (points[ball] - centre) @ gaze + centre - [0, 0, 0.07 * pose.blink]
        facing = normals(points, self._head_triangles)
        self._head.moving.write(floats(points, facing))
        for piece, buffers in self._worn:
            if piece.follows is not None:
                among, weights = piece.follows
                buffers.points = piece.points + weights @ (points - figure.points)[among]
                buffers.normals = normals(buffers.points, piece.triangles)
                buffers.moving.write(floats(buffers.points, buffers.normals))
        turn = rotation(pose.yaw, pose.pitch, pose.roll)
        shift = self._shift(pose)
        self._turned_eyes = (figure.eyes - figure.pivot) @ turn.T + figure.pivot + shift
        self._tell("turn", turn.T)
        self._tell("pivot", figure.pivot)
        self._tell("shift", shift)
        return points, facing

    def _face(self, pose: Pose) -> dict[str, float]:
        smile = self._person.smile + pose.smile
        # lids follow a gaze that goes far
        up, down = max(0.0, -pose.gaze[1] - 5) / 20, 1.7 * max(0.0, pose.gaze[1] - 5) / 20
        return {
            "eyeBlinkLeft": 1.1 * pose.blink,
            "eyeBlinkRight": 1.1 * pose.blink,
            "jawOpen": 1.3 * pose.jaw,
            "mouthSmileLeft": smile * (1 - pose.jaw),
            "mouthSmileRight": smile * (1 - pose.jaw),
            "cheekSquintLeft": 0.35 * smile,
            "cheekSquintRight": 0.35 * smile,
            "browInnerUp": 0.25 + pose.brows,
            "browOuterUpLeft": pose.brows,
            "browOuterUpRight": pose.brows,
            "eyeLookUpLeft": up,
            "eyeLookUpRight": up,
            "eyeLookDownLeft": down,
            "eyeLookDownRight": down,
        }

    def _tell(self, name: str, value: Any) -> None:
        data = np.asarray(value, "f4").tobytes()
        for program in (*self._programs.values(), self._solid_depth, self._ribbon_depth):
            if name in program:
                program[name].write(data)

    def _look_from(self, towards: Array, depth_map: Any) -> Array:
        """Fill a depth map as seen from far away in that direction; returns that view."""
        view = from_afar(towards)
        depth_map.use()
        depth_map.clear(depth=1.0)
        self._gl.enable_only(self._gl.DEPTH_TEST)
        self._solid_depth["camera"].write(view.T.astype("f4").tobytes())
        self._ribbon_depth["camera"].write(view.T.astype("f4").tobytes())
        if "eye" in self._ribbon_depth:
            self._ribbon_depth["eye"].write((towards * 50).astype("f4").tobytes())
        for layer in self._layers:
            if layer.cast is not None:
                layer.cast.render()
        return view

    def photograph(self, pose: Pose) -> Shot:
        """The seated person in that pose at full light, without the room behind."""
        self._place(pose)
        lamp = self._look_from(self._lamp, self._shadow)
        person, gl = self._person, self._gl
        distance = DISTANCE / (pose.near * person.near)
        camera = np.eye(4)
        camera[2, 3] = -distance
        camera = perspective(FOV_DEG, WIDTH / HEIGHT, 1, 30) @ camera
        self._tell("camera", camera.T)
        self._tell("lamp", lamp.T)
        self._tell("lamp_direction", self._lamp)
        self._tell("eye", (0, 0, distance))
        self._tell("light", 1.0)
        self._tell("eyes", self._turned_eyes)
        self._tell("hair", light_of(person.hair))
        self._tell("iris", light_of(person.iris))
        self._tell("jacket", light_of(person.jacket))
        self._tell("vest", light_of(person.vest or (0, 0, 0)))
        self._tell("vested", float(person.vest is not None))
        self._tell("shirt", light_of((205, 208, 210)))
        self._tell("dark", float(person.wear is Wear.DARK_GLASSES))
        self._tell("cut", 0.0 if self._samples else 0.5)
        self._many.use()
        self._many.clear(0, 0, 0, 0, depth=1.0)
        textures = {
            "skin": self._skin,
            "shadow": self._shadow.depth_attachment,
            "grain": self._grain,
        }
        for unit, (name, texture) in enumerate(textures.items()):
            texture.use(unit)
            for program in self._programs.values():
                if name in program:
                    program[name] = unit
        for layer in self._layers:
            self._draw(layer)
        gl.copy_framebuffer(self._one, self._many)
        data = np.frombuffer(self._one.read(components=4), np.uint8).reshape(HEIGHT, WIDTH, 4)
        out = cv2.cvtColor(cv2.flip(data, 0), cv2.COLOR_RGBA2BGRA)
        return out.astype(np.uint8, copy=False)

    def _draw(self, layer: Layer) -> None:
        gl = self._gl
        alpha_to_coverage = 0x809E
        gl.enable_only(gl.DEPTH_TEST)
        if layer.program == "skin":
            gl.enable(gl.CULL_FACE)
        if layer.program in SEE_THROUGH:
            gl.enable(gl.BLEND)
            gl.blend_func = (
                gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ONE, gl.ONE_MINUS_SRC_ALPHA,
            )  # fmt: skip
        if layer.program == "hair":
            gl.enable_direct(alpha_to_coverage)
        layer.drawn.render()
        if layer.program == "hair":
            gl.disable_direct(alpha_to_coverage)
