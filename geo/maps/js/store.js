// What every part shares: the data channel, what the tab remembers, words, colours.
(function (root) {
  "use strict";
  const trygg = (root.trygg = root.trygg || {});

  // Base64 of UTF-8 JSON: nothing in it can be read as code by a template, a script or HTML.
  trygg.decode = function (text) {
    const bytes = Uint8Array.from(root.atob(text), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  };

  // Per tab, so that the view survives reruns and page changes. Works without storage too.
  trygg.remember = function (name, value) {
    try {
      if (value === undefined) return JSON.parse(root.sessionStorage.getItem("trygg." + name));
      root.sessionStorage.setItem("trygg." + name, JSON.stringify(value));
    } catch (ignored) {
      /* private mode, or a file:// page */
    }
    return null;
  };

  trygg.say = (name) => (trygg.scene && trygg.scene.texts[name]) || trygg.texts[name] || "";
  trygg.texts = {};

  trygg.element = function (tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  // For plugins that only take HTML: our own words, escaped all the same.
  trygg.escaped = (text) => trygg.element("i", "", text).innerHTML;

  // The page's own type is known to the page, not to this frame: the same file is read here too.
  trygg.startFont = function () {
    let page = null, file = "";
    try {
      page = root.parent === root ? null : root.parent.document;
      for (const sheet of page ? page.styleSheets : [])
        for (const rule of sheet.cssRules)
          if (rule.style && rule.cssText.startsWith("@font-face") &&
              /^["']?Source Sans["']?$/.test(rule.style.fontFamily) &&
              rule.style.fontStyle !== "italic")
            file = new URL(/url\(["']?([^"')]+)/.exec(rule.style.getPropertyValue("src"))[1],
              sheet.href || page.baseURI).href;
    } catch (ignored) {
      /* a page of somebody else, or rules written another way: the machine's own type will do */
    }
    if (!file) return;
    new FontFace("Source Sans", "url(" + JSON.stringify(file) + ")", { weight: "100 900" }).load()
      .then((face) => {
        document.fonts.add(face);
        if (trygg.scene) trygg.things.relayout();
      }, () => {});
  };

  // On a projector everything is larger; what counts is the page, not the frame in it.
  trygg.large = function () {
    try { return root.parent.innerWidth >= 1800; } catch (ignored) { return root.innerWidth >= 1800; }
  };

  trygg.calm = () => root.matchMedia("(prefers-reduced-motion: reduce)").matches;
  trygg.coarse = () => root.matchMedia("(pointer: coarse)").matches;

  // One rerun per call, and only from here. On a plain file there is nobody to tell.
  trygg.tell = function (event) {
    if (!root.Streamlit || !root.Streamlit.setComponentValue) return;
    const centre = trygg.map.getCenter();
    root.Streamlit.setComponentValue(
      Object.assign({ n: Date.now(), zoom: trygg.map.getZoom(), lat: centre.lat, lng: centre.lng },
        event)
    );
  };

  trygg.palettes = {
    light: {
      outside: "#e8ecf0", land: "#faf9f4", line: "#5f6d7c", neighbour: "#c9d1d9", grid: "#dde3e9",
      text: "#4b5763", strong: "#1b2530", faint: "#69747f", halo: "#ffffff", leader: "#6b7683",
      met: "#1f7a6d", behind: "#f2b134", behindLine: "#8a5a00", far: "#b3261e",
      unmeasured: "#667280", mark: "#ffffff", rim: "#ffffff", chosen: "#0b3d91",
      unseen: "#ffffff", unseenLine: "#667280", paper: "#ffffff", cell: [11, 61, 145],
      track: "#d9dfe5",
    },
    dark: {
      outside: "#10161d", land: "#1c252e", line: "#8696a7", neighbour: "#33404d", grid: "#1a232c",
      text: "#b9c5d0", strong: "#f2f5f8", faint: "#93a1af", halo: "#10161d", leader: "#8c9aa8",
      met: "#35a692", behind: "#f2b134", behindLine: "#8a5a00", far: "#ef6a5f",
      unmeasured: "#a9b6c2", mark: "#0d1318", rim: "#10161d", chosen: "#8ab8ff",
      unseen: "#1c252e", unseenLine: "#a9b6c2", paper: "#1c252e", cell: [138, 184, 255],
      track: "#3b4855",
    },
  };
  trygg.palette = () => trygg.palettes[trygg.theme === "dark" ? "dark" : "light"];
  trygg.theme = "light";

  trygg.PLACE_STATES = ["met", "behind", "far", "unmeasured", "absent"];
  trygg.SPACE_STATES = ["clear", "due", "deficiency", "unseen", "none"];
})(window);
