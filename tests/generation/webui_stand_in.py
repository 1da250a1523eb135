"""A tiny HTTP server that answers as AUTOMATIC1111 1.10 does, for the tests of the client."""

import base64
import io
import json
import struct
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Say nothing of clients that hang up."""


class StandIn:
    """Serves the routes the client uses and remembers what it was sent."""

    def __init__(self):
        self.calls = []
        self.options = {"sd_model_checkpoint": "tiny.safetensors [15234174dd]", "CLIP_stop_at_last_layers": 1.0}
        self.loras = [{"name": "style", "alias": "trained", "path": "x", "metadata": {}}]
        self.auth = None
        self.faults = []
        """Answers (status, bytes) to give before any other, or None to break the connection off."""
        self.images = None
        """Pictures to send instead of honest ones."""
        self.missing = set()
        self.forgets_to_restore = False
        self._server = _QuietServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def bodies(self, route="/sdapi/v1/txt2img"):
        """List the bodies sent to *route*."""
        return [body for path, body in self.calls if path == route and body is not None]

    def answer(self, path, body):
        """Return (status, JSON value) for a request."""
        if path in self.missing:
            return 404, {"detail": "Not Found"}
        lists = {
            "/sdapi/v1/samplers": [{"name": "Euler", "aliases": ["k_euler"], "options": {}}, {"name": "DPM++ 2M"}],
            "/sdapi/v1/schedulers": [
                {"name": "automatic", "label": "Automatic"},
                {"name": "karras", "label": "Karras"},
            ],
            "/sdapi/v1/loras": self.loras,
        }
        if path in lists:
            return 200, lists[path]
        if path == "/sdapi/v1/options":
            self.options.update(body or {})
            return 200, None if body else self.options
        if path == "/sdapi/v1/txt2img":
            return self._txt2img(body)
        return 404, {"detail": "Not Found"}

    def _txt2img(self, body):
        if not isinstance(body["steps"], int) or body["steps"] > 150:
            detail = [{"loc": ["body", "steps"], "msg": "value is not a valid integer", "type": "type_error.integer"}]
            return 422, {"detail": detail}
        if self.forgets_to_restore:
            self.options.update(body.get("override_settings") or {})
        size = (body["width"], body["height"])
        seeds = [body["seed"] + index for index in range(body["batch_size"])]
        images = [png(seed, size) for seed in seeds] if self.images is None else self.images
        return 200, {
            "images": images,
            "parameters": body,
            "info": json.dumps({"all_seeds": seeds, "index_of_first_image": 0}),
        }

    def _handler(self):
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                stand_in.calls.append((self.path, body))
                if stand_in.faults:
                    fault = stand_in.faults.pop(0)
                    if fault is None:
                        self.connection.close()
                        return
                    status, answer = fault
                elif stand_in.auth and self.headers.get("Authorization") != stand_in.auth:
                    status, answer = 401, b'{"detail":"Not authenticated"}'
                else:
                    status, value = stand_in.answer(self.path, body)
                    answer = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = _serve  # noqa: N815

            def log_message(self, *args):
                """Say nothing."""

        return Handler


def png(seed, size, mode="RGB"):
    """Encode a picture whose first pixel tells *seed*, as the host encodes its own."""
    picture = Image.new(mode, size)
    picture.putpixel((0, 0), (seed % 256, 0, 0, 255)[: len(mode)])
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


def png_of_edge(edge):
    """Encode a small picture whose header claims *edge* pixels each way, as a bomb does."""
    content = bytearray(base64.b64decode(png(1, (16, 8))))
    content[16:24] = struct.pack(">II", edge, edge)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    return base64.b64encode(content).decode()
