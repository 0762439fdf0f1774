// Where on a canvas over the map does a place lie, and how does the canvas follow the map?
// Places are given in the map's square: from 0 to 1, eastward and southward.
(function () {
  "use strict";
  const TILE = 256, POLE = 85.0511287798;

  L.atlasSquare = {
    across: lon => (lon + 180) / 360,
    down: lat => {
      const sine = Math.sin(Math.max(-POLE, Math.min(POLE, lat)) * Math.PI / 180);
      return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
    },
    latlng: (x, y) => L.latLng(Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI, x * 360 - 180),
  };

  // a layer that paints what it knows (`_paint`) and asks for more when the map rests (`_rested`)
  L.AtlasCanvas = L.Layer.extend({
    _spread: function (map, pane, name) {
      this._map = map;
      this._canvas = L.DomUtil.create("canvas", `leaflet-zoom-animated ${name}`, map.getPane(pane));
      this._canvas.style.pointerEvents = "none";
      this._next = 0;
      map.on("move", this._follow, this).on("zoomanim", this._stretch, this);
      map.on("moveend resize", () => { this._still(); this._rested(); });
    },
    // while the map moves, once a frame
    _follow: function () {
      if (this._next) return;
      this._next = requestAnimationFrame(() => { this._next = 0; this._moved(); });
    },
    _still: function () { cancelAnimationFrame(this._next); this._next = 0; },
    _moved: function () { this._paint(); },
    // lays what was painted where it belongs in a view that is not painted yet
    _stretch: function (to) {
      if (!this._painted) return;
      const map = this._map, { corner, zoom } = this._painted;
      const center = to ? to.center : map.getCenter(), next = to ? to.zoom : map.getZoom();
      const at = map._latLngToNewLayerPoint(corner, next, center);
      L.DomUtil.setTransform(this._canvas, at, map.getZoomScale(next, zoom));
    },
    // empties the canvas over the view, and says where places lie on it
    _frame: function () {
      const map = this._map, size = map.getSize(), ratio = window.devicePixelRatio || 1;
      const canvas = this._canvas, top = map.containerPointToLayerPoint([0, 0]), c = canvas.getContext("2d");
      const wide = Math.round(size.x * ratio), high = Math.round(size.y * ratio);
      if (canvas.width !== wide || canvas.height !== high) {
        canvas.width = wide; canvas.height = high;
        canvas.style.width = size.x + "px"; canvas.style.height = size.y + "px";
      }
      L.DomUtil.setTransform(canvas, top, 1);
      this._painted = { corner: map.containerPointToLatLng([0, 0]), zoom: map.getZoom() };
      c.setTransform(1, 0, 0, 1, 0, 0);
      c.clearRect(0, 0, wide, high);
      c.setTransform(ratio, 0, 0, ratio, 0, 0);
      const width = TILE * Math.pow(2, map.getZoom()), from = map.getPixelOrigin().add(top), { across, down } = L.atlasSquare;
      const x = wx => wx * width - from.x, y = wy => wy * width - from.y;
      return {
        c, size, width, x, y,
        lon: degrees => x(across(degrees)), lat: degrees => y(down(degrees)),
        // how many worlds to the right the copy of a place lies that is nearest to the middle
        turn: wx => Math.round((size.x / 2 - x(wx)) / width) * width,
      };
    },
  });
})();
