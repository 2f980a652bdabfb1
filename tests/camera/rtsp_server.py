"""A real RTSP server for tests, run by Debian's Python: rtsp_server.py VIDEO.mp4 PORT [--cameras N] [USER PASSWORD].

Prints "ready" when it listens; serves the video at rtsp://127.0.0.1:PORT/camera, and at camera-2 to camera-N as cameras of their own, in
real time, from its start for each first client. Who comes later sees what is sent now, as with a camera.
"""

import argparse
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402


def forbid_seeking(_factory: GstRtspServer.RTSPMediaFactory, media: GstRtspServer.RTSPMedia) -> None:
    """A file can be played from any place, and the server would begin it anew for every client. A camera cannot."""

    def unanswered(_pad: Gst.Pad, info: Gst.PadProbeInfo) -> Gst.PadProbeReturn:
        return Gst.PadProbeReturn.DROP if info.get_query().type == Gst.QueryType.SEEKING else Gst.PadProbeReturn.OK

    pad = media.get_element().get_by_name("pay0").get_static_pad("src")
    pad.add_probe(Gst.PadProbeType.QUERY_UPSTREAM, unanswered)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("video")
    parser.add_argument("port")
    parser.add_argument("login", nargs="*")
    parser.add_argument("--cameras", type=int, default=1)
    options = parser.parse_args()
    video, port, login = options.video, options.port, options.login
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(f'( filesrc location="{video}" ! qtdemux ! h264parse ! rtph264pay name=pay0 pt=96 )')
    factory.set_shared(True)
    factory.connect("media-configure", forbid_seeking)
    if login:
        auth = GstRtspServer.RTSPAuth()
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "viewer")
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(*login), token)
        server.set_auth(auth)
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("viewer", "media.factory.access", True)
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)
        factory.set_permissions(permissions)
    for number in range(1, options.cameras + 1):
        server.get_mount_points().add_factory("/camera" if number == 1 else f"/camera-{number}", factory)
    if server.attach(None) == 0:
        sys.exit("the port is taken")
    print("ready", flush=True)
    GLib.MainLoop().run()


main()
