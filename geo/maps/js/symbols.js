// The symbols: shape before colour. Each draws itself on a canvas around (x, y).
(function (root) {
  "use strict";
  const trygg = (root.trygg = root.trygg || {});
  const symbols = (trygg.symbols = {});

  function circle(ctx, x, y, r) {
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
  }

  function hatch(ctx, x, y, r, colour, gap, width) {
    ctx.save();
    ctx.clip();
    ctx.beginPath();
    for (let d = -2 * r; d <= 2 * r; d += gap) {
      ctx.moveTo(x + d - r, y + r);
      ctx.lineTo(x + d + r, y - r);
    }
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
    ctx.restore();
  }

  function box(ctx, x, y, w, h, r) {
    ctx.beginPath();
    ctx.moveTo(x + r, y);
    ctx.arcTo(x + w, y, x + w, y + h, r);
    ctx.arcTo(x + w, y + h, x, y + h, r);
    ctx.arcTo(x, y + h, x, y, r);
    ctx.arcTo(x, y, x + w, y, r);
    ctx.closePath();
  }

  function triangle(ctx, x, y, r) {
    ctx.beginPath();
    ctx.moveTo(x, y - r * 1.12);
    ctx.lineTo(x + r * 1.16, y + r * 0.86);
    ctx.lineTo(x - r * 1.16, y + r * 0.86);
    ctx.closePath();
  }

  const placeDrawings = {
    met(ctx, x, y, r, p) {
      circle(ctx, x, y, r);
      ctx.fillStyle = p.met;
      ctx.fill();
      ctx.lineWidth = r * 0.16;
      ctx.strokeStyle = p.rim;
      ctx.stroke();
      ctx.beginPath();
      ctx.moveTo(x - r * 0.44, y + r * 0.02);
      ctx.lineTo(x - r * 0.1, y + r * 0.36);
      ctx.lineTo(x + r * 0.46, y - r * 0.34);
      ctx.lineWidth = r * 0.24;
      ctx.lineCap = ctx.lineJoin = "round";
      ctx.strokeStyle = p.mark;
      ctx.stroke();
    },
    behind(ctx, x, y, r, p) {
      circle(ctx, x, y, r);
      ctx.fillStyle = p.behind;
      ctx.fill();
      hatch(ctx, x, y, r, p.behindLine, r * 0.5, Math.max(1, r * 0.13));
      circle(ctx, x, y, r);
      ctx.lineWidth = r * 0.2;
      ctx.strokeStyle = p.behindLine;
      ctx.stroke();
    },
    far(ctx, x, y, r, p) {
      triangle(ctx, x, y, r);
      ctx.lineJoin = "round";
      ctx.lineWidth = r * 0.42;
      ctx.strokeStyle = p.rim;
      ctx.stroke();
      ctx.lineWidth = r * 0.16;
      ctx.fillStyle = ctx.strokeStyle = p.far;
      ctx.fill();
      ctx.stroke();
      ctx.beginPath();
      ctx.moveTo(x, y - r * 0.42);
      ctx.lineTo(x, y + r * 0.18);
      ctx.lineWidth = r * 0.26;
      ctx.lineCap = "round";
      ctx.strokeStyle = ctx.fillStyle = p.mark;
      ctx.stroke();
      circle(ctx, x, y + r * 0.55, r * 0.15);
      ctx.fill();
    },
    unmeasured(ctx, x, y, r, p) {
      circle(ctx, x, y, r);
      ctx.fillStyle = p.paper;
      ctx.globalAlpha *= 0.85;
      ctx.fill();
      ctx.globalAlpha /= 0.85;
      ctx.setLineDash([r * 0.42, r * 0.3]);
      ctx.lineWidth = r * 0.2;
      ctx.strokeStyle = p.unmeasured;
      ctx.stroke();
      ctx.setLineDash([]);
    },
    absent(ctx, x, y, r, p) {
      circle(ctx, x, y, r * 0.4);
      ctx.lineWidth = 1;
      ctx.strokeStyle = p.unmeasured;
      ctx.stroke();
    },
  };

  symbols.place = function (ctx, x, y, r, state) {
    ctx.save();
    placeDrawings[state](ctx, x, y, r, trygg.palette());
    ctx.restore();
  };

  symbols.ring = function (ctx, x, y, r) {
    const p = trygg.palette();
    ctx.save();
    circle(ctx, x, y, r);
    ctx.lineWidth = 7;
    ctx.strokeStyle = p.rim;
    ctx.stroke();
    ctx.lineWidth = 3.5;
    ctx.strokeStyle = p.chosen;
    ctx.stroke();
    ctx.restore();
  };

  symbols.badge = function (ctx, x, y, count, scale) {
    const p = trygg.palette();
    ctx.save();
    ctx.font = "600 " + 11 * scale + "px " + trygg.FONT;
    const width = Math.max(16 * scale, ctx.measureText(count).width + 8 * scale);
    box(ctx, x - width / 2, y - 8 * scale, width, 16 * scale, 8 * scale);
    ctx.fillStyle = p.strong;
    ctx.fill();
    ctx.lineWidth = 1.5;
    ctx.strokeStyle = p.rim;
    ctx.stroke();
    ctx.fillStyle = p.halo;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(count, x, y + 0.5);
    ctx.restore();
  };

  // One half of a building: the letter is always there, the state is shape and colour.
  function half(ctx, x, y, side, state, letter, p) {
    ctx.save();
    ctx.beginPath();
    ctx.rect(x, y, side, side);
    let ink = p.mark;
    if (state === "clear") {
      ctx.fillStyle = p.met;
      ctx.fill();
    } else if (state === "due") {
      ctx.fillStyle = p.behind;
      ctx.fill();
      hatch(ctx, x + side / 2, y + side / 2, side / 2, "rgba(138,90,0,.55)", side * 0.34, 1);
      ink = "#3d2800";
    } else if (state === "deficiency") {
      ctx.fillStyle = p.far;
      ctx.fill();
      ctx.beginPath();
      ctx.moveTo(x + side * 0.55, y);
      ctx.lineTo(x + side, y);
      ctx.lineTo(x + side, y + side * 0.45);
      ctx.closePath();
      ctx.fillStyle = p.mark;
      ctx.fill();
    } else {
      ctx.fillStyle = p.unseen;
      ctx.fill();
      ctx.lineWidth = 1;
      ctx.strokeStyle = p.unseenLine;
      if (state === "unseen") ctx.setLineDash([2.5, 2]);
      ctx.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
      ctx.setLineDash([]);
      ink = state === "none" ? p.neighbour : p.strong;
    }
    ctx.fillStyle = ink;
    ctx.font = "700 " + side * 0.68 + "px " + trygg.FONT;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(letter, x + side / 2, y + side / 2 + side * 0.05);
    ctx.restore();
  }

  symbols.building = function (ctx, x, y, side, basement, attic) {
    const p = trygg.palette();
    ctx.save();
    box(ctx, x - side - 1.5, y - side / 2 - 1.5, 2 * side + 3, side + 3, 2.5);
    ctx.fillStyle = p.rim;
    ctx.fill();
    half(ctx, x - side, y - side / 2, side, basement, trygg.say("basement_letter"), p);
    half(ctx, x, y - side / 2, side, attic, trygg.say("attic_letter"), p);
    ctx.beginPath();
    ctx.moveTo(x, y - side / 2);
    ctx.lineTo(x, y + side / 2);
    ctx.lineWidth = 1.5;
    ctx.strokeStyle = p.rim;
    ctx.stroke();
    ctx.restore();
  };

  // A housing area: a small house-shaped card with the share that is clear.
  symbols.area = function (ctx, x, y, w, h, share, hasDeficiency) {
    const p = trygg.palette();
    const left = x - w / 2, top = y - h / 2, bar = Math.max(4, h * 0.2);
    ctx.save();
    box(ctx, left, top, w, h, 4);
    ctx.fillStyle = p.paper;
    ctx.fill();
    ctx.save();
    ctx.clip();
    ctx.fillStyle = p.track;
    ctx.fillRect(left, top + h - bar, w, bar);
    ctx.fillStyle = p.met;
    ctx.fillRect(left, top + h - bar, w * (share || 0), bar);
    ctx.restore();
    box(ctx, left, top, w, h, 4);
    ctx.lineWidth = 1.4;
    ctx.strokeStyle = hasDeficiency ? p.far : p.line;
    ctx.stroke();
    ctx.fillStyle = p.strong;
    ctx.font = "600 " + h * 0.52 + "px " + trygg.FONT;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(share === null ? "–" : trygg.percent(share), x, top + (h - bar) / 2 + 0.5);
    if (hasDeficiency) {
      triangle(ctx, left + w, top, h * 0.26);
      ctx.lineJoin = "round";
      ctx.lineWidth = 2.5;
      ctx.strokeStyle = p.rim;
      ctx.stroke();
      ctx.fillStyle = p.far;
      ctx.fill();
    }
    ctx.restore();
  };

  // Several housing areas on one spot: how many, no share (shares do not add up without weights).
  symbols.areas = function (ctx, x, y, w, h, text, hasDeficiency) {
    const p = trygg.palette();
    ctx.save();
    box(ctx, x - w / 2 + 3, y - h / 2 - 3, w, h, 4);
    ctx.fillStyle = p.track;
    ctx.fill();
    box(ctx, x - w / 2, y - h / 2, w, h, 4);
    ctx.fillStyle = p.paper;
    ctx.fill();
    ctx.lineWidth = 1.4;
    ctx.strokeStyle = hasDeficiency ? p.far : p.line;
    ctx.stroke();
    ctx.fillStyle = p.strong;
    ctx.font = "600 " + h * 0.56 + "px " + trygg.FONT;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(text, x, y + 0.5);
    if (hasDeficiency) {
      triangle(ctx, x + w / 2, y - h / 2, h * 0.26);
      ctx.lineJoin = "round";
      ctx.lineWidth = 2.5;
      ctx.strokeStyle = p.rim;
      ctx.stroke();
      ctx.fillStyle = p.far;
      ctx.fill();
    }
    ctx.restore();
  };

  // As `Wording.percent`: cut, so that nearly all is never all, nor hardly anything nothing.
  trygg.percent = function (share) {
    const cut = share < 1 ? Math.min(99, Math.floor(share * 100 + 1e-9)) : 100;
    const shown = share > 0 && cut === 0 ? "<1" : cut;
    return shown + (trygg.scene && trygg.scene.locale === "en" ? "%" : "\u00a0%");
  };
  trygg.FONT = '"Source Sans", "Source Sans Pro", system-ui, "Segoe UI", Roboto, Arial, sans-serif';
})(window);
