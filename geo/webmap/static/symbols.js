// How is an incident drawn? One channel, one meaning: colour = group, shape and pictogram =
// type, size = deaths, outline = assessment, hollow or hatched = place not exact.
(function () {
  "use strict";
  const paths = new Map();
  const path = text => {
    if (!paths.has(text)) paths.set(text, new Path2D(text));
    return paths.get(text);
  };
  const BASE = 9.5, PER_ROOT = 1.15, LARGEST = 24;

  // half the width in pixels; unknown deaths have the base size and are marked as unknown
  function radius(deaths) {
    return deaths === null ? BASE : Math.min(BASE + PER_ROOT * Math.sqrt(deaths), LARGEST);
  }

  function outline(c, kind, x, y, r) {
    c.save(); c.translate(x - r, y - r); c.scale(r / 12, r / 12);
    return () => c.restore();
  }

  // assessment: reported thin, corroborated heavy, claimed double, disputed double and broken
  function symbol(c, type, x, y, look) {
    const r = look.r || radius(look.deaths), hollow = look.hollow;
    c.globalAlpha = look.uncertain ? 0.45 : 1;
    const end = outline(c, type, x, y, r), shape = path(type.outline), unit = 12 / r;
    if (look.assessment === "claimed" || look.assessment === "disputed") {
      if (look.assessment === "disputed") c.setLineDash([9, 5]);
      c.lineWidth = 7 * unit; c.strokeStyle = type.colour; c.stroke(shape);
      c.setLineDash([]);
      c.lineWidth = 4.4 * unit; c.strokeStyle = "#fff"; c.stroke(shape);
    } else {
      c.lineWidth = (look.assessment === "corroborated" ? 6 : 3) * unit;
      c.strokeStyle = look.assessment === "corroborated" ? "#1f2a33" : "#fff"; c.stroke(shape);
      if (look.assessment === "corroborated") { c.lineWidth = 3 * unit; c.strokeStyle = "#fff"; c.stroke(shape); }
    }
    c.fillStyle = hollow ? "#fff" : type.colour; c.fill(shape);
    if (hollow) { c.lineWidth = 1.6 * unit; c.strokeStyle = type.colour; c.stroke(shape); }
    c.fillStyle = hollow ? type.colour : "#fff"; c.fill(path(type.glyph));
    end();
    if (look.deaths === null && !look.plain) {
      c.font = '600 9px "Source Sans 3", sans-serif'; c.textAlign = "center"; c.textBaseline = "middle";
      c.lineWidth = 3; c.strokeStyle = "#fff"; c.strokeText("?", x + r + 1, y - r + 2);
      c.fillStyle = "#3a4652"; c.fillText("?", x + r + 1, y - r + 2);
    }
    c.globalAlpha = 1;
    return r;
  }

  // the room a count needs; never a scale, since size means deaths
  const counted = n => n > 99999 ? `${Math.round(n / 1000).toLocaleString("en")}k` : n.toLocaleString("en");
  const groupRadius = n => 10 + 2.4 * Math.max(counted(n).length - 1, 1);

  // a count of several incidents: a ring shows their groups; thin where places are not exact
  function group(c, x, y, parts, hollow) {
    const total = parts.reduce((all, part) => all + part.n, 0), r = groupRadius(total);
    const shares = new Map();
    for (const part of parts) shares.set(part.colour, (shares.get(part.colour) || 0) + part.n);
    c.beginPath(); c.arc(x, y, r + 1.5, 0, 7); c.fillStyle = "#fff"; c.fill();
    let angle = -Math.PI / 2;
    for (const [colour, n] of [...shares].sort((a, b) => b[1] - a[1])) {
      const next = angle + 2 * Math.PI * n / total;
      c.beginPath(); c.arc(x, y, r - (hollow ? 1 : 2), angle, next);
      c.lineWidth = hollow ? 1.6 : 4; c.strokeStyle = colour; c.stroke();
      angle = next;
    }
    c.fillStyle = "#1f2a33"; c.textAlign = "center"; c.textBaseline = "middle";
    c.font = '600 11.5px "Source Sans 3", sans-serif';
    c.fillText(counted(total), x, y + 0.5);
    return r + 1.5;
  }

  // a tag on an area or a country: square, never a pin
  function tagWidth(c, text) {
    c.font = '600 11px "Source Sans 3", sans-serif';
    return c.measureText(text).width + 10;
  }
  function tag(c, x, y, text, dark) {
    const width = tagWidth(c, text);
    c.beginPath(); c.rect(x - width / 2, y - 9, width, 18);
    c.fillStyle = dark ? "#3a4652" : "#fff"; c.fill();
    c.lineWidth = 1.2; c.strokeStyle = dark ? "#fff" : "#3a4652"; c.stroke();
    c.fillStyle = dark ? "#fff" : "#1f2a33"; c.textAlign = "center"; c.textBaseline = "middle";
    c.fillText(text, x, y + 0.5);
  }

  const hatches = new Map();
  function hatch(c, colour) {
    if (!hatches.has(colour)) {
      const tile = document.createElement("canvas");
      tile.width = tile.height = 7;
      const t = tile.getContext("2d");
      t.strokeStyle = colour; t.globalAlpha = 0.55; t.lineWidth = 1.1;
      t.beginPath(); t.moveTo(-1, 8); t.lineTo(8, -1); t.moveTo(-1, 1); t.lineTo(1, -1); t.moveTo(6, 8); t.lineTo(8, 6);
      t.stroke();
      hatches.set(colour, c.createPattern(tile, "repeat"));
    }
    return hatches.get(colour);
  }

  L.atlasSymbols = { symbol, group, groupRadius, tag, tagWidth, hatch, radius };
})();
