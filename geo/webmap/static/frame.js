// Where on a canvas over the map does a place lie, and how does the canvas follow the map?
// Places are given in the map's square: from 0 to 1, eastward and southward.
(function () {
  "use strict";
  const TILE = 256, FRAME_MS = 12, POLE = 85.0511287798;

  L.atlasSquare = {
    across: lon => (lon + 180) / 360,
    down: lat => {
      const sine = Math.sin(Math.max(-POLE, Math.min(POLE, lat)) * Math.PI / 180);
      return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
    },
    // of the whole square in pixels
    width: zoom => TILE * Math.pow(2, zoom),
    latlng: (x, y) => L.latLng(Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI, x * 360 - 180),
  };

  // a layer that paints what it knows (`_paint`) and asks for more when the map rests (`_rested`); what
  // it is `_ready` to paint of a view that the map zooms out to, it paints before the map is there
  L.AtlasCanvas = L.Layer.extend({
    _spread: function (map, pane, name) {
      this._map = map;
      this._canvas = L.DomUtil.create("canvas", `leaflet-zoom-animated ${name}`, map.getPane(pane));
      this._canvas.style.pointerEvents = "none";
      this._next = this._due = 0;
      map.on("move", this._follow, this).on("zoomanim", this._zoom, this);
      map.on("moveend resize", () => { this._still(); this._rested(); });
    },
    // while the map moves: as often as it takes a quarter of the time, the rest is for the gesture
    _follow: function () {
      if (this._next) return;
      this._next = setTimeout(() => {
        const begun = performance.now();
        this._next = 0;
        this._moved();
        const now = performance.now();
        this._due = now + Math.max(FRAME_MS, 3 * (now - begun));
      }, Math.max(0, this._due - performance.now()));
    },
    _still: function () { clearTimeout(this._next); this._next = 0; },
    _moved: function () { this._paint(); },
    // something else is known of the same view; a map that is on its way is painted when it is there
    _again: function () { if (!this._map._animatingZoom) this._paint(); },
    _ready: function () { return false; },
    // what a zoom out brings into view is painted large and shrinks to its size; into a zoom in, what
    // is painted grows
    _zoom: function (to) {
      if (to.zoom < this._map.getZoom() && this._ready(to)) {
        this._paint(to);
        this._canvas.style.transition = "none";
        this._stretch();
        this._canvas.getBoundingClientRect();
        this._canvas.style.transition = "";
      }
      this._stretch(to);
    },
    // lays what was painted where it belongs in a view that is not painted
    _stretch: function (to) {
      if (!this._painted) return;
      const map = this._map, { corner, zoom } = this._painted, { center, zoom: next } = to || here(map);
      L.DomUtil.setTransform(this._canvas, map._latLngToNewLayerPoint(corner, next, center), map.getZoomScale(next, zoom));
    },
    // empties the canvas over a view, and says where places lie on it
    _frame: function (to) {
      const map = this._map, size = map.getSize(), ratio = window.devicePixelRatio || 1, { center, zoom } = to || here(map);
      const canvas = this._canvas, c = canvas.getContext("2d"), from = map.getPixelBounds(center, zoom).min;
      const wide = Math.round(size.x * ratio), high = Math.round(size.y * ratio);
      if (canvas.width !== wide || canvas.height !== high) {
        canvas.width = wide; canvas.height = high;
        canvas.style.width = size.x + "px"; canvas.style.height = size.y + "px";
      }
      this._painted = { corner: map.unproject(from, zoom), zoom };
      if (!to) L.DomUtil.setTransform(canvas, map.containerPointToLayerPoint([0, 0]), 1);
      c.setTransform(1, 0, 0, 1, 0, 0);
      c.clearRect(0, 0, wide, high);
      c.setTransform(ratio, 0, 0, ratio, 0, 0);
      const { across, down } = L.atlasSquare, width = L.atlasSquare.width(zoom);
      const x = wx => wx * width - from.x, y = wy => wy * width - from.y;
      return {
        c, size, zoom, width, x, y,
        lon: degrees => x(across(degrees)), lat: degrees => y(down(degrees)),
        // how many worlds to the right the copy of a place lies that is nearest to the middle
        turn: wx => Math.round((size.x / 2 - x(wx)) / width) * width,
      };
    },
  });
  const here = map => ({ center: map.getCenter(), zoom: map.getZoom() });
})();
