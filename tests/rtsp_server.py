"""Cameras that speak RTSP: a real server (GStreamer) that plays H.264 files for ever.

Run by the system's own Python, which has GStreamer: see `tests.rtsp`, which starts it and tells it
what to do. On standard input it takes one order a line, of which each is answered by `ok`:

    freeze MOUNT          send no more pictures; connections stay
    thaw MOUNT            go on
    garbage MOUNT         send noise in place of pictures
    clean MOUNT           send pictures again
    play MOUNT FILE       go on with another file, of another size if it has one
    lose MOUNT SHARE      throw this share of the RTP packets away, 0 none
    begin MOUNT SECONDS   where its film begins when the next first client comes; a whole second
    password USER WORD    ask for this user and password from now on
"""

import argparse
import os
import random
import sys
import threading
import time
from dataclasses import dataclass, field

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402  # gi wants versions first

READ = (
    "filesrc location={} ! qtdemux ! h264parse config-interval=-1 ! "
    "video/x-h264,stream-format=byte-stream,alignment=au ! appsink name=units sync=false"
)
SERVE = (
    "( appsrc name=camera is-live=true format=time do-timestamp=true block=false max-bytes=8000000 "
    "caps=video/x-h264,stream-format=byte-stream,alignment=au ! h264parse ! "
    "rtph264pay name=pay pt=96 config-interval=-1 ! identity name=pay0 drop-probability=0 )"
)
ROLE = "viewer"
AUTH = {"basic": GstRtsp.RTSPAuthMethod.BASIC, "digest": GstRtsp.RTSPAuthMethod.DIGEST}
START = b"\x00\x00\x00\x01"


def units_of(path):
    """Every access unit of an H.264 file in MP4, and how many there are in a second."""
    pipeline = Gst.parse_launch(READ.format(path))
    sink = pipeline.get_by_name("units")
    pipeline.set_state(Gst.State.PLAYING)
    units, fps = [], 25.0
    while (sample := sink.emit("pull-sample")) is not None:
        buffer = sample.get_buffer()
        units.append(buffer.extract_dup(0, buffer.get_size()))
        is_told, over, under = sample.get_caps().get_structure(0).get_fraction("framerate")
        fps = over / under if is_told and over else fps
    pipeline.set_state(Gst.State.NULL)
    if not units:
        raise SystemExit(f"{path}: no H.264 in MP4")
    return units, fps


@dataclass
class Mount:
    """One camera: what it plays, and what is wrong with it."""

    units: list
    fps: float
    source: object = None
    loss: object = None
    lost_share: float = 0.0
    number: int = 0
    begin_s: float = 0.0
    is_frozen: bool = False
    is_garbage: bool = False
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def play(self):
        """Push access units in real time for ever; a media that comes later joins in."""
        due = time.monotonic()
        while True:
            units, source = self.units, self.source
            if source is not None and not self.is_frozen:
                unit = units[self.number % len(units)]
                unit = START + b"\x65" + self.chance.randbytes(2000) if self.is_garbage else unit
                source.emit("push-buffer", Gst.Buffer.new_wrapped(unit))
            self.number += 1
            due += 1 / self.fps
            time.sleep(max(0.0, due - time.monotonic()))

    def lose(self, share):
        self.lost_share = share
        if self.loss is not None:
            self.loss.set_property("drop-probability", share)

    def on_media(self, factory, media):
        """A first client came: the shared media is made."""
        element = media.get_element()
        self.loss = element.get_by_name_recurse_up("pay0")
        self.lose(self.lost_share)
        # with a key frame next: until one comes, whoever connects has to wait
        self.number = round(self.begin_s * self.fps) - 1
        self.source = element.get_by_name_recurse_up("camera")
        media.connect("unprepared", self.on_unprepared)

    def on_unprepared(self, media):
        self.source = self.loss = None


class Server:
    """Every mount of one port."""

    def __init__(self, arguments):
        self.server = GstRtspServer.RTSPServer()
        self.server.set_service(str(arguments.port))
        self.server.set_address("127.0.0.1")
        self.server.get_thread_pool().set_max_threads(64)  # else one client waits for the other
        self.auth_method = AUTH[arguments.auth]
        self.mounts, self.units = {}, {}
        for given in arguments.mounts:
            name, _, path = given.partition("=")
            self.mounts[name] = Mount(*self.read(path))
            self.add(name, self.mounts[name], bool(arguments.user))
        if arguments.user:
            self.ask_for(*arguments.user.split(":", 1))

    def read(self, path):
        if path not in self.units:
            self.units[path] = units_of(path)
        return self.units[path]

    def add(self, name, mount, is_closed):
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(SERVE)
        factory.set_shared(True)
        factory.connect("media-configure", mount.on_media)
        if is_closed:
            rights = Gst.Structure.new_from_string(
                f"{ROLE},media.factory.access=(boolean)true,media.factory.construct=(boolean)true"
            )
            factory.add_role_from_structure(rights)
        self.server.get_mount_points().add_factory(f"/{name}", factory)
        threading.Thread(target=mount.play, daemon=True).start()

    def ask_for(self, user, word):
        token = GstRtspServer.RTSPToken.new()
        token.set_string("media.factory.role", ROLE)
        auth = GstRtspServer.RTSPAuth()
        auth.set_supported_methods(self.auth_method)
        if self.auth_method == GstRtsp.RTSPAuthMethod.DIGEST:
            auth.add_digest(user, word, token)
        else:
            auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, word), token)
        self.server.set_auth(auth)

    def obey(self, order):
        match order.split():
            case ["freeze", name]:
                self.mounts[name].is_frozen = True
            case ["thaw", name]:
                self.mounts[name].is_frozen = False
            case ["garbage", name]:
                self.mounts[name].is_garbage = True
            case ["clean", name]:
                self.mounts[name].is_garbage = False
            case ["play", name, path]:
                self.mounts[name].units, self.mounts[name].fps = self.read(path)
            case ["lose", name, share]:
                self.mounts[name].lose(float(share))
            case ["begin", name, seconds]:
                self.mounts[name].begin_s = float(seconds)
            case ["password", user, word]:
                self.ask_for(user, word)
            case _:
                raise SystemExit(f"not an order: {order}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--user", default="", help="USER:PASSWORD that is asked for")
    parser.add_argument("--auth", choices=sorted(AUTH), default="digest")
    parser.add_argument("mounts", nargs="+", help="MOUNT=FILE.mp4")
    arguments = parser.parse_args()
    Gst.init(None)
    server = Server(arguments)
    if server.server.attach(None) == 0:
        raise SystemExit(f"port {arguments.port} is taken")
    threading.Thread(target=GLib.MainLoop().run, daemon=True).start()
    print("ready", flush=True)
    for line in sys.stdin:
        server.obey(line)
        print("ok", flush=True)
    os._exit(0)  # whoever started it is gone


if __name__ == "__main__":
    main()
