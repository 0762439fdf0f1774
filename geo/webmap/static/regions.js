// How much happened in each province? Shades what it is told, units by their row in the base map,
// and says so in a legend of its own; names and outlines are fetched once for each detail.
(function () {
  "use strict";
  const INK = "#3a4652", LINE = "rgba(58, 70, 82, .55)", FINE = 5.5, MOST = 200;
  const HEADS = {
    incidents: "Incidents by province", deaths: "Known deaths by province",
    rate: "Incidents in 30 days", change: "Change by province",
  };
  const number = n => n.toLocaleString("en", { maximumFractionDigits: 2 });

  // where too few lie to be compared
  function hatch(c) {
    const tile = document.createElement("canvas"), t = tile.getContext("2d");
    tile.width = tile.height = 6;
    t.strokeStyle = "#8a949c"; t.lineWidth = 1;
    t.beginPath(); t.moveTo(-1, 7); t.lineTo(7, -1); t.moveTo(-1, 1); t.lineTo(1, -1); t.moveTo(5, 7); t.lineTo(7, 5); t.stroke();
    return c.createPattern(tile, "repeat");
  }

  L.AtlasRegions = L.AtlasCanvas.extend({
    initialize: function (options) {
      L.setOptions(this, options);
      this._told = null; this._known = { 0: new Map(), 1: new Map() }; this._paths = [];
    },
    onAdd: function (map) {
      this._spread(map, "overlayPane", "atlas-regions");
      this._tip = L.DomUtil.create("div", "atlas-tip", map.getContainer());
      this._tip.hidden = true;
      this._legend = L.control({ position: "topright" });
      this._legend.onAdd = () => {
        const box = L.DomUtil.create("details", "atlas-legend");
        box.open = map.getSize().x > 560;
        L.DomEvent.disableClickPropagation(box).disableScrollPropagation(box);
        return box;
      };
      map.on("mousemove click", this._hover, this).on("mouseout", () => { this._tip.hidden = true; });
    },
    // null takes the shades away
    show: function (told) {
      const text = JSON.stringify(told);
      if (text === this._text) return;
      this._text = text;
      this._told = told;
      this._map.getContainer().classList.toggle("atlas-shaded", Boolean(told));
      this._tip.hidden = true;
      if (told) { this._legend.addTo(this._map); this._explain(); } else this._legend.remove();
      this._paint();
    },
    // its paths are too many for each frame
    _moved: function () { this._stretch(); },
    _rested: function () { this._paint(); },
    _fetch: function (fine) {
      const known = this._known[fine], missing = this._told.units.map(unit => unit[0]).filter(row => !known.has(row));
      missing.forEach(row => known.set(row, null));
      for (let at = 0; at < missing.length; at += MOST) {
        const some = missing.slice(at, at + MOST);
        fetch(`${this.options.prefix}/atlas/provinces?of=${some.join(",")}&fine=${fine}`)
          .then(r => r.ok ? r.json() : Promise.reject(r.status))
          .then(found => { for (const [row, one] of Object.entries(found)) known.set(Number(row), { name: one.name, shape: L.atlasExtents.shaped(one.rings) }); this._again(); })
          .catch(() => some.forEach(row => known.delete(row)));
      }
    },
    _paint: function () {
      this._paths = [];
      const frame = this._frame(), { c } = frame;
      if (!this._told || frame.size.x < 2) return;
      const fine = this._map.getZoom() > FINE ? 1 : 0, known = this._known[fine], few = hatch(c);
      this._fetch(fine);
      for (const unit of this._told.units) {
        const outline = known.get(unit[0]) || this._known[1 - fine].get(unit[0]);
        if (!outline) continue;
        const path = new Path2D(), turn = frame.turn(outline.shape[0].at[0]);
        for (const { at } of outline.shape) {
          for (let i = 0; i < at.length; i += 2) {
            const x = frame.x(at[i]) + turn, y = frame.y(at[i + 1]);
            if (i) path.lineTo(x, y); else path.moveTo(x, y);
          }
          path.closePath();
        }
        c.fillStyle = unit[2] < 0 ? few : this._told.colours[unit[2]];
        c.fill(path, "evenodd");
        c.lineWidth = 0.6; c.strokeStyle = LINE; c.stroke(path);
        this._paths.push({ path, unit, name: outline.name });
      }
    },
    _hover: function (event) {
      const at = event.containerPoint, ratio = window.devicePixelRatio || 1, c = this._canvas.getContext("2d");
      const hit = this._told && this._paths.find(one => c.isPointInPath(one.path, at.x * ratio, at.y * ratio, "evenodd"));
      this._tip.hidden = !hit;
      if (!hit) return;
      const name = document.createElement("b"), said = document.createElement("span");
      name.textContent = hit.name;
      said.textContent = this._say(hit.unit);
      this._tip.replaceChildren(name, said);
      const size = this._map.getSize(), box = this._tip.getBoundingClientRect();
      this._tip.style.left = Math.max(4, Math.min(at.x + 14, size.x - box.width - 4)) + "px";
      this._tip.style.top = Math.max(4, Math.min(at.y + 14, size.y - box.height - 4)) + "px";
    },
    _say: function ([, value, level, before]) {
      const told = this._told, many = value === 1 ? "" : "s";
      if (told.measure === "deaths") return `${number(value)} known death${many}`;
      if (told.measure === "rate") return `${number(value)} incidents in 30 days`;
      if (told.measure !== "change") return `${number(value)} incident${many}`;
      const words = level < 0 ? "too few to compare" : told.words[level];
      return `${number(value)} incident${many}, before ${number(before)}: ${words}`;
    },
    _explain: function () {
      const told = this._told, box = this._legend.getContainer(), head = document.createElement("summary");
      head.textContent = HEADS[told.measure];
      const row = (colour, text, count) => {
        const made = document.createElement("div"), sign = document.createElement("canvas"), label = document.createElement("span"), n = document.createElement("i");
        made.className = "row";
        sign.width = sign.height = 20;
        const c = sign.getContext("2d");
        c.beginPath(); c.rect(2, 4, 16, 12); c.fillStyle = colour || hatch(c); c.fill(); c.lineWidth = 1; c.strokeStyle = LINE; c.stroke();
        label.textContent = text;
        n.textContent = count ? number(count) : "";
        made.append(sign, label, n);
        return made;
      };
      const note = text => { const p = document.createElement("p"); p.textContent = text; return p; };
      const units = level => told.units.filter(unit => unit[2] === level).length, rows = [head], change = told.measure === "change";
      const last = told.breaks.length - 1;
      const words = change ? told.words : told.breaks.map((from, at) => at === last ? `${number(from)} and more` : `${number(from)} to under ${number(told.breaks[at + 1])}`);
      [...words.keys()].reverse().forEach(at => rows.push(row(told.colours[at], words[at], units(at))));
      if (change && units(-1)) rows.push(row("", "too few to compare", units(-1)));
      if (!told.units.length) rows.push(note("No province has any."));
      rows.push(note(change ? "Provinces in each class; 95 % sure where it says more or fewer." : "Provinces in each class."));
      if (told.beside) rows.push(note(`${number(told.beside)} matched incident${told.beside === 1 ? " is" : "s are"} in no province: an area, a country or no place.`));
      box.replaceChildren(...rows);
    },
  });
})();
