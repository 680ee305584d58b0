// Presence, ground covered and GPS tracks: pictures from the server, under everything that has a meaning.
(function (root) {
  "use strict";
  const trygg = (root.trygg = root.trygg || {});
  const NAMES = ["presence", "ground", "fixes"];
  const MIN_ZOOM = 8, MAX_ZOOM = 19, FADE_MS = 160;

  // Another week is another address. The old pictures stay until the new ones are all there, or
  // the map would blink at every step.
  function turns(map, pane) {
    let address = null, shown = null, coming = null;
    function drop(layer) {
      if (layer) layer.remove();
    }
    function arrive(layer) {
      if (layer !== coming) return;
      drop(shown);
      shown = layer;
      coming = null;
      shown.setOpacity(1);
    }
    return {
      set(wanted) {
        if (wanted === address) return;
        address = wanted;
        drop(coming);
        coming = null;
        if (wanted === null) {
          drop(shown);
          shown = null;
          return;
        }
        const layer = (coming = L.tileLayer(wanted, {
          pane, opacity: shown ? 0 : 1, minZoom: MIN_ZOOM, maxZoom: MAX_ZOOM,
          bounds: trygg.ground.bounds.pad(0.25), keepBuffer: 1, className: "trygg-" + pane,
        }));
        layer.once("load", () => arrive(layer));
        layer.addTo(map);
        // A view without a single tile in it never says that it has loaded.
        if (!layer._loading) root.setTimeout(() => arrive(layer), FADE_MS);
      },
      address: () => address,
    };
  }

  trygg.startTiles = function (map) {
    const shown = {}, layers = {};
    for (const name of NAMES) {
      const pane = map.createPane("tiles-" + name);
      pane.style.zIndex = 300;
      pane.style.pointerEvents = "none";
      layers[name] = turns(map, "tiles-" + name);
    }
    const bar = trygg.bar("bottomleft", "trygg-caption");
    bar.addTo(map);
    const box = bar.getContainer();
    box.classList.remove("leaflet-bar");

    // Each address is read once. Until its answer is there the sentence before it stands, which
    // names its own week; where no answer comes nothing is said.
    const read = new Map();
    const standing = {};
    function sentence(name, url) {
      if (!read.has(url)) {
        read.set(url, null);
        root.fetch(url).then((answer) => (answer.ok ? answer.text() : "")).catch(() => "")
          .then((text) => {
            read.set(url, text);
            caption();
          });
      }
      const text = read.get(url);
      if (text !== null) standing[name] = text;
      return standing[name];
    }

    const of = (name) => (trygg.scene && trygg.scene.tiles && trygg.scene.tiles[name]) || null;
    const isOn = (name) => !!of(name) && (!!shown[name] || (of(name).instead && shown.visits));

    const part = (it) => (trygg.week === null ? it.whole : it.weeks[trygg.week]);

    function address(name) {
      if (!isOn(name) || !part(of(name))) return null;
      const url = of(name).url.replace("{part}", part(of(name)));
      return url + (trygg.theme === "dark" ? (url.includes("?") ? "&" : "?") + "theme=dark" : "");
    }
    function say(name) {
      if (!isOn(name)) return "";
      const { saidAt } = of(name), now = part(of(name));
      const said = saidAt && now && sentence(name, saidAt.replace("{part}", now));
      return [said, trygg.say(name + "_caption")].filter(Boolean).join(" ");
    }
    function caption() {
      box.textContent = "";
      NAMES.map(say).filter(Boolean).forEach((text) => box.append(trygg.element("p", "", text)));
      box.hidden = !box.childNodes.length;
    }

    trygg.tiles = {
      paint() {
        for (const name of NAMES) layers[name].set(address(name));
        caption();
      },
      show(name, on) {
        shown[name] = on;
        if (trygg.scene) trygg.tiles.paint();
      },
      // Hexagons under them would say nearly the same thing in the same colour.
      covers: () => NAMES.some(isOn),
      has: (name) => !!of(name) && !of(name).instead,
      address: (name) => layers[name].address(),
    };
  };
})(window);
