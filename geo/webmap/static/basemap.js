// Which land, water, lines and names lie under the incidents? Drawn from the server's answer for a
// padded view into a picture with room around it; a map that moves is painted from the pictures there
// are, and drawn anew when it rests.
(function () {
  "use strict";
  const WIDEST = 1000, KEPT = 8, PICTURES = 3, ROOM = 0.2, PAINTED_MS = 60;

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
      this._answer = null; this._answers = []; this._pictures = []; this._asked = ""; this._waiting = 0;
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
      this._paint();
      clearTimeout(this._waiting);
      // what moved is painted first
      this._waiting = setTimeout(() => { this._accompany(); this._turn(); this._ask(); }, this._answer ? PAINTED_MS : 0);
    },
    // draws the answer that shows the view best: all of it, then at the nearest zoom
    _turn: function () {
      const { bounds: view, zoom } = L.atlasView(this._map), whole = this._answers.filter(one => one.held.contains(view));
      if (whole.length) this._answer = whole.reduce((best, one) => Math.abs(one.zoom - zoom) < Math.abs(best.zoom - zoom) ? one : best);
      const [newest] = this._pictures;
      if (newest && newest.answer === this._answer && newest.zoom === this._map.getZoom() && newest.bounds.contains(this._map.getPixelBounds())) return;
      this.redraw();
    },
    _ask: function () {
      const { bounds: view, zoom } = L.atlasView(this._map);
      if (this._answer && this._answer.zoom === zoom && this._answer.held.contains(view)) return;
      const held = around(view, zoom);
      const url = `${this.options.prefix}/atlas/basemap?bbox=${L.atlasBox(held, 2, 85)}&zoom=${zoom}`;
      if (url === this._asked) return;
      this._asked = url;
      fetch(url).then(r => r.ok ? r.json() : Promise.reject(r.status)).then(answer => {
        this._answers = [{ ...answer, held }, ...this._answers].slice(0, KEPT);
        if (url !== this._asked) return;
        this._asked = "";
        this._turn();
      }).catch(() => { if (url === this._asked) this._asked = ""; });
    },
    _ready: function () { return this._pictures.length > 0; },
    // a new picture of the view, with room around it; a map on its way is drawn when it is there
    redraw: function () {
      const map = this._map, zoom = map.getZoom(), ratio = window.devicePixelRatio || 1;
      if (!this._answer || map._animatingZoom) return;
      const view = map.getPixelBounds(), room = view.getSize().multiplyBy(ROOM).round();
      const bounds = L.bounds(view.min.subtract(room), view.max.add(room)), size = bounds.getSize();
      const canvas = document.createElement("canvas"), c = canvas.getContext("2d"), { across, down } = L.atlasSquare, width = L.atlasSquare.width(zoom);
      canvas.width = Math.round(size.x * ratio); canvas.height = Math.round(size.y * ratio);
      c.scale(ratio, ratio);
      const x = lon => across(lon) * width - bounds.min.x, y = lat => down(lat) * width - bounds.min.y;
      L.atlasGround.draw(c, this._answer, { x, y, size, over: this.options.over });
      const picture = { canvas, bounds, zoom, width, answer: this._answer };
      this._pictures = [picture, ...this._pictures.filter(one => one.zoom !== zoom)].slice(0, PICTURES);
      this._paint();
    },
    _paint: function (to) {
      const frame = this._frame(to), { c, size } = frame, zoom = to ? to.zoom : this._map.getZoom();
      if (!this.options.over) { c.fillStyle = L.atlasGround.SEA; c.fillRect(0, 0, size.x, size.y); }
      // the nearest zoom last, on top
      const far = one => Math.abs(one.zoom - zoom), spots = [...this._pictures].sort((a, b) => far(b) - far(a)).map(({ canvas, bounds, width }) => {
        const turn = frame.turn(bounds.getCenter().x / width), share = frame.width / width, { x: w, y: h } = bounds.getSize().multiplyBy(share);
        return { canvas, x: frame.x(bounds.min.x / width) + turn, y: frame.y(bounds.min.y / width), w, h };
      });
      const covers = ({ x, y, w, h }) => x < 1 && y < 1 && x + w > size.x - 1 && y + h > size.y - 1;
      const enough = spots.reduce((found, spot, i) => covers(spot) ? i : found, this.options.over ? spots.length - 1 : 0);
      for (const { canvas, x, y, w, h } of spots.slice(Math.max(enough, 0))) c.drawImage(canvas, Math.round(x), Math.round(y), w, h);
    },
  });
})();
