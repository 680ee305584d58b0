// Buttons on the map: zoom, whole municipality, full screen, locate, measure, layers, scale.
(function (root) {
  "use strict";
  const trygg = (root.trygg = root.trygg || {});
  const SVG = "http://www.w3.org/2000/svg";

  trygg.icon = function (path) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", path);
    svg.appendChild(line);
    return svg;
  };

  trygg.button = function (className, icon, textName, onClick) {
    const made = trygg.element("button", "trygg-button " + className);
    made.type = "button";
    made.appendChild(trygg.icon(icon));
    made.dataset.say = textName;
    L.DomEvent.disableClickPropagation(made);
    made.addEventListener("click", onClick);
    return made;
  };

  trygg.bar = function (position, className) {
    const Bar = L.Control.extend({
      options: { position },
      onAdd() {
        const box = trygg.element("div", "trygg-bar leaflet-bar " + className);
        L.DomEvent.disableClickPropagation(box);
        L.DomEvent.disableScrollPropagation(box);
        return box;
      },
    });
    return new Bar();
  };

  const ICONS = {
    plus: "M12 5v14M5 12h14", minus: "M5 12h14",
    whole: "M4 10.5 12 4l8 6.5M6.5 9v10.5h11V9",
    full: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
    locate: "M12 3v3M12 18v3M3 12h3M18 12h3M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10z",
    measure: "M3 16.5 16.5 3 21 7.5 7.5 21zM7 13l2 2M10 10l3 3M13 7l2 2",
    layers: "m12 4 9 5-9 5-9-5zM3.5 13 12 17.7 20.5 13",
  };

  trygg.startControls = function (map) {
    const zoom = trygg.bar("topleft", "");
    zoom.addTo(map);
    const z = zoom.getContainer();
    z.appendChild(trygg.button("", ICONS.plus, "zoom_in", () => map.zoomIn()));
    z.appendChild(trygg.button("", ICONS.minus, "zoom_out", () => map.zoomOut()));
    z.appendChild(trygg.button("", ICONS.whole, "whole", () => trygg.whole(true)));

    // Layer switch first: one button, a small list of our own; all words by textContent.
    const layers = trygg.bar("topright", "trygg-layers");
    layers.addTo(map);
    const tools = trygg.bar("topright", "");
    tools.addTo(map);
    const t = tools.getContainer();

    // Full screen takes the strip along: the whole frame, not the map alone.
    if (document.fullscreenEnabled) {
      const full = trygg.button("trygg-full", ICONS.full, "fullscreen", () => {
        if (document.fullscreenElement) document.exitFullscreen();
        else document.documentElement.requestFullscreen();
      });
      t.appendChild(full);
      document.addEventListener("fullscreenchange", () => {
        full.dataset.say = document.fullscreenElement ? "fullscreen_off" : "fullscreen";
        trygg.wordControls();
      });
    }
    document.addEventListener("fullscreenchange", () => trygg.gestures());

    if (root.isSecureContext && root.navigator.geolocation) {
      const locate = L.control.locate({
        showPopup: false, setView: "once", drawMarker: true, keepCurrentZoomLevel: false,
        initialZoomLevel: 16, locateOptions: { enableHighAccuracy: true },
        onLocationError: () => trygg.note(trygg.say("locate_failed")),
        onLocationOutsideMapBounds: () => {},
      });
      locate.addTo(map);
      locate.getContainer().style.display = "none";
      // As the plugin's own button does: the first press also moves the map there.
      const where = trygg.button("trygg-locate", ICONS.locate, "locate", () => locate._onClick());
      where.setAttribute("aria-pressed", "false");
      map.on("locateactivate locatedeactivate", (event) =>
        where.setAttribute("aria-pressed", String(event.type === "locateactivate")));
      t.appendChild(where);
    }

    const measure = L.control.polylineMeasure({
      position: "topleft", showBearings: false, clearMeasurementsOnStop: true,
      showClearControl: false, showUnitControl: false, distanceShowSameUnit: false,
      tooltipTextFinish: "", tooltipTextDelete: "", tooltipTextMove: "", tooltipTextResume: "",
      tooltipTextAdd: "", cursor: "crosshair",
      tempLine: { color: "#0b3d91", weight: 2 }, fixedLine: { color: "#0b3d91", weight: 2.5 },
    });
    measure.addTo(map);
    measure.getContainer().style.display = "none";
    const ruler = trygg.button("trygg-measure", ICONS.measure, "measure", () => {
      measure._toggleMeasure();
    });
    ruler.setAttribute("aria-pressed", "false");
    t.appendChild(ruler);
    map.on("polylinemeasure:toggle", (event) => {
      trygg.isMeasuring = event.sttus;
      ruler.setAttribute("aria-pressed", String(!!event.sttus));
      if (event.sttus) trygg.note(trygg.say("measure_start"));
    });

    const list = trygg.element("div", "trygg-layer-list");
    list.hidden = true;
    const open = trygg.button("", ICONS.layers, "layers", () => {
      list.hidden = !list.hidden;
      open.setAttribute("aria-expanded", String(!list.hidden));
    });
    open.setAttribute("aria-expanded", "false");
    layers.getContainer().appendChild(open);
    layers.getContainer().appendChild(list);
    const stored = trygg.remember("layers") || {};
    const rows = [], offered = [];
    function row(name, textName, apply, startsOn = true) {
      const label = trygg.element("label");
      const box = trygg.element("input");
      box.type = "checkbox";
      box.checked = name in stored ? stored[name] : startsOn;
      const text = trygg.element("span");
      text.dataset.text = textName;
      label.appendChild(box);
      label.appendChild(text);
      list.appendChild(label);
      const run = () => {
        stored[name] = box.checked;
        trygg.remember("layers", stored);
        apply(box.checked);
      };
      box.addEventListener("change", run);
      rows.push(() => apply(box.checked));
      return label;
    }
    row("base", "layer_base", (on) => {
      trygg.base.show(on);
      if (trygg.scene) trygg.things.relayout();
      trygg.credit();
    }).hidden = !trygg.base.hasMap;
    const OFF_AT_FIRST = ["presence", "ground", "fixes"];
    for (const name of ["places", "buildings", "visits", ...OFF_AT_FIRST, "names"]) {
      const isOffered = !OFF_AT_FIRST.includes(name);
      const label = row(name, "layer_" + name, (on) => {
        trygg.tiles.show(name, on);
        if (trygg.scene) trygg.things.show(name, on);
      }, isOffered);
      offered.push(() => (label.hidden = !isOffered && !trygg.tiles.has(name)));
    }
    row("grid", "layer_grid", (on) => trygg.ground.showGrid(on));
    trygg.applyLayers = () => rows.forEach((run) => run());
    trygg.offerLayers = () => offered.forEach((run) => run());

    map.attributionControl.setPrefix(false);
    map.attributionControl.setPosition("bottomright");
    L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 120 }).addTo(map);

    // One quiet line over the map, gone by itself.
    const note = trygg.element("div", "trygg-note");
    note.setAttribute("role", "status");
    note.hidden = true;
    map.getContainer().appendChild(note);
    let hide = 0;
    trygg.note = function (text) {
      note.textContent = text;
      note.hidden = !text;
      root.clearTimeout(hide);
      hide = root.setTimeout(() => (note.hidden = true), 4000);
    };

    let credit = "", lost = false;
    trygg.credit = function () {
      const parts = [], add = (text) => text && parts.push(text);
      if (trygg.baseWanted && !lost) {
        if (trygg.base.kind === "osm")
          add('<a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noopener">' +
            "© OpenStreetMap</a>");
        else add(trygg.escaped(trygg.base.attribution));
      }
      if (trygg.baseWanted && lost) add(trygg.escaped(trygg.say("base_lost")));
      if (trygg.ground.isSimplified) add(trygg.escaped(trygg.say("simplified")));
      // As one line: Leaflet keeps parts in the order in which each was first said.
      map.attributionControl.removeAttribution(credit).addAttribution((credit = parts.join(" · ")));
    };
    trygg.baseState = function (reached) {
      if (trygg.base.hasNames === reached && lost === !reached) return;
      lost = !reached;
      trygg.base.hasNames = reached;
      trygg.credit();
      trygg.things.relayout();
    };

    // A phone's page must still scroll with one finger: two fingers move the map, and a line says
    // so. In full screen there is no page, and one finger is enough.
    trygg.gestures = function () {
      const alone = trygg.coarse() && !document.fullscreenElement && root.parent !== root;
      if (alone) map.dragging.disable();
      else map.dragging.enable();
    };
    trygg.gestures();
    let told = false;
    map.getContainer().addEventListener("touchmove", (event) => {
      if (told || event.touches.length > 1 || map.dragging.enabled()) return;
      told = true;
      trygg.note(trygg.say("two_fingers"));
      root.setTimeout(() => (told = false), 20000);
    }, { passive: true });

    trygg.wordControls = function () {
      const map_ = map.getContainer();
      map_.setAttribute("role", "region");
      map_.setAttribute("aria-label", trygg.say("map"));
      document.querySelectorAll("[data-say]").forEach((node) => {
        node.title = trygg.say(node.dataset.say);
        node.setAttribute("aria-label", node.title);
      });
      document.querySelectorAll("[data-text]").forEach((node) => {
        node.textContent = trygg.say(node.dataset.text);
      });
    };
  };
})(window);
