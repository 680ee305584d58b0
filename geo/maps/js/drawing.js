// Draw a new place: a point, an area or a line; its GeoJSON goes back to the page.
(function (root) {
  "use strict";
  const trygg = (root.trygg = root.trygg || {});
  const ICONS = {
    point: "M12 21s-6-6.4-6-11a6 6 0 0 1 12 0c0 4.6-6 11-6 11zM12 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
    polygon: "M5 9 12 4l7 5-2.5 10h-9z",
    line: "M4 18 10 8l4 6 6-9",
  };

  trygg.startDrawing = function (map) {
    const bar = trygg.bar("topleft", "trygg-draw");
    bar.addTo(map);
    const box = bar.getContainer();
    box.hidden = true;
    const actions = trygg.element("div", "trygg-actions");
    actions.hidden = true;
    map.getContainer().appendChild(actions);
    L.DomEvent.disableClickPropagation(actions);
    const drawn = L.layerGroup().addTo(map);
    const dashed = { color: "#0b3d91", weight: 3, dashArray: "6 6", fillOpacity: 0.1 };
    const pin = () => L.divIcon({ className: "trygg-pin", iconSize: [18, 18] });
    let handler = null;

    function stop() {
      if (handler) handler.disable();
      handler = null;
      actions.hidden = true;
      box.querySelectorAll("button").forEach((b) => b.setAttribute("aria-pressed", "false"));
    }

    function start(kind, button) {
      const again = handler && handler.tryggKind === kind;
      stop();
      if (again) return;
      const words = L.drawLocal.draw.handlers;
      const tip = (name) => trygg.escaped(trygg.say(name));
      words.marker.tooltip.start = tip("draw_point_tip");
      words.polygon.tooltip.start = words.polyline.tooltip.start = tip("draw_first_tip");
      words.polygon.tooltip.cont = words.polyline.tooltip.cont = tip("draw_next_tip");
      words.polygon.tooltip.end = words.polyline.tooltip.end = tip("draw_next_tip");
      const corner = { icon: L.divIcon({ className: "trygg-corner", iconSize: [12, 12] }),
        touchIcon: L.divIcon({ className: "trygg-corner", iconSize: [20, 20] }) };
      handler = kind === "point" ? new L.Draw.Marker(map, { icon: pin() })
        : kind === "polygon"
          ? new L.Draw.Polygon(map, Object.assign({ allowIntersection: false, showArea: false,
            showLength: false, shapeOptions: dashed }, corner))
          : new L.Draw.Polyline(map, Object.assign({ showLength: false, shapeOptions: dashed },
            corner));
      handler.tryggKind = kind;
      if (trygg.coarse()) trygg.note(trygg.say(kind === "point" ? "draw_point_tip" : "draw_first_tip"));
      handler.enable();
      button.setAttribute("aria-pressed", "true");
      actions.hidden = false;
      actions.classList.toggle("trygg-one", kind === "point");
    }

    for (const kind of ["point", "polygon", "line"]) {
      const button = trygg.button("trygg-draw-" + kind, ICONS[kind], "draw_" + kind, () =>
        start(kind, button));
      button.setAttribute("aria-pressed", "false");
      box.appendChild(button);
    }
    const act = (className, textName, run) => {
      const button = trygg.element("button", className);
      button.type = "button";
      button.dataset.text = textName;
      button.addEventListener("click", run);
      actions.appendChild(button);
    };
    act("trygg-done", "draw_done", () => handler && handler.completeShape && handler.completeShape());
    act("trygg-undo", "draw_undo", () =>
      handler && handler.deleteLastVertex && handler.deleteLastVertex());
    act("trygg-cancel", "draw_cancel", stop);

    map.on("draw:created", (event) => {
      drawn.clearLayers();
      event.layer.addTo(drawn);
      root.setTimeout(stop, 0);
      trygg.tell({ kind: "drawn", id: null, geometry: event.layer.toGeoJSON(6).geometry });
    });

    trygg.isDrawing = () => !!handler || trygg.isMeasuring;
    // Asked by the page before it draws itself anew because somebody else has written.
    trygg.isBusy = () => trygg.isDrawing() || trygg.isPlaying();
    trygg.paintDrawing = function () {
      const tools = trygg.scene.draw;
      box.hidden = tools.length === 0;
      for (const kind of ["point", "polygon", "line"])
        box.querySelector(".trygg-draw-" + kind).hidden = !tools.includes(kind);
      if (handler && !tools.includes(handler.tryggKind)) stop();
      drawn.clearLayers();
      if (trygg.scene.draft)
        L.geoJSON(trygg.scene.draft, {
          interactive: false, style: () => dashed,
          pointToLayer: (feature, at) => L.marker(at, { icon: pin(), interactive: false }),
        }).addTo(drawn);
    };
  };
})(window);
