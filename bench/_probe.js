// Runs in every frame before anything else; the same for both apps.
//
// Painted: the map in the page holds exactly the visits the filter keeps, and two animation frames
// have begun since, so that the frame with them has been laid out and drawn.  Our map draws on a
// canvas, so there ink must have been put on it as well since its visits became the right ones.
(() => {
  "use strict";
  const stamp = () => performance.timeOrigin + performance.now();

  if (window === window.top) {
    const bench = (window.__bench = { expected: null, sent: [], received: [], renders: [] });
    let tell = null;
    bench.arm = (expected) => {
      Object.assign(bench, { expected, clickAt: null, sent: [], received: [], renders: [] });
      bench.painted = new Promise((resolve) => (tell = resolve));
    };
    bench.report = (at, count) => {
      if (bench.expected === null) return;
      bench.expected = null;
      tell({ at, count, clickAt: bench.clickAt, openedAt: performance.timeOrigin,
        sent: bench.sent.slice(), received: bench.received.slice(),
        renders: bench.renders.slice() });
    };
    bench.arm("any");
    window.addEventListener("click", (event) => {
      if (bench.clickAt === null) bench.clickAt = performance.timeOrigin + event.timeStamp;
    }, true);
    const size = (data) => data.byteLength ?? data.size ?? data.length;
    window.WebSocket = class extends window.WebSocket {
      constructor(...more) {
        super(...more);
        this.addEventListener("message", (event) => bench.received.push([stamp(), size(event.data)]));
      }
      send(data) {
        bench.sent.push([stamp(), size(data)]);
        super.send(data);
      }
    };
    return;
  }

  // The component's document takes over the window of the frame's first, empty one, and then this
  // file does not run again; timers live on.
  function whenMap(start) {
    if (location.pathname.includes("st_folium")) start();
    else if (location.href === "about:blank") setTimeout(whenMap, 5, start);
  }

  whenMap(() => {
    const bench = window.top.__bench;
    window.addEventListener("message", (event) => {
      if (event.data && event.data.type === "streamlit:render") bench.renders.push(stamp());
    });

    let inkAt = 0;
    for (const name of ["fill", "stroke"]) {
      const draw = CanvasRenderingContext2D.prototype[name];
      CanvasRenderingContext2D.prototype[name] = function (...more) {
        inkAt = performance.now();
        return draw.apply(this, more);
      };
    }

    const marks = document.getElementsByClassName("leaflet-interactive");
    let scene = null, sceneAt = 0, inScene = 0;
    function shown() {
      if (!window.trygg) return window.map ? marks.length : -1;
      if (window.trygg.scene !== scene) {
        scene = window.trygg.scene;
        sceneAt = performance.now();
        inScene = scene.cells ? scene.cells.n.reduce((sum, n) => sum + n, 0) : 0;
      }
      return scene ? inScene : -1;
    }
    const inked = () => !window.trygg || inkAt >= sceneAt;

    let frames = 0;
    (function look() {
      requestAnimationFrame(look);
      if (bench.expected === null) return void (frames = 0);
      const count = shown();
      const isRight = bench.expected === "any" ? count > 0 : count === bench.expected;
      frames = isRight ? frames + 1 : 0;
      if (frames > 2 && inked()) bench.report(stamp(), count);
    })();
  });
})();
