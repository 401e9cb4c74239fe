"""Pages with one fault each, to see that each check finds it."""

import contextlib
import http.server
import threading

WHOLE = ("<!doctype html><html lang=en><title>Page</title><link rel=icon href=data:,><style>:focus{outline:2px solid}"
         "a,button{display:inline-block;min-width:24px;min-height:24px}</style><main><h1>Page</h1>%s</main>")
PAGES = {
    "/sound": "<p>All is well. <a href=/sound>Again</a></p>",
    "/label": "<input name=a>",
    "/pale": "<p style='color:#bbb'>Too pale to read.</p>",
    "/dark": "<style>@media (prefers-color-scheme:dark){p{color:#333;background:#000}}</style><p>Dark on dark.</p>",
    "/wide": "<p style='width:700px'>Too wide for a phone.</p>",
    "/small": "<style>.s{display:block;min-width:0;min-height:0;width:9px;height:9px}</style>"
              "<button class=s aria-label=a></button><button class=s aria-label=b></button>",
    "/console": "<script>console.error('something is wrong')</script>",
    "/policy": "<script>1</script>",
    "/trap": "<button onkeydown='if (event.key == \"Tab\") event.preventDefault()'>In</button><a href=/>Out</a>",
    "/unmarked": "<style>a:focus{outline:none}</style><a href=/>Nobody sees me</a>",
    "/hidden": "<style>a{position:absolute;top:10px}div{position:fixed;inset:0;background:#fff}</style>"
               "<a href=/>Under</a><div></div>",
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        text = PAGES.get(self.path)
        body = (WHOLE % (text if text is not None else "Not found.")).encode()
        self.send_response(200 if text is not None else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if self.path == "/policy":
            self.send_header("Content-Security-Policy", "script-src 'self'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as it:
        threading.Thread(target=it.serve_forever, daemon=True).start()
        yield f"http://localhost:{it.server_address[1]}"
        it.shutdown()
