// What lies underneath: outside, Mark, neighbours, graticule, and the chosen background map.
(function (root) {
  "use strict";
  const trygg = (root.trygg = root.trygg || {});
  const EMPTY = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";

  function latLngs(polygons) {
    return polygons.map((rings) => rings.map((flat) => {
      const out = [];
      for (let i = 0; i < flat.length; i += 2) out.push([flat[i + 1] / 1e5, flat[i] / 1e5]);
      return out;
    }));
  }
  trygg.latLngs = latLngs;

  trygg.startGround = function (map, ground) {
    const pane = map.createPane("ground");
    pane.style.zIndex = 150;
    pane.style.pointerEvents = "none";
    const renderer = L.svg({ pane: "ground", padding: 0.6 });
    const quiet = { pane: "ground", renderer, interactive: false };
    const neighbours = L.polygon(ground.neighbours.map(latLngs).flat(),
      Object.assign({ weight: 1, fill: false }, quiet)).addTo(map);
    const land = L.polygon(latLngs(ground.outline),
      Object.assign({ weight: 1.6, fillOpacity: 1, lineJoin: "round" }, quiet)).addTo(map);
    const grid = L.polyline([], Object.assign({ weight: 1 }, quiet)).addTo(map);
    // Above the background tiles, below everything that has a meaning.
    const rimPane = map.createPane("rim");
    rimPane.style.zIndex = 250;
    rimPane.style.pointerEvents = "none";
    const rim = L.polygon(latLngs(ground.outline), {
      pane: "rim", renderer: L.svg({ pane: "rim", padding: 0.6 }), interactive: false,
      fill: false, weight: 2, opacity: 0.75,
    });
    const bounds = land.getBounds();
    let showGrid = true;

    function drawGrid() {
      if (!showGrid) return grid.setLatLngs([]);
      const view = map.getBounds().pad(0.6);
      const step = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01].find(
        (s) => (map.getSize().x / (map.getBounds().getEast() - map.getBounds().getWest())) * s < 150
      ) || 0.01;
      const lines = [];
      for (let x = Math.ceil(view.getWest() / step); x * step < view.getEast(); x++)
        lines.push([[view.getSouth(), x * step], [view.getNorth(), x * step]]);
      for (let y = Math.ceil(view.getSouth() / (step / 2)); (y * step) / 2 < view.getNorth(); y++)
        lines.push([[(y * step) / 2, view.getWest()], [(y * step) / 2, view.getEast()]]);
      grid.setLatLngs(lines);
      return grid.bringToBack();
    }
    map.on("moveend", drawGrid);

    trygg.ground = {
      bounds,
      localities: ground.localities,
      isSimplified: ground.simplified,
      paint() {
        const p = trygg.palette();
        map.getContainer().style.background = p.outside;
        land.setStyle({ color: p.line, fillColor: p.land });
        neighbours.setStyle({ color: p.neighbour });
        grid.setStyle({ color: trygg.theme === "dark" ? "#26313c" : p.grid });
        rim.setStyle({ color: p.line });
        drawGrid();
      },
      showGrid(on) { showGrid = on; drawGrid(); },
      showRim(on) { if (on) rim.addTo(map); else rim.remove(); },
    };
  };

  // A background that cannot be reached leaves no broken pictures and soon stops asking.
  function osm(map, base) {
    let failed = 0, loaded = 0;
    const layer = L.tileLayer(base.url, {
      maxNativeZoom: base.maxZoom, maxZoom: 19, errorTileUrl: EMPTY, className: "trygg-tiles",
      referrerPolicy: "strict-origin-when-cross-origin", updateWhenIdle: true, keepBuffer: 1,
    });
    layer.on("tileload", (event) => {
      if (event.tile.src === EMPTY) return;
      loaded += 1;
      trygg.baseState(true);
    });
    layer.on("tileerror", () => {
      failed += 1;
      if (loaded === 0 && failed === 4 && trygg.baseState) {
        trygg.baseState(false);
        root.setTimeout(() => layer.remove(), 0);
        root.setTimeout(() => {
          failed = 0;
          if (trygg.baseWanted) layer.addTo(map);
        }, 60000);
      }
    });
    return layer;
  }

  function vector(base) {
    const P = root.protomapsL;
    const dark = trygg.theme === "dark";
    const c = dark
      ? { earth: "#1c252e", water: "#16324a", green: "#1d2c28", built: "#252e37", house: "#33404c",
        major: "#5b6875", minor: "#3c4853", path: "#35414c", rail: "#4a5662", text: "#b9c5d0",
        halo: "#1c252e" }
      : { earth: "#faf9f4", water: "#cfe0ec", green: "#eaf0e3", built: "#f0ede6", house: "#e0dbd1",
        major: "#ffffff", minor: "#ffffff", path: "#d9d4c8", rail: "#bfc4ca", text: "#5c6874",
        halo: "#ffffff" };
    const kind = (...names) => (z, f) => names.includes(f.props.kind);
    const wide = (at11, at17) => (z) =>
      Math.max(0.6, at11 + ((at17 - at11) * (z - 11)) / 6);
    const layer = "map";
    const fill = (colour, ...names) => ({
      dataLayer: layer, filter: kind(...names), symbolizer: new P.PolygonSymbolizer({ fill: colour }),
    });
    const line = (colour, width, minzoom, ...names) => ({
      dataLayer: layer, minzoom, filter: kind(...names),
      symbolizer: new P.LineSymbolizer({ color: colour, width, lineCap: "round" }),
    });
    const casing = dark ? "#10161d" : "#d3cdbf";
    return P.leafletLayer({
      url: base.url, maxDataZoom: base.maxZoom, maxZoom: 19, attribution: "",
      className: "trygg-vector",
      paintRules: [
        fill(c.green, "green"), fill(c.built, "built"), fill(c.water, "water"),
        line(c.water, wide(0.8, 4), 10, "stream"),
        fill(c.house, "house"),
        line(c.path, wide(0.4, 2), 14, "path"),
        line(casing, wide(1.2, 10), 13, "minor"), line(casing, wide(2.4, 15), 9, "major"),
        line(c.rail, wide(0.8, 2), 10, "rail"),
        line(c.minor, wide(0.6, 8), 12, "minor"), line(c.major, wide(1.6, 12), 9, "major"),
      ],
      labelRules: [
        { dataLayer: layer, minzoom: 10, filter: kind("place"),
          symbolizer: new P.CenteredTextSymbolizer({ labelProps: ["name"], fill: c.text,
            stroke: c.halo, width: 2, font: "600 13px sans-serif" }) },
        { dataLayer: layer, minzoom: 15, filter: kind("major", "minor"),
          symbolizer: new P.LineLabelSymbolizer({ labelProps: ["name"], fill: c.text,
            stroke: c.halo, width: 2, font: "12px sans-serif" }) },
      ],
    });
  }

  trygg.startBase = function (map, base) {
    let layer = null, madeFor = null;
    trygg.baseWanted = false;
    trygg.base = {
      kind: base.kind,
      attribution: base.attribution,
      hasMap: base.kind !== "simple",
      // The towns' names come from the background where it has its own.
      hasNames: false,
      show(on) {
        trygg.baseWanted = on && base.kind !== "simple";
        if (layer && (!trygg.baseWanted || madeFor !== trygg.theme)) {
          layer.remove();
          if (base.kind === "vector") layer = null;
        }
        if (!trygg.baseWanted) {
          trygg.base.hasNames = false;
          trygg.ground.showRim(false);
          return;
        }
        if (!layer) {
          if (base.kind === "osm") layer = osm(map, base);
          else if (base.kind === "raster")
            layer = L.tileLayer(base.url, { maxNativeZoom: base.maxZoom, maxZoom: 19,
              errorTileUrl: EMPTY, className: "trygg-tiles" });
          else layer = vector(base);
          madeFor = trygg.theme;
        }
        madeFor = trygg.theme;
        if (!map.hasLayer(layer)) layer.addTo(map);
        trygg.ground.showRim(true);
        if (base.kind !== "osm") trygg.base.hasNames = true;
      },
    };
  };
})(window);
