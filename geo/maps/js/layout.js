// Where symbols and names go so that nothing hides anything: pure functions on pixels.
(function (root) {
  "use strict";
  const trygg = (root.trygg = root.trygg || {});
  const CELL = 64;

  class Grid {
    constructor() { this.cells = new Map(); }
    each(box, visit) {
      for (let i = Math.floor(box[0] / CELL); i <= Math.floor(box[2] / CELL); i++)
        for (let j = Math.floor(box[1] / CELL); j <= Math.floor(box[3] / CELL); j++)
          if (visit(i * 1e6 + j) === true) return true;
      return false;
    }
    add(box, thing) {
      this.each(box, (key) => {
        const cell = this.cells.get(key);
        if (cell) cell.push([box, thing]);
        else this.cells.set(key, [[box, thing]]);
      });
    }
    hits(box, test) {
      return this.each(box, (key) => {
        const cell = this.cells.get(key);
        if (!cell) return false;
        for (const [other, thing] of cell)
          if (other[0] < box[2] && other[2] > box[0] && other[1] < box[3] && other[3] > box[1] &&
            (!test || test(thing))) return true;
        return false;
      });
    }
  }

  // Too many on one spot become one: groups of more than `most` within `reach` pixels.
  function gather(items, reach, most) {
    const grid = new Map();
    const cellOf = (item) => Math.floor(item.hx / reach) * 1e6 + Math.floor(item.hy / reach);
    items.forEach((item) => {
      const key = cellOf(item);
      if (!grid.has(key)) grid.set(key, []);
      grid.get(key).push(item);
    });
    const out = [];
    grid.forEach((group) => {
      if (group.length <= most) out.push(...group);
      else out.push({ members: group });
    });
    return out;
  }

  // Neighbours within `reach` pixels of the first of them become one group; the rest stay alone.
  function cluster(items, reach) {
    const groups = [];
    items.forEach((item) => {
      const near = groups.find((group) =>
        Math.hypot(group[0].hx - item.hx, group[0].hy - item.hy) < reach);
      if (near) near.push(item);
      else groups.push([item]);
    });
    return groups;
  }

  // Push overlapping symbols apart. Important ones (small `weight`) stay put, the rest yield,
  // nobody goes further than `reach` from home. Deterministic: the same data, the same picture.
  function spread(items, reach) {
    items.forEach((item, i) => {
      const turn = i * 2.399963; // golden angle: things on one spot leave in different directions
      item.x = item.hx + Math.cos(turn) * 0.01;
      item.y = item.hy + Math.sin(turn) * 0.01;
    });
    const rounds = items.length > 600 ? 12 : 120, homeward = rounds * 0.75;
    for (let round = 0; round < rounds; round++) {
      if (round < homeward)
        items.forEach((item) => {
          const pull = 0.06 / Math.sqrt(item.weight);
          item.x += (item.hx - item.x) * pull;
          item.y += (item.hy - item.y) * pull;
        });
      const cells = new Map();
      items.forEach((item) => {
        const key = Math.floor(item.x / CELL) * 1e6 + Math.floor(item.y / CELL);
        if (!cells.has(key)) cells.set(key, []);
        cells.get(key).push(item);
      });
      let moved = false;
      items.forEach((a) => {
        const ci = Math.floor(a.x / CELL), cj = Math.floor(a.y / CELL);
        for (let i = ci - 1; i <= ci + 1; i++)
          for (let j = cj - 1; j <= cj + 1; j++) {
            const near = cells.get(i * 1e6 + j);
            if (!near) continue;
            for (const b of near) {
              if (b.order <= a.order) continue;
              const dx = b.x - a.x, dy = b.y - a.y;
              const ox = a.rx + b.rx + 2 - Math.abs(dx), oy = a.ry + b.ry + 2 - Math.abs(dy);
              if (ox <= 0 || oy <= 0) continue;
              moved = true;
              const total = a.weight + b.weight;
              // Leave along the shorter way out, mostly: boxes that slide do not jump.
              const alongX = ox < oy;
              const push = (alongX ? ox : oy) * 0.55 * ((alongX ? dx : dy) < 0 ? -1 : 1);
              if (alongX) {
                a.x -= push * (a.weight / total);
                b.x += push * (b.weight / total);
              } else {
                a.y -= push * (a.weight / total);
                b.y += push * (b.weight / total);
              }
            }
          }
      });
      items.forEach((item) => {
        const dx = item.x - item.hx, dy = item.y - item.hy, far = Math.hypot(dx, dy);
        if (far > reach) {
          item.x = item.hx + (dx / far) * reach;
          item.y = item.hy + (dy / far) * reach;
        }
      });
      if (!moved && round >= homeward) break;
    }
  }

  // Names take the first free spot around their symbol, or stay away.
  function placeNames(names, grid) {
    const placed = [];
    names.forEach((name) => {
      const w = name.width, h = name.height, rx = name.rx, ry = name.ry;
      const spots = rx === 0
        ? [[-w / 2, -h / 2], [-w / 2, -h * 1.6], [-w / 2, h * 0.6], [8, -h / 2], [-w - 8, -h / 2],
          [-w / 2, -h * 2.6], [-w / 2, h * 1.6]]
        : [[rx + 4, -h / 2], [-w / 2, ry + 3], [-w / 2, -ry - 3 - h], [-rx - 4 - w, -h / 2],
          [rx + 2, ry - 2], [rx + 2, -ry - h + 2]];
      // The main town must be named, so its name may step aside from the crowd it lies in.
      if (name.main)
        for (const lines of [1.2, 2.4, 3.6, 4.8]) {
          const away = lines * h, sides = [[away, -h / 2], [-w - away, -h / 2]];
          // The western one of two neighbours is named to the west of both.
          spots.push(...(name.west ? sides.reverse() : sides), [-w / 2, -away - h], [-w / 2, away]);
        }
      const boxAt = ([dx, dy]) => [name.x + dx, name.y + dy, name.x + dx + w, name.y + dy + h];
      const spot = spots.find((at) => !grid.hits(boxAt(at), (thing) => thing !== name.owner)) ||
        (name.must ? spots[0] : null);
      if (!spot) return;
      const box = boxAt(spot);
      grid.add(box, name);
      name.left = box[0];
      name.top = box[1];
      placed.push(name);
    });
    return placed;
  }

  trygg.layout = { Grid, gather, cluster, spread, placeNames };
})(window);
