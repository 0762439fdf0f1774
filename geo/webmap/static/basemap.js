// Which land, water, lines and names lie under the incidents? Painted on one canvas from the
// server's answer for a padded view; asked for again only when the view leaves it or zooms.
(function () {
  "use strict";
  const SEA = "#dbe8f0", LAND = "#f4f2ed", WATER = "#c4dae6", RIVER = "#a9c8da";
  const UNIT = "#d3cec4", LINE = "#7b8289", INK = "#3a4652", SOFT = "#7d868e";
  const WIDEST = 1000, KEPT = 8, PAINTED_MS = 60;
  const FONT = '"Source Sans 3", sans-serif';

  // a view with room around it, in steps, so that the same is asked again where a map comes back
  function around(view, zoom) {
    const room = view.pad(0.4), step = 180 / 2 ** zoom, down = n => Math.floor(n / step) * step, up = n => Math.ceil(n / step) * step;
    let west = down(room.getWest()), east = up(room.getEast());
    // no more than the world and its two neighbours
    if (east - west > WIDEST) { west = room.getCenter().lng - WIDEST / 2; east = west + WIDEST; }
    return L.latLngBounds([down(room.getSouth()), west], [up(room.getNorth()), east]);
  }

  L.AtlasBase = L.AtlasCanvas.extend({
    initialize: function (options) {
      L.setOptions(this, options);
      this._answer = null; this._answers = []; this._asked = ""; this._waiting = 0;
    },
    onAdd: function (map) {
      this._spread(map, "tilePane", "");
      this._notes = L.control({ position: "bottomright" });
      this._notes.onAdd = () => {
        const box = L.DomUtil.create("details", "atlas-notes");
        L.DomEvent.disableClickPropagation(box).disableScrollPropagation(box);
        return box;
      };
      this._notes.addTo(map);
      this._rested();
    },
    // the sentences that must accompany this view, named at once and read by opening them
    _accompany: function () {
      const view = this._map.getBounds();
      const text = L.atlasBox(view, 1, 85);
      if (text === this._noted) return;
      this._noted = text;
      fetch(`${this.options.prefix}/atlas/notes?bbox=${text}`).then(r => r.ok ? r.json() : []).then(notes => {
        if (text !== this._noted) return;
        const box = this._notes.getContainer(), head = document.createElement("summary");
        head.textContent = "Boundaries: " + (!notes.length ? "neutral drawing" : notes.length > 5 ? `${notes.length} notes` : notes.map(n => n.name).join(", "));
        const lines = notes.map(n => n.text).concat(this._answer ? [this._answer.tolerance] : []);
        box.replaceChildren(head, ...lines.map(line => {
          const p = document.createElement("p");
          p.textContent = line;
          return p;
        }));
      });
    },
    _rested: function () {
      // a map that has no room yet has no view to ask about
      const room = this._map.getSize();
      if (room.x < 2 || room.y < 2) return;
      this._turn();
      this._paint();
      clearTimeout(this._waiting);
      // what moved is painted first
      this._waiting = setTimeout(() => { this._accompany(); this._ask(); }, this._answer ? PAINTED_MS : 0);
    },
    _ready: function (to) { this._turn(to); return true; },
    // the answer that shows the view best: all of it, then at the nearest zoom
    _turn: function (to) {
      const { bounds: view, zoom } = L.atlasView(this._map, to && to.center, to && to.zoom), whole = this._answers.filter(one => one.held.contains(view));
      if (whole.length) this._answer = whole.reduce((best, one) => Math.abs(one.zoom - zoom) < Math.abs(best.zoom - zoom) ? one : best);
    },
    _ask: function () {
      const zoom = Math.round(this._map.getZoom()), view = this._map.getBounds();
      if (this._answer && this._answer.zoom === zoom && this._answer.held.contains(view)) return;
      const held = around(view, zoom);
      const url = `${this.options.prefix}/atlas/basemap?bbox=${L.atlasBox(held, 2, 85)}&zoom=${zoom}`;
      if (url === this._asked) return;
      this._asked = url;
      fetch(url).then(r => r.ok ? r.json() : Promise.reject(r.status)).then(answer => {
        this._answers = [{ ...answer, held }, ...this._answers].slice(0, KEPT);
        if (url !== this._asked) return;
        this._asked = "";
        this._answer = this._answers[0];
        this._again();
      }).catch(() => { if (url === this._asked) this._asked = ""; });
    },
    _paint: function (to) {
      const frame = this._frame(to), { c, size, lon: x, lat: y } = frame;
      const answer = this._answer, over = this.options.over;
      if (!over) { c.fillStyle = SEA; c.fillRect(0, 0, size.x, size.y); }
      if (!answer) return;
      const trace = parts => {
        c.beginPath();
        for (const part of parts) {
          for (let i = 0; i < part.length; i += 2) {
            if (i) c.lineTo(x(part[i]), y(part[i + 1])); else c.moveTo(x(part[i]), y(part[i + 1]));
          }
        }
      };
      c.lineJoin = c.lineCap = "round";
      // over online tiles only our boundary lines are drawn, and their notes
      if (!over) this._land(c, answer, trace);
      c.lineCap = "butt";
      for (const [name, parts] of Object.entries(answer.lines)) {
        const style = answer.classes[name];
        trace(parts);
        c.setLineDash([]); c.lineWidth = 3; c.strokeStyle = "rgba(255,255,255,.85)"; c.stroke();
        c.setLineDash(style.dash.map(n => n * 1.4)); c.lineWidth = style.width * 1.15;
        c.strokeStyle = LINE; c.stroke();
      }
      c.setLineDash([]);
      if (!over) this._names(c, answer, x, y, size);
    },
    _land: function (c, answer, trace) {
      // the coast first: the fill then covers it along every inner border
      trace(answer.land);
      c.lineWidth = 2; c.strokeStyle = "#b9c6cf"; c.stroke();
      c.fillStyle = LAND; c.fill("nonzero");
      c.lineWidth = 0.8; c.strokeStyle = LAND; c.stroke();
      c.lineWidth = 0.9; c.strokeStyle = RIVER; trace(answer.rivers); c.stroke();
      trace(answer.lakes); c.fillStyle = WATER; c.fill("evenodd");
      c.lineWidth = 0.7; c.strokeStyle = UNIT; trace(answer.units); c.stroke();
    },
    _names: function (c, answer, x, y, size) {
      const taken = [];
      const place = (text, px, py, font, colour, options) => {
        c.font = font;
        const width = c.measureText(text).width + (options.pad || 4), height = options.height || 14;
        const left = options.align === "left" ? px : px - width / 2;
        const box = [left, py - height / 2, left + width, py + height / 2];
        if (box[0] < 2 || box[1] < 2 || box[2] > size.x - 2 || box[3] > size.y - 2) return false;
        if (taken.some(t => t[0] < box[2] && t[2] > box[0] && t[1] < box[3] && t[3] > box[1])) return false;
        taken.push(box);
        c.textAlign = options.align || "center";
        c.textBaseline = "middle";
        c.lineWidth = 3; c.strokeStyle = "rgba(255,255,255,.88)"; c.lineJoin = "round";
        c.strokeText(text, px, py);
        c.fillStyle = colour; c.fillText(text, px, py);
        return true;
      };
      for (const [text, lon, lat] of answer.names.countries) {
        if ("letterSpacing" in c) c.letterSpacing = "2px";
        place(text.toUpperCase(), x(lon), y(lat), `600 12px ${FONT}`, "#8a9299", { height: 18, pad: 10 });
        if ("letterSpacing" in c) c.letterSpacing = "0px";
      }
      for (const [text, lon, lat, angle] of answer.names.lines) {
        c.save();
        c.translate(x(lon), y(lat)); c.rotate(angle);
        c.font = `italic 11px ${FONT}`; c.textAlign = "center"; c.textBaseline = "bottom";
        c.lineWidth = 3; c.strokeStyle = "rgba(255,255,255,.9)"; c.strokeText(text, 0, -4);
        c.fillStyle = INK; c.fillText(text, 0, -4);
        c.restore();
        taken.push([x(lon) - 40, y(lat) - 20, x(lon) + 40, y(lat) + 8]);
      }
      for (const [text, lon, lat, kind] of answer.names.towns) {
        const px = x(lon), py = y(lat);
        if (px < 0 || py < 0 || px > size.x || py > size.y) continue;
        const font = kind === 0 ? `600 12.5px ${FONT}` : `400 11.5px ${FONT}`;
        if (!place(text, px + 6, py, font, INK, { align: "left" })) continue;
        c.beginPath(); c.arc(px, py, kind === 0 ? 2.8 : 2, 0, 7);
        c.fillStyle = kind === 2 ? "#fff" : INK; c.fill();
        c.lineWidth = 1; c.strokeStyle = INK; c.stroke();
      }
      for (const [text, lon, lat] of answer.names.units) {
        place(text, x(lon), y(lat), `italic 11px ${FONT}`, SOFT, {});
      }
    },
  });
})();
