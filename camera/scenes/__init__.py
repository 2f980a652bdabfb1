"""The demo's footage, drawn by the project itself: four rooms, the people in them, and the sensor that looks on.

Here live a small ray caster for rooms made of boxes (lens, room, surfaces, light, view), the walking person (route, figure),
the camera's sensor, one file per scene, and the writer of the files (render). Nothing here knows how a camera is watched or
recorded, and nothing outside the demo and the tests may depend on what is drawn.
"""
