// Everything that has a meaning: places and their shapes, buildings, housing areas, visits.
(function (root) {
  "use strict";
  const trygg = (root.trygg = root.trygg || {});
  const { Grid, gather, cluster, spread, placeNames } = trygg.layout;
  const BUILDINGS_FROM_ZOOM = 15;
  const NAMES_FROM_ZOOM = 13;
  const GATHER_REACH_PX = 56, GATHER_MOST = 14;
  const AREAS_REACH_PX = 55, AREAS_MOST = 2;
  const EVERYWHERE = () => L.bounds([-1e7, -1e7], [1e7, 1e7]);
  const URGENCY = { far: 0, behind: 1, unmeasured: 2, met: 3, absent: 4 };

  // A path that draws itself with one function; clicks are found by `hit`.
  const Drawn = L.Path.extend({
    initialize(draw, options) {
      this._draw = draw;
      L.setOptions(this, Object.assign({ stroke: false, interactive: false }, options));
    },
    _reset() { this._project(); this._update(); },
    _project() { this._pxBounds = EVERYWHERE(); if (this.options.layout) this.options.layout(); },
    _update() { if (this._map) this._updatePath(); },
    _updatePath() {
      if (!this._renderer._drawing) return;
      this._renderer._ctx.setLineDash([]); // Leaflet leaves the last path's dashes behind
      this._draw(this._renderer._ctx);
    },
    _containsPoint(point) { return !!(this.options.hit && this.options.hit(point)); },
    setStyle() { return this; },
    again() { if (this._map) this._renderer._requestRedraw(this); },
  });

  trygg.startThings = function (map) {
    const renderer = L.canvas({ tolerance: 6, padding: 0.2 });
    const shapes = L.layerGroup();
    let shapeOf = [];
    let symbols = [], names = [];
    let week = null;
    const shown = { places: true, buildings: true, visits: true, names: true };

    const scene = () => trygg.scene;
    const scale = () => {
      return trygg.large() ? 1.35 : trygg.coarse() ? 1.15 : 1;
    };
    const radius = () => {
      const zoom = map.getZoom();
      return (zoom < 11 ? 9.5 : zoom <= 13 ? 12 : 14) * scale();
    };
    const point = (lon, lat) => map.latLngToLayerPoint([lat / 1e5, lon / 1e5]);
    const isChosen = (kind, id) =>
      !!scene().chosen && scene().chosen.kind === kind && scene().chosen.id === id;

    function stateOf(i) {
      const weeks = scene().weeks;
      const code = week !== null && weeks && weeks.states[i]
        ? weeks.states[i][week] : scene().places.state[i];
      return trygg.PLACE_STATES[+code];
    }

    // ---- layout, once per zoom and per new scene ------------------------------------------
    function layout() {
      symbols = [];
      names = [];
      if (!scene()) return;
      const r = radius(), s = scale(), zoom = map.getZoom();
      const items = [];
      if (shown.places) {
        const p = scene().places;
        const places = p.id.map((id, i) => {
          const at = point(p.lon[i], p.lat[i]);
          const room = r * (isChosen("place", id) ? 1.85 : 1.05); // the ring needs room too
          return { kind: "place", id, i, hx: at.x, hy: at.y, rx: room, ry: room,
            rank: (isChosen("place", id) ? -100 : 0) + p.priority[i] * 10 +
              URGENCY[trygg.PLACE_STATES[+p.state[i]]] };
        });
        gather(places, GATHER_REACH_PX, GATHER_MOST).forEach((item) => {
          if (!item.members) return items.push(item);
          const m = item.members.sort((a, b) => a.rank - b.rank);
          const own = m.find((x) => isChosen("place", x.id));
          if (own) items.push(own);
          const rest = m.filter((x) => x !== own);
          items.push({ kind: "many", members: rest, id: null, rx: r * 1.4, ry: r * 1.4,
            hx: rest.reduce((sum, x) => sum + x.hx, 0) / rest.length,
            hy: rest.reduce((sum, x) => sum + x.hy, 0) / rest.length, rank: 5 });
        });
      }
      if (shown.buildings && zoom >= BUILDINGS_FROM_ZOOM) {
        const b = scene().buildings, side = 14 * s;
        b.id.forEach((id, i) => {
          const at = point(b.lon[i], b.lat[i]);
          const ring = isChosen("building", id) ? side * 1.6 : 0; // it needs room too
          items.push({ kind: "building", id, i, hx: at.x, hy: at.y, rx: Math.max(side + 2, ring),
            ry: Math.max(side / 2 + 2, ring), side, rank: ring ? -50 : 200 + (i % 7) });
        });
      } else if (shown.buildings) {
        const small = zoom < 11, a = scene().areas, w = (small ? 36 : 44) * s,
          h = (small ? 19 : 24) * s;
        const areas = a.area.map((id, i) => {
          const at = point(a.lon[i], a.lat[i]);
          const ring = isChosen("area", id) ? w * 0.66 : 0;
          return { kind: "area", id, i, hx: at.x, hy: at.y, rx: Math.max(w / 2 + 2, ring),
            ry: Math.max(h / 2 + 3, ring), w, h, rank: ring ? -50 : 100 };
        });
        // In the overview a town's areas are one card, or they would hide its places.
        const free = areas.filter((item) => item.rank > 0);
        items.push(...areas.filter((item) => item.rank < 0));
        cluster(free, small ? AREAS_REACH_PX * s : 0).forEach((group) => {
          if (group.length <= AREAS_MOST) return items.push(...group);
          const text = group.length + "\u00a0" + trygg.say("many_areas");
          const wide = width(text, "600 " + h * 0.56 + "px " + trygg.FONT) + 12 * s;
          items.push({ kind: "areas", id: null, members: group, text, w: wide, h, rank: 90,
            rx: wide / 2 + 4, ry: h / 2 + 4,
            hx: group.reduce((sum, x) => sum + x.hx, 0) / group.length,
            hy: group.reduce((sum, x) => sum + x.hy, 0) / group.length });
        });
      }
      items.sort((a, b) => a.rank - b.rank);
      items.forEach((item, order) => {
        item.order = order;
        item.weight = item.rank < 0 ? 0.15 : item.kind === "place" ? 1 : 3;
      });
      spread(items, 56 * s);
      symbols = items;
      layoutNames(items, zoom, s);
    }

    let measure = null;
    function width(text, font) {
      measure = measure || document.createElement("canvas").getContext("2d");
      measure.font = font;
      return measure.measureText(text).width;
    }
    function layoutNames(items, zoom, s) {
      const grid = new Grid(), wanted = [];
      items.forEach((item) =>
        grid.add([item.x - item.rx, item.y - item.ry, item.x + item.rx, item.y + item.ry], item));
      const add = (text, x, y, size, weight, colour, more) => {
        if (!text) return;
        const px = trygg.large() ? Math.max(size * s, 20) : size * s;
        const font = weight + " " + px + "px " + trygg.FONT;
        wanted.push(Object.assign({ text, x, y, font, colour, width: width(text, font) + 4,
          height: px * 1.25, rx: 0, ry: 0 }, more));
      };
      const named = (text, item, size, weight, colour, must) =>
        add(text, item.x, item.y, size, weight, colour,
          { rx: item.rx, ry: item.ry, owner: item, must });
      const place = (item) =>
        named(scene().places.name[item.i], item, 13, 600, "strong");
      const nameOf = { place: (item) => scene().places.name[item.i], area: (item) => item.id,
        building: (item) => scene().buildings.name[item.i] };
      const isIt = (item) => item.kind in nameOf && isChosen(item.kind, item.id);
      items.filter(isIt).forEach((item) =>
        named(nameOf[item.kind](item), item, 13, 700, "strong", true));
      const towns = (ranks, size, weight, colour) => {
        if (!shown.names || trygg.base.hasNames) return;
        const its = trygg.ground.localities.filter((one) => ranks.includes(one[3]));
        const middle = its.reduce((sum, one) => sum + one[1], 0) / its.length;
        its.forEach(([name, lon, lat, rank]) => {
          const at = point(lon, lat);
          add(rank === 3 ? name.toUpperCase() : name, at.x, at.y, size, weight, colour,
            { spaced: rank === 3, main: rank === 1, west: lon < middle });
        });
      };
      towns([1], 14, 600, "text");
      if (zoom >= NAMES_FROM_ZOOM)
        items.forEach((item) => {
          if (item.kind === "place" && !isIt(item)) place(item);
        });
      towns([2], 12.5, 500, "text");
      if (zoom >= NAMES_FROM_ZOOM - 1)
        items.forEach((item) => {
          if (item.kind === "area" && !isIt(item)) named(item.id, item, 12, 500, "text");
        });
      if (zoom >= BUILDINGS_FROM_ZOOM + 2)
        items.forEach((item) => {
          if (item.kind === "building" && !isIt(item))
            named(scene().buildings.name[item.i], item, 12, 500, "text");
        });
      if (zoom <= 11) towns([3], 11, 500, "faint");
      names = placeNames(wanted, grid);
    }

    // ---- drawing --------------------------------------------------------------------------
    function drawSymbols(ctx) {
      if (!scene()) return;
      const p = trygg.palette(), r = radius();
      ctx.save();
      ctx.globalAlpha = 1;
      ctx.lineWidth = 1;
      ctx.strokeStyle = ctx.fillStyle = p.leader;
      symbols.forEach((item) => {
        if (Math.hypot(item.x - item.hx, item.y - item.hy) < item.ry * 0.9 || item.members) return;
        ctx.globalAlpha = 0.75;
        ctx.beginPath();
        ctx.moveTo(item.hx, item.hy);
        ctx.lineTo(item.x, item.y);
        ctx.stroke();
        ctx.beginPath();
        ctx.arc(item.hx, item.hy, 2, 0, 7);
        ctx.fill();
      });
      ctx.globalAlpha = 1;
      names.filter((name) => !name.must).forEach((name) => drawName(ctx, name));
      for (let k = symbols.length - 1; k >= 0; k--) drawOne(ctx, symbols[k], r);
      // What is chosen is named on top of everything.
      names.filter((name) => name.must).forEach((name) => drawName(ctx, name));
      ctx.restore();
    }

    function drawName(ctx, name) {
      const p = trygg.palette();
      ctx.font = name.font;
      ctx.textBaseline = "middle";
      ctx.textAlign = "left";
      ctx.lineJoin = "round";
      if ("letterSpacing" in ctx) ctx.letterSpacing = name.spaced ? "1.2px" : "0px";
      ctx.lineWidth = name.must ? 5 : 3.5;
      ctx.strokeStyle = p.halo;
      ctx.globalAlpha = name.spaced ? 0 : 0.9;
      ctx.strokeText(name.text, name.left + 2, name.top + name.height / 2);
      ctx.globalAlpha = 1;
      ctx.fillStyle = p[name.colour];
      ctx.fillText(name.text, name.left + 2, name.top + name.height / 2);
      if ("letterSpacing" in ctx) ctx.letterSpacing = "0px";
    }

    function drawOne(ctx, item, r) {
      if (item.kind === "place") {
        if (isChosen("place", item.id)) trygg.symbols.ring(ctx, item.x, item.y, r * 1.72);
        trygg.symbols.place(ctx, item.x, item.y, r, stateOf(item.i));
      } else if (item.kind === "many") {
        const worst = item.members.reduce((a, b) =>
          URGENCY[stateOf(b.i)] < URGENCY[stateOf(a.i)] ? b : a);
        trygg.symbols.place(ctx, item.x, item.y, r * 1.3, stateOf(worst.i));
        trygg.symbols.badge(ctx, item.x + r * 1.2, item.y - r * 1.1, item.members.length, scale());
      } else if (item.kind === "areas") {
        trygg.symbols.areas(ctx, item.x, item.y, item.w, item.h, item.text,
          item.members.some((m) => scene().areas.deficiency[m.i] === 1));
      } else if (item.kind === "building") {
        const b = scene().buildings;
        if (isChosen("building", item.id)) trygg.symbols.ring(ctx, item.x, item.y, item.side * 1.5);
        trygg.symbols.building(ctx, item.x, item.y, item.side,
          trygg.SPACE_STATES[+b.basement[item.i]], trygg.SPACE_STATES[+b.attic[item.i]]);
      } else {
        const a = scene().areas;
        if (isChosen("area", item.id)) trygg.symbols.ring(ctx, item.x, item.y, item.w * 0.62);
        trygg.symbols.area(ctx, item.x, item.y, item.w, item.h, a.share[item.i],
          a.deficiency[item.i] === 1);
      }
    }

    // Hexagons lie in a SWEREF 99 TM grid, whose north leans away from the map's by the meridian
    // convergence (central meridian 15° E): gamma = (lon - 15°)·sin(lat).
    const FINEST_PX = 9, FADE_FROM_PX = 40, GONE_AT_PX = 130;
    let hexagons = null;
    function layoutCells() {
      hexagons = null;
      const cells = scene() && scene().cells;
      if (!cells || !cells.n.length || !shown.visits || trygg.tiles.covers()) return;
      const lat = (cells.lat[0] / 1e5 / 180) * Math.PI;
      const r = (cells.size * map.options.crs.scale(map.getZoom())) /
        (40075016.686 * Math.cos(lat));
      if (r >= GONE_AT_PX) return;
      let list = cells.n.map((n, i) => {
        const at = point(cells.lon[i], cells.lat[i]);
        return { x: at.x, y: at.y, n };
      });
      // Zoomed out, neighbours melt together into hexagons one can still see.
      if (r < FINEST_PX) list = melt(list, FINEST_PX);
      hexagons = {
        list, r: Math.max(r * 0.985, FINEST_PX * 0.985),
        lean: r < FINEST_PX ? 0 : ((cells.lon[0] / 1e5 - 15) / 180) * Math.PI * Math.sin(lat),
        fade: r < FADE_FROM_PX ? 1 : 1 - (r - FADE_FROM_PX) / (GONE_AT_PX - FADE_FROM_PX),
        top: Math.log1p(list.reduce((most, cell) => Math.max(most, cell.n), 1)),
      };
    }
    function melt(list, size) {
      const sums = new Map(), root3 = Math.sqrt(3);
      list.forEach((cell) => {
        const q = (cell.x / root3 - cell.y / 3) / size, t = ((cell.y * 2) / 3) / size, s = -q - t;
        let a = Math.round(q), b = Math.round(t);
        const c = Math.round(s), da = Math.abs(a - q), db = Math.abs(b - t), dc = Math.abs(c - s);
        if (da > db && da > dc) a = -b - c;
        else if (db > dc) b = -a - c;
        const key = a * 1e6 + b;
        const sum = sums.get(key) || { x: size * root3 * (a + b / 2), y: size * 1.5 * b, n: 0 };
        sum.n += cell.n;
        sums.set(key, sum);
      });
      return [...sums.values()];
    }
    function drawCells(ctx) {
      if (!hexagons) return;
      const { list, r, lean, fade, top } = hexagons;
      const [red, green, blue] = trygg.palette().cell;
      ctx.save();
      list.forEach((cell) => {
        const share = Math.ceil((Math.log1p(cell.n) / top) * 5) / 5;
        ctx.fillStyle = "rgba(" + red + "," + green + "," + blue + "," +
          (0.05 + 0.3 * share) * fade + ")";
        ctx.beginPath();
        for (let k = 0; k < 6; k++) {
          const turn = Math.PI / 6 + (k * Math.PI) / 3 + lean;
          ctx.lineTo(cell.x + r * Math.cos(turn), cell.y + r * Math.sin(turn));
        }
        ctx.fill();
      });
      ctx.restore();
    }

    function drawPoints(ctx) {
      const points = scene() && scene().points;
      if (!points || !shown.visits) return;
      const p = trygg.palette();
      ctx.save();
      ctx.fillStyle = p.chosen;
      ctx.strokeStyle = p.rim;
      ctx.lineWidth = 1;
      for (let i = 0; i < points.lon.length; i++) {
        const at = point(points.lon[i], points.lat[i]);
        ctx.beginPath();
        ctx.arc(at.x, at.y, 3.2, 0, 7);
        ctx.fill();
        ctx.stroke();
      }
      ctx.restore();
    }

    // ---- finding what is under a finger ----------------------------------------------------
    function hit(at) {
      const slack = trygg.coarse() ? 12 : 5;
      let best = null, nearest = Infinity;
      symbols.forEach((item) => {
        const dx = Math.abs(at.x - item.x), dy = Math.abs(at.y - item.y);
        if (dx > item.rx + slack || dy > item.ry + slack) return;
        const away = Math.max(dx - item.rx, 0) + Math.max(dy - item.ry, 0) +
          Math.hypot(dx, dy) * 0.05;
        if (away < nearest) {
          nearest = away;
          best = item;
        }
      });
      return best;
    }

    function shapeStyle(state) {
      const p = trygg.palette();
      const dash = { met: null, behind: "9 5", far: null, unmeasured: "2 5", absent: "1 7" }[state];
      const colour = state === "behind" && trygg.theme !== "dark" ? p.behindLine
        : p[state] || p.unmeasured;
      return { color: colour, weight: state === "far" ? 3 : 2, dashArray: dash,
        fillColor: p[state] || p.unmeasured, fillOpacity: state === "absent" ? 0.03 : 0.14,
        opacity: 0.9 };
    }

    function makeShapes() {
      shapes.clearLayers();
      const p = scene().places;
      shapeOf = p.shape.map((shape, i) => {
        if (shape === null || !shown.places) return null;
        const options = Object.assign({ renderer, bubblingMouseEvents: false },
          shapeStyle(stateOf(i)));
        const layer = typeof shape === "number"
          ? L.circle([p.lat[i] / 1e5, p.lon[i] / 1e5], Object.assign({ radius: shape }, options))
          : L.polygon(trygg.latLngs(shape), options);
        layer.on("click", (event) => {
          const symbol = hit(event.layerPoint);
          choose(symbol || { kind: "place", id: p.id[i] }, event);
        });
        return layer.addTo(shapes);
      });
    }

    function choose(item, event) {
      L.DomEvent.stop(event.originalEvent || event);
      if (trygg.isDrawing && trygg.isDrawing()) return;
      if (item.members) {
        const p = item.kind === "many" ? scene().places : scene().areas;
        map.fitBounds(L.latLngBounds(item.members.map((m) => [p.lat[m.i] / 1e5, p.lon[m.i] / 1e5])),
          { padding: [60, 60], maxZoom: 17, animate: !trygg.calm() });
        return;
      }
      trygg.pick(item.kind, item.id);
    }

    const cellsLayer = new Drawn(drawCells, { renderer, layout: layoutCells });
    const pointsLayer = new Drawn(drawPoints, { renderer });
    const symbolLayer = new Drawn(drawSymbols, { renderer, layout, hit, interactive: true,
      bubblingMouseEvents: false });
    symbolLayer.on("click", (event) => {
      const item = hit(event.layerPoint);
      if (item) choose(item, event);
    });
    cellsLayer.addTo(map);
    shapes.addTo(map);
    pointsLayer.addTo(map);
    symbolLayer.addTo(map);

    // ---- hover: the name and the state, as text ---------------------------------------------
    const tip = trygg.element("div", "trygg-tip");
    tip.setAttribute("role", "status");
    tip.hidden = true;
    map.getContainer().appendChild(tip);
    function words(item) {
      const say = trygg.say;
      if (item.kind === "place")
        return [scene().places.name[item.i], say("state_" + stateOf(item.i))];
      if (item.kind === "many") return [item.members.length + " " + say("many"), ""];
      if (item.kind === "areas")
        return [item.text, item.members.map((m) => m.id).join(", ")];
      if (item.kind === "building") {
        const b = scene().buildings;
        const space = (name, code) => say(name) + ": " + say("space_" + trygg.SPACE_STATES[+code]);
        return [b.name[item.i] || b.area[item.i],
          space("basement", b.basement[item.i]) + " · " + space("attic", b.attic[item.i])];
      }
      const share = scene().areas.share[item.i];
      return [item.id, share === null ? "–" : trygg.percent(share) + " " + say("area_share")];
    }
    let under = null;
    map.on("mousemove", (event) => {
      const item = trygg.coarse() || (trygg.isDrawing && trygg.isDrawing())
        ? null : hit(event.layerPoint);
      if (item !== under) {
        under = item;
        map.getContainer().classList.toggle("trygg-over", !!item);
        tip.hidden = !item;
        if (item) {
          tip.textContent = "";
          const [first, second] = words(item);
          tip.appendChild(trygg.element("b", "", first));
          if (second) tip.appendChild(trygg.element("span", "", second));
        }
      }
      if (item) {
        const at = map.layerPointToContainerPoint([item.x, item.y]), size = map.getSize();
        tip.style.left = Math.min(Math.max(at.x, tip.offsetWidth / 2 + 6),
          size.x - tip.offsetWidth / 2 - 6) + "px";
        const above = at.y - item.ry - tip.offsetHeight - 8;
        tip.style.top = (above > 4 ? above : at.y + item.ry + 10) + "px";
      }
    });
    map.on("mouseout movestart", () => {
      under = null;
      tip.hidden = true;
    });

    trygg.things = {
      renderer,
      paint() {
        week = trygg.week;
        makeShapes();
        layout();
        layoutCells();
        // Shapes were made anew: symbols last, so that they lie on top and are hit first.
        pointsLayer.bringToFront();
        symbolLayer.bringToFront();
        symbolLayer.again();
      },
      recolour(to) {
        const before = week;
        const was = shapeOf.map((layer, i) => layer && stateOf(i));
        week = to;
        shapeOf.forEach((layer, i) => {
          if (layer && stateOf(i) !== was[i]) layer.setStyle(shapeStyle(stateOf(i)));
        });
        if (before !== to) symbolLayer.again();
      },
      show(name, on) {
        shown[name] = on;
        makeShapes();
        layout();
        layoutCells();
        pointsLayer.bringToFront();
        symbolLayer.bringToFront();
        symbolLayer.again();
      },
      relayout() { layout(); symbolLayer.again(); },
      // Where a person (or a test) finds a symbol: pixels inside the map.
      where(kind, id) {
        const item = symbols.find((s) => s.kind === kind && s.id === id) ||
          symbols.find((s) => s.members && s.members.some((m) => m.kind === kind && m.id === id));
        if (!item) return null;
        const at = map.layerPointToContainerPoint([item.x, item.y]);
        return { x: at.x, y: at.y, kind: item.kind };
      },
      stateOf(id) {
        const i = scene().places.id.indexOf(id);
        return i < 0 ? null : stateOf(i);
      },
      symbols: () => symbols,
      names: () => names,
    };
  };
})(window);
