// The time strip: one bar per week, play, step; the places take that week's state, no rerun.
(function (root) {
  "use strict";
  const trygg = (root.trygg = root.trygg || {});
  const PLAY = "M8 5v14l11-7z", PAUSE = "M7 5h4v14H7zM13 5h4v14h-4z";
  const STEP_MS = 700, CALM_STEP_MS = 1500;

  trygg.startStrip = function (host) {
    const strip = trygg.element("div", "trygg-strip");
    strip.hidden = true;
    strip.setAttribute("role", "group");
    strip.dataset.say = "weeks";
    const play = trygg.element("button", "trygg-play");
    play.type = "button";
    const label = trygg.element("div", "trygg-week");
    const track = trygg.element("div", "trygg-track");
    track.setAttribute("role", "slider");
    track.tabIndex = 0;
    const whole = trygg.element("button", "trygg-whole");
    whole.type = "button";
    whole.dataset.text = "period";
    strip.append(play, label, track, whole);
    host.appendChild(strip);

    let timer = 0, bars = [];
    const weeks = () => trygg.scene && trygg.scene.weeks;

    function show(to) {
      const w = weeks();
      if (!w) return;
      trygg.week = to === null ? null : Math.max(0, Math.min(w.labels.length - 1, to));
      trygg.remember("week", { key: w.labels.length + w.notes[0], at: trygg.week });
      bars.forEach((bar, i) => bar.classList.toggle("on", i === trygg.week));
      track.classList.toggle("trygg-some", trygg.week !== null);
      const text = trygg.week === null ? trygg.say("period") : w.labels[trygg.week];
      const last = w.labels[w.labels.length - 1];
      label.textContent = trygg.week !== null || w.labels.length < 2 ? w.labels[trygg.week || 0]
        : w.labels[0] + " –\n" + last;
      // A person at the whole period stands before the first week.
      track.setAttribute("aria-valuemin", "0");
      track.setAttribute("aria-valuemax", String(w.labels.length));
      track.setAttribute("aria-valuenow", String(trygg.week === null ? 0 : trygg.week + 1));
      track.setAttribute("aria-valuetext", trygg.week === null ? text : w.notes[trygg.week]);
      whole.setAttribute("aria-pressed", String(trygg.week === null));
      trygg.things.recolour(trygg.week);
      trygg.tiles.paint();
    }

    function face() {
      play.textContent = "";
      play.appendChild(trygg.icon(timer ? PAUSE : PLAY));
      play.title = trygg.say(timer ? "pause" : "play");
      play.setAttribute("aria-label", play.title);
    }
    function stop() {
      root.clearInterval(timer);
      timer = 0;
      face();
    }
    function toggle() {
      if (timer) return stop();
      const w = weeks();
      if (!w) return;
      show(trygg.week === null || trygg.week === w.labels.length - 1 ? 0 : trygg.week);
      timer = root.setInterval(() => {
        if (trygg.week === null || trygg.week >= weeks().labels.length - 1) return stop();
        show(trygg.week + 1);
      }, trygg.calm() ? CALM_STEP_MS : STEP_MS);
      face();
    }

    play.addEventListener("click", toggle);
    whole.addEventListener("click", () => {
      stop();
      show(null);
    });
    track.addEventListener("keydown", (event) => {
      const w = weeks();
      if (!w) return;
      const now = trygg.week === null ? -1 : trygg.week;
      const to = { ArrowRight: now + 1, ArrowUp: now + 1, ArrowLeft: now - 1, ArrowDown: now - 1,
        PageUp: now + 4, PageDown: now - 4, Home: 0, End: w.labels.length - 1 }[event.key];
      if (event.key === " ") toggle();
      else if (event.key === "Escape") { stop(); show(null); }
      else if (to !== undefined) { stop(); show(to < 0 ? null : to); }
      else return;
      event.preventDefault();
    });
    function weekAt(event) {
      const box = track.getBoundingClientRect();
      return Math.floor(((event.clientX - box.left) / box.width) * bars.length);
    }
    track.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !bars.length) return;
      stop();
      show(weekAt(event));
      track.setPointerCapture(event.pointerId);
    });
    track.addEventListener("pointermove", (event) => {
      if (event.buttons && track.hasPointerCapture(event.pointerId)) show(weekAt(event));
      const i = weekAt(event);
      track.title = (weeks() && weeks().notes[i]) || "";
    });

    trygg.showWeek = show;
    trygg.isPlaying = () => !!timer;
    trygg.paintStrip = function () {
      const w = weeks();
      strip.hidden = !w || w.labels.length === 0;
      document.documentElement.classList.toggle("trygg-has-strip", !strip.hidden);
      if (strip.hidden) {
        stop();
        trygg.week = null;
        return;
      }
      const key = w.labels.length + w.notes[0];
      const same = track.dataset.key === key;
      const kept = trygg.remember("week");
      if (!same) {
        trygg.week = kept && kept.key === key ? kept.at : trygg.scene.week;
        stop();
      }
      track.dataset.key = key;
      track.setAttribute("aria-label", trygg.say("weeks"));
      track.textContent = "";
      bars = w.bars.map((height) => {
        const bar = trygg.element("span", height === null ? "trygg-silent" : "");
        bar.appendChild(trygg.element("i"));
        bar.firstChild.style.height = height === null ? "100%" : Math.max(4, height * 100) + "%";
        track.appendChild(bar);
        return bar;
      });
      face();
      show(trygg.week);
    };
  };
})(window);
