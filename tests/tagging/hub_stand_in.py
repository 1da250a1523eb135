"""A tiny HTTP server that answers as the Hugging Face hub does, for the tests of the model store.

Large files redirect to a store on another host name, as the hub's do, with X-Linked-Etag, X-Linked-Size and
X-Repo-Commit on the redirect; small ones redirect within the hub. Ranges, refusals with X-Error-Code and connections
that break off are the real ones' too.
"""

import hashlib
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "c0ffee" + "0" * 34


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Say nothing of clients that hang up."""


class HubStandIn:
    """Serves the files of one repository and remembers what it was asked."""

    def __init__(self):
        self.repo_id = "maker/wd-test-tagger"
        self.revisions = {"main", COMMIT}
        self.large = {}
        """Name -> content of the files in the store."""
        self.small = {}
        """Name -> content of the files in git."""
        self.is_gated = False
        self.breaks = []
        """After how many bytes the next answers of the store break off."""
        self.ignores_ranges = False
        self.says_hashes = True
        self.says_sizes = True
        self.served = None
        """What the store serves in place of the announced content."""
        self.status = 0
        """What the hub answers instead of anything else, 0 for nothing."""
        self.asked = []
        """(method, path, headers) of every request."""
        self._server = _QuietServer(("127.0.0.1", 0), self._handler())
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def headers_of(self, method, beginning):
        """List the headers of the requests of *method* whose path begins with *beginning*."""
        return [headers for verb, path, headers in self.asked if verb == method and path.startswith(beginning)]

    def answer(self, path, headers):
        """Return status, headers and content for a request, and after how many bytes to break off."""
        if path.startswith("/store/"):
            return self._store(path.rpartition("/")[2], headers)
        if path.startswith("/api/resolve-cache/"):
            content = self.small[path.rpartition("/")[2]]
            return 200, {"ETag": f'"{git_hash(content)}"', "X-Repo-Commit": COMMIT}, content, None
        found = re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path)
        if self.status or not found or found[1] != self.repo_id:
            return self.status or 401, {"X-Error-Message": "Invalid username or password."}, b"", None
        return self._resolve(found[2], found[3])

    def _resolve(self, revision, name):
        if self.is_gated:
            return 403, {"X-Error-Code": "GatedRepo"}, b"", None
        if revision not in self.revisions:
            return 404, {"X-Error-Code": "RevisionNotFound"}, b"", None
        if name in self.small:
            location = f"/api/resolve-cache/models/{self.repo_id}/{COMMIT}/{name}"
            return 307, {"Location": location, "X-Repo-Commit": COMMIT}, b"", None
        if name not in self.large:
            return 404, {"X-Error-Code": "EntryNotFound"}, b"Entry not found", None
        content = self.large[name]
        answer = {"Location": f"http://localhost:{self.port}/store/{name}", "X-Repo-Commit": COMMIT}
        answer["ETag"] = '"unrelated"'
        if self.says_sizes:
            answer["X-Linked-Size"] = str(len(content))
        if self.says_hashes:
            answer["X-Linked-Etag"] = f'"{hashlib.sha256(content).hexdigest()}"'
        return 302, answer, b"", None

    def _store(self, name, headers):
        content = self.large[name] if self.served is None else self.served
        start = re.fullmatch(r"bytes=(\d+)-", headers.get("Range", ""))
        stop = self.breaks.pop(0) if self.breaks else None
        if not start or self.ignores_ranges:
            return 200, {"ETag": '"another"'}, content, stop
        first = int(start[1])
        if first >= len(content):
            return 416, {"Content-Range": f"bytes */{len(content)}"}, b"", None
        span = f"bytes {first}-{len(content) - 1}/{len(content)}"
        return 206, {"ETag": '"another"', "Content-Range": span}, content[first:], stop

    def _handler(self):
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self):
                stand_in.asked.append((self.command, self.path, dict(self.headers)))
                status, headers, content, stop = stand_in.answer(self.path, self.headers)
                self.send_response(status)
                for name, text in headers.items():
                    self.send_header(name, text)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(content[:stop])
                    if stop is not None:
                        self.wfile.flush()
                        self.connection.close()

            do_GET = do_HEAD = _serve  # noqa: N815

            def log_message(self, *args):
                """Say nothing."""

        return Handler


def git_hash(content):
    """Hash content as git does a file."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
