// How does the page's map begin, and what do the page and the map tell each other?
(function () {
  "use strict";
  // when what was done on the map has come to an end: the page runs anew for it, which takes the time
  // of some steps of the days, so those wait for longer
  const REST_MS = 350, DAYS_MS = 1500;

  // what stays free beside the open legend
  const besideLegend = L.atlasBesideLegend = map => ({ paddingBottomRight: [map.getSize().x > 560 ? 196 : 0, 0] });

  // a page may build its map before it gives it room; a view fitted to no room shows the world
  function whenSized(map, fit) {
    const roomy = () => map.getSize().x > 50 && map.getSize().y > 50;
    if (roomy()) { fit(); return; }
    map.setView([20, 0], 2);
    const watch = new ResizeObserver(() => {
      map.invalidateSize(false);
      if (roomy()) { watch.disconnect(); fit(); }
    });
    watch.observe(map.getContainer());
  }

  // who asked for less motion gets none: the map is there at once
  function calmed(map) {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)"), { panBy } = map, animated = map._zoomAnimated;
    const heed = () => { map.options.inertia = !calm.matches; map._zoomAnimated = animated && !calm.matches; };
    map.panBy = (offset, options) => panBy.call(map, offset, calm.matches ? { ...options, animate: false } : options);
    heed();
    calm.addEventListener("change", heed);
  }

  L.atlas = {
    start: function (map, settings) {
      const box = settings.box, east = box.east < box.west ? box.east + 360 : box.east;
      map.attributionControl.setPrefix("Leaflet");
      calmed(map);
      // a hair smaller, so that a view from the address bar comes back at its own zoom
      const bounds = L.latLngBounds([[box.south, box.west], [box.north, east]]).pad(-0.004);
      const fit = () => map.fitBounds(bounds, settings.beside ? besideLegend(map) : {});
      whenSized(map, fit);
      if (settings.tiles) L.tileLayer(settings.tiles.url, { maxZoom: 14, maxNativeZoom: settings.tiles.zoom, attribution: settings.tiles.credit }).addTo(map);
      const base = new L.AtlasBase({ prefix: settings.prefix, over: Boolean(settings.tiles) }).addTo(map);
      const layer = new L.AtlasIncidents({ prefix: settings.prefix, pick: settings.pick }).addTo(map);
      // a canvas does not wait for the typeface, nor ask for it
      const faces = { 400: "SourceSans3_400Regular", 600: "SourceSans3_600SemiBold" };
      Promise.all(Object.entries(faces).map(([weight, file]) =>
        new FontFace("Source Sans 3", `url(${settings.prefix}/atlas/assets/${file}.ttf)`, { weight }).load()))
        .then(loaded => { loaded.forEach(face => document.fonts.add(face)); base.redraw(); layer._again(); });
      const said = { selected: null, view: null, picked: null, wanted: null, opening: null };
      let waiting = 0;
      const tell = () => {
        clearTimeout(waiting); waiting = 0;
        const view = map.getBounds();
        said.view = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()].map(n => Math.round(n * 1e4) / 1e4);
        window.Streamlit.setComponentValue({ ...said });
      };
      const soon = ms => { clearTimeout(waiting); waiting = setTimeout(tell, ms); };
      // whoever goes on beside the map has come to an end with it
      const leave = () => { if (waiting) tell(); };
      document.documentElement.addEventListener("mouseleave", leave);
      window.addEventListener("blur", leave);
      map.on("moveend", () => soon(REST_MS));
      layer.on("chosen", event => { said.selected = event.id; tell(); });
      const spot = L.circleMarker([0, 0], { radius: 7, color: "#1d4e6b", weight: 2.5, fillColor: "#fff", fillOpacity: 1, interactive: false });
      const marked = at => {
        if (!at) { spot.remove(); return; }
        spot.setLatLng([at[1], at[0]]).addTo(map);
        if (!map.getBounds().contains(spot.getLatLng())) map.panTo(spot.getLatLng());
      };
      if (settings.pick) {
        map.getContainer().classList.add("atlas-pick");
        map.on("click", event => {
          const at = event.latlng.wrap();
          said.picked = [at.lng, at.lat].map(n => Math.round(n * 1e5) / 1e5);
          marked(said.picked);
          tell();
        });
      }
      // what the page is asked to filter by; the time tells a wish from the one before it
      const want = wish => { said.wanted = { at: Date.now(), ...wish }; tell(); };
      if (!settings.pick) L.atlasLegend(map, layer);
      // what became of the days and the form that the page opened the map with
      const became = (name, value) => {
        if (!said.opening || String(said.opening[name]) === String(value)) return;
        said.opening = { ...said.opening, [name]: value };
        soon(name === "days" ? DAYS_MS : REST_MS);
      };
      const slider = settings.filters && L.atlasSlider(map, layer, dates => want({ dates }), days => became("days", days));
      const honeycomb = !settings.pick && L.atlasHexagons.control(map, layer, hexagons => became("hexagons", hexagons));
      const drawing = settings.filters && L.atlasDrawing(map, layer, want);
      const ahead = L.atlasAhead(settings.prefix, layer, token => { if (slider) slider.follow(token); });
      L.atlas.show = (token, selected, look, mark, area, opening, told) => {
        if (!ahead.isNewest(told)) return;
        const opens = opening && !(said.opening && said.opening.at === opening.at);
        if (drawing) drawing.show(area);
        if (opens) {
          said.opening = opening;
          layer.open(opening.days, opening.hexagons);
          honeycomb.set(opening.hexagons);
        }
        layer.show(token, selected, look);
        if (settings.pick) marked(mark);
        if (slider) slider.follow(token, opens ? opening.days : undefined);
      };
      const regions = new L.AtlasRegions({ prefix: settings.prefix }).addTo(map);
      L.atlas.shade = told => { layer.muted = Boolean(told); regions.show(told); };
      L.atlas.layer = layer;
    },
    show: function () {},
    shade: function () {},
    reach: L.atlasExtents.reach,
  };
})();
