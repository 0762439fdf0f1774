// Where are many incidents? Hexagons of one hue, darker where more exact places are counted; what
// has no exact place is in none of them, and the legend counts it.
(function () {
  "use strict";
  // light to dark of one hue that no event group and no water has
  const SHADES = ["#b5aed6", "#8f84c2", "#6a5cab", "#4b3b8d", "#2f2166"], WIDE = 46, TILE = 256;

  // the least count of each shade: steps of equal ratio up to the fullest hexagon
  function shades(most) {
    const made = [];
    SHADES.forEach((colour, at) => {
      const from = at ? Math.floor(Math.pow(most, at / SHADES.length)) + 1 : 1;
      if (from > most) return;
      if (made.length && made[made.length - 1].from === from) made.pop();
      made.push({ from, colour });
    });
    return made;
  }

  function hexagon(c, x, y, r, colour) {
    c.beginPath();
    for (let i = 0; i < 6; i++) {
      const angle = Math.PI / 3 * i + Math.PI / 6;
      c[i ? "lineTo" : "moveTo"](x + r * Math.cos(angle), y + r * Math.sin(angle));
    }
    c.closePath();
    c.globalAlpha = 0.86; c.fillStyle = colour; c.fill(); c.globalAlpha = 1;
    c.lineWidth = 1; c.strokeStyle = "#fff"; c.stroke();
  }

  // paints a view; answers with what can be pointed at
  function paint(frame, data) {
    const { c, size } = frame, steps = shades(data.most), wide = WIDE / TILE * frame.width / Math.pow(2, data.level), hits = [];
    const short = n => n > 9999 ? `${Math.round(n / 1000)}k` : n.toLocaleString("en");
    for (const sign of data.hexagons) {
      const x = frame.x(sign.x) + frame.turn(sign.x), y = frame.y(sign.y), n = sign.n;
      if (x < -wide || y < -wide || x > size.x + wide || y > size.y + wide) continue;
      const at = steps.reduce((found, step, i) => n >= step.from ? i : found, 0);
      hexagon(c, x, y, wide / Math.sqrt(3), steps[at].colour);
      if (wide >= 32) {
        c.font = '600 11.5px "Source Sans 3", sans-serif'; c.textAlign = "center"; c.textBaseline = "middle";
        c.fillStyle = SHADES.indexOf(steps[at].colour) > 1 ? "#fff" : "#1f2a33";
        c.fillText(short(n), x, y + 0.5);
      }
      hits.push({ x, y, r: wide / 2, n, sign, incidents: [], head: n > 1 ? "" : "Click to see it" });
    }
    return hits;
  }

  function control(map, layer, changed) {
    const made = L.control({ position: "topleft" }), bar = L.DomUtil.create("div", "leaflet-bar atlas-tool atlas-honeycomb");
    const button = L.DomUtil.create("button", "", bar), icon = document.createElement("canvas"), ratio = window.devicePixelRatio || 1;
    button.type = "button"; button.title = "Count exact places in hexagons"; button.setAttribute("aria-label", button.title);
    button.setAttribute("aria-pressed", "false");
    icon.width = icon.height = 20 * ratio; icon.style.width = icon.style.height = "20px";
    const c = icon.getContext("2d");
    c.scale(ratio, ratio);
    for (const [x, y, shade] of [[6, 7, 2], [14, 7, 3], [10, 14, 1]]) hexagon(c, x, y, 4.6, SHADES[shade]);
    button.append(icon);
    const set = on => {
      button.classList.toggle("on", on);
      button.setAttribute("aria-pressed", String(on));
    };
    button.onclick = () => {
      const on = !button.classList.contains("on");
      set(on);
      layer.setHoneycomb(on);
      changed(on);
    };
    made.onAdd = () => { L.DomEvent.disableClickPropagation(bar); return bar; };
    made.addTo(map);
    return { set };
  }

  L.atlasHexagons = { shades, hexagon, paint, control };
})();
