"""The players of hosts on loopback: just their documented interfaces, and a clock instead of a video of 120 seconds.

Each stops by itself at second 4 the first time, as if the person had pressed pause inside it. What the page orders
stands in `window.orders`; `window.inside` is what the person does with the player's own controls.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CLOCK = """
window.orders = [];
class Reel {
  constructor(second, changed) { Object.assign(this, { at: second, since: 0, playing: false, stop: 4, changed });
    setInterval(() => this.look(), 50); }
  get now() { return this.playing ? Math.min(this.at + (performance.now() - this.since) / 1000, 120) : this.at; }
  look() {
    if (!this.playing) return;
    if (this.stop && this.now >= this.stop && this.now < 10) { this.stop = 0; this.end(4, "pause"); }
    else if (this.now >= 120) this.end(120, "ended");
  }
  end(second, why) { this.at = second; this.playing = false; this.changed(why); }
  play() { if (this.playing) return; this.since = performance.now(); this.playing = true; this.changed("play"); }
  pause() { this.end(this.now, "pause"); }
  seek(second) { this.at = second; this.since = performance.now(); }
}
"""

#: https://developers.google.com/youtube/iframe_api_reference
YOUTUBE = """
window.YT = { Player: class {
  constructor(frame, { events }) {
    const address = new URL(frame.src);
    const state = { play: 1, pause: 2, ended: 0, waiting: 3 };
    const changed = (name) => events.onStateChange({ data: state[name] });
    const reel = new Reel(Number(address.searchParams.get("start")), changed);
    window.inside = {
      seek: (second) => reel.seek(second),
      waitAt: (second) => reel.end(second, "waiting"),
      goOnAt: (second) => { reel.seek(second); reel.play(); },
    };
    Object.assign(this, {
      playVideo() { orders.push("play"); reel.play(); }, pauseVideo() { orders.push("pause"); reel.pause(); },
      seekTo(second) { orders.push(second); reel.seek(second); },
      getCurrentTime: () => reel.now, getDuration: () => 120,
    });
    setTimeout(() => {
      if (address.pathname.includes("NOREFERRER1")) events.onError({ data: 153 });
      else events.onReady({ target: this });
    }, 20);
  }
} };
window.onYouTubeIframeAPIReady();
"""

#: https://github.com/vimeo/player.js
VIMEO = """
window.Vimeo = { Player: class {
  constructor(frame) {
    const heard = {};
    const tell = (name) => heard[name]?.({ seconds: reel.now, duration: 120, percent: reel.now / 120 });
    const start = Number(/t=([\\d.]+)s/.exec(frame.src)?.[1] ?? 0);
    const reel = new Reel(start, (name) => tell(name === "play" ? "playing" : name));
    const seek = async (second) => { tell("seeking"); reel.seek(second); tell("seeked"); tell("timeupdate"); };
    window.inside = { seek };
    setInterval(() => reel.playing && tell("timeupdate"), 250);
    Object.assign(this, {
      on(name, listener) { heard[name] = listener; },
      async ready() {}, async getDuration() { return 120; },
      async play() { orders.push("play"); reel.play(); }, async pause() { orders.push("pause"); reel.pause(); },
      async setCurrentTime(second) { orders.push(second); await seek(second); },
    });
  }
} };
"""

#: https://docs.wistia.com/docs/player-api
WISTIA = """
customElements.define("wistia-player", class extends HTMLElement {
  connectedCallback() {
    const tell = (name) => this.dispatchEvent(new CustomEvent(name));
    this.reel = new Reel(0, tell);
    window.inside = { seek: (second) => this.reel.seek(second) };
    setInterval(() => this.reel.playing && tell("time-update"), 250);
    setTimeout(() => tell("api-ready"), 20);
  }
  get duration() { return 120; }
  get playbackRate() { return 1; }
  get currentTime() { return this.reel.now; }
  set currentTime(second) { orders.push(second); this.reel.seek(second); }
  play() { orders.push("play"); this.reel.play(); }
  pause() { orders.push("pause"); this.reel.pause(); }
});
"""

SCRIPTS = {"/iframe_api": CLOCK + YOUTUBE, "/api/player.js": CLOCK + VIMEO, "/player.js": CLOCK + WISTIA}


class Host(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.server.asked.append((path, self.headers.get("Referer", "")))  # type: ignore[attr-defined]
        kind, body = ("text/javascript", SCRIPTS[path]) if path in SCRIPTS else ("text/html", "<p>A film</p>")
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


class HostServer(ThreadingHTTPServer):
    """`asked`: path and referrer of each request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Host)
        self.asked: list[tuple[str, str]] = []

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def host_server() -> Iterator[HostServer]:
    with HostServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
