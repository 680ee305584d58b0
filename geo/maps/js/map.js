// Start the map once, paint it as often as something changes.
(function (root) {
  "use strict";
  const trygg = (root.trygg = root.trygg || {});

  trygg.start = function (map, encoded) {
    const base = typeof encoded === "string" ? trygg.decode(encoded) : encoded;
    trygg.map = map;
    trygg.week = null;
    // folium forbids zooming the page; people who need larger text must be able to.
    document.querySelectorAll('meta[name="viewport"]').forEach((node) => {
      node.content = "width=device-width, initial-scale=1";
    });
    document.documentElement.classList.add("trygg");
    document.documentElement.classList.toggle("trygg-large", trygg.large());
    trygg.startFont();
    // Leaflet focuses the map on every click; only those who use keys need to see where they are.
    root.addEventListener("keydown", (event) =>
      event.key === "Tab" && document.documentElement.classList.add("trygg-keys"));
    root.addEventListener("pointerdown", () =>
      document.documentElement.classList.remove("trygg-keys"));
    const holder = map.getContainer();
    const host = document.getElementById("root") || document.body;
    trygg.startGround(map, base.ground);
    trygg.startBase(map, base.base);
    trygg.startThings(map);
    trygg.startTiles(map);
    trygg.startControls(map);
    trygg.startDrawing(map);
    trygg.startStrip(host);

    trygg.whole = function (animate) {
      map.fitBounds(trygg.ground.bounds, { padding: [12, 12],
        animate: !!animate && !trygg.calm() });
    };
    const kept = trygg.remember("view");
    if (kept) map.setView([kept.lat, kept.lng], kept.zoom, { animate: false });
    else trygg.whole(false);
    let settled = !!kept, moved = false;
    map.on("moveend", () => {
      const centre = map.getCenter();
      if (settled && moved)
        trygg.remember("view", { lat: centre.lat, lng: centre.lng, zoom: map.getZoom() });
    });
    map.on("dragstart zoomstart", () => (moved = true));

    // Clicks on nothing: only when the page asks for positions.
    map.on("click", (event) => {
      if (!trygg.scene || !trygg.scene.positions || trygg.isDrawing()) return;
      trygg.tell({ kind: "map", id: null, lat: event.latlng.lat, lng: event.latlng.lng });
    });

    new root.ResizeObserver(() => {
      document.documentElement.classList.toggle("trygg-large", trygg.large());
      map.invalidateSize({ animate: false, pan: false });
      if (!settled && map.getSize().x > 0 && map.getSize().y > 0) {
        trygg.whole(false);
        if (trygg.scene) trygg.things.relayout();
      }
    }).observe(holder);
    map.once("mousedown touchstart keydown zoomstart", () => (settled = true));
  };

  // Paper: what is seen now, in light colours, scaled as a picture into a box of that size, at
  // once. Says how large it became.
  let onScreen = null;
  trygg.paper = function (wide, high) {
    if (!trygg.scene) return null;
    const holder = trygg.map.getContainer(), page = document.documentElement;
    const size = trygg.map.getSize(), scale = Math.min(wide / size.x, high / size.y);
    if (onScreen === null) {
      onScreen = trygg.theme;
      page.classList.add("trygg-paper");
      holder.style.setProperty("--wide", size.x + "px");
      holder.style.setProperty("--high", size.y + "px");
      retint("light");
      // Drawn now, it is kept as lines and letters, as sharp on paper as the rest.
      trygg.things.renderer._redraw();
    }
    holder.style.setProperty("--scale", scale);
    return { wide: size.x * scale, high: size.y * scale };
  };
  trygg.screen = function () {
    if (onScreen === null) return;
    document.documentElement.classList.remove("trygg-paper");
    retint(onScreen);
    onScreen = null;
  };
  function retint(theme) {
    if (theme === trygg.theme) return;
    trygg.theme = theme;
    document.documentElement.classList.toggle("trygg-dark", theme === "dark");
    trygg.ground.paint();
    trygg.things.paint();
    trygg.tiles.paint();
  }

  trygg.pick = (kind, id) => trygg.tell({ kind, id });

  function fly() {
    const to = trygg.scene.fly;
    if (!to || trygg.remember("fly") === to.n) return;
    trygg.remember("fly", to.n);
    const zoom = Math.max(trygg.map.getZoom(), to.zoom);
    if (trygg.calm()) trygg.map.setView([to.lat, to.lon], zoom, { animate: false });
    else trygg.map.flyTo([to.lat, to.lon], zoom, { duration: 0.6 });
    trygg.remember("view", { lat: to.lat, lng: to.lon, zoom });
  }

  trygg.paint = function (encoded) {
    const scene = typeof encoded === "string" ? trygg.decode(encoded) : encoded;
    const first = !trygg.scene;
    const retinted = first || trygg.theme !== scene.theme;
    trygg.scene = scene;
    trygg.theme = scene.theme;
    document.documentElement.classList.toggle("trygg-dark", scene.theme === "dark");
    document.documentElement.lang = scene.locale;
    trygg.wordControls();
    trygg.offerLayers();
    if (retinted) trygg.ground.paint();
    if (first || retinted) trygg.applyLayers();
    trygg.paintStrip();
    trygg.things.paint();
    trygg.tiles.paint();
    trygg.paintDrawing();
    trygg.credit();
    fly();
    trygg.painted = (trygg.painted || 0) + 1;
    root.requestAnimationFrame(() => {
      document.documentElement.dataset.painted = String(trygg.painted);
    });
  };
})(window);
