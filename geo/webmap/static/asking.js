// Which box does a view ask the server about? One that is never closed: rounding goes outward,
// and a view without room, or wholly beyond the drawn latitudes, still has a width and a height.
(function () {
  "use strict";
  L.atlasBox = function (view, digits, limit) {
    const scale = Math.pow(10, digits), clip = lat => Math.max(-limit, Math.min(limit, lat));
    const opened = (low, high) => {
      const least = Math.floor(low * scale);
      return [least, Math.max(Math.ceil(high * scale), least + 1)].map(n => (n / scale).toFixed(digits));
    };
    const [west, east] = opened(view.getWest(), view.getEast());
    const [south, north] = opened(clip(view.getSouth()), clip(view.getNorth()));
    return [west, south, east, north].join(",");
  };
})();
