"""What the recorder is to record and how it is to watch: every camera of the database as the camera side takes it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from camera.fault import Fault
from camera.recording.segment import camera_folder
from camera.recording.worker_process import CameraPlan
from camera.streams.address import checked_address
from storage.database import Database
from storage.places import list_cameras
from storage.watch.hours import armed_cameras
from storage.watch.switching import switched_off
from storage.watch.views import CameraView, views
from ui.terminal.camera_logins import CameraLogins
from ui.watch.areas import eyes_view

# A camera is watched as in an armed room from a while before, so that its eyes know the scene by then.
AHEAD = timedelta(seconds=60)


def camera_plans(
    database: Database,
    logins: CameraLogins,
    *,
    files_below: Path | None,
    person_model: Path | None,
    times: Sequence[datetime],
    sound: bool = False,
) -> list[CameraPlan]:
    """Every camera that is not switched off, its addresses checked anew. A camera or small stream that is no longer allowed is left out
    and named in the log.

    times: what each of the clocks says now; a room is armed if it is at one of them. files_below: where addresses may name
    files, None if nowhere.
    """
    armed = {camera_id for now in times for camera_id in armed_cameras(database, now, ahead=AHEAD)}
    views_now, off = views(database), switched_off(database)
    plans = []
    for camera in list_cameras(database):
        if camera.id in off:
            continue
        address, *login = _checked(camera.address, files_below, camera.id)
        if not address:
            continue
        # One that could not be taken out of the address is used from there.
        username, password = login if any(login) else logins.of(camera)
        plans.append(
            CameraPlan(
                camera.id,
                camera_folder(camera.site_code, camera.id),
                address,
                username,
                password,
                sub_address=_checked(camera.sub_address, files_below, camera.id)[0] if camera.sub_address else "",
                view=eyes_view(views_now.get(camera.id, CameraView())),
                armed=camera.id in armed,
                person_model=str(person_model or ""),
                sound=sound,
            )
        )
    return plans


def _checked(address: str, files_below: Path | None, camera_id: int) -> tuple[str, str, str]:
    try:
        return checked_address(address, files_below=files_below)
    except Fault as error:
        structlog.get_logger().warning("stream left out", camera=camera_id, reason=str(error))
        return "", "", ""
