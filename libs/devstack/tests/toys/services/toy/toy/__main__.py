"""Answer /readyz with what this process was given; or fail at once when TOY_FAILS is set."""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(dict(os.environ)).encode())


if os.environ.get("TOY_FAILS"):
    sys.exit("this toy is broken")
if sys.argv[1:] != ["migrate"]:
    address = (os.environ["HTTP_HOST"], int(os.environ["HTTP_PORT"]))
    HTTPServer(address, Answer).serve_forever()
