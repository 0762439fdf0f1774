// What is known to be where? Fetches a registered view and paints it: pins only for exact
// places, true-radius discs and hatched areas for the rest. Tells the page what was chosen.
(function () {
  "use strict";
  const S = L.atlasSymbols;
  const PRECISIONS = ["exact", "near", "district", "province", "area", "country", "none"];
  const ASSESSMENTS = ["reported", "claimed", "corroborated", "disputed"];
  const INK = "#3a4652", HALO = "#f2b705", EQUATOR = 6378137, FLATTENING = 1 / 298.257223563;
  // below this zoom a province is smaller than the count that stands for it
  const LISTED = 200, HATCHED = 4, REST_MS = 350, sum = counts => counts.reduce((all, n) => all + n, 0);
  const E2 = FLATTENING * (2 - FLATTENING);

  // a disc of a true ground radius: its edges in degrees, from the ellipsoid's two curvatures
  function reach(lat, metres) {
    const sin = Math.sin(lat * Math.PI / 180), w = 1 - E2 * sin * sin;
    const meridian = EQUATOR * (1 - E2) / Math.pow(w, 1.5), normal = EQUATOR / Math.sqrt(w);
    const degrees = 180 / Math.PI;
    return {
      lat: metres / meridian * degrees,
      lon: metres / (normal * Math.max(Math.cos(lat * Math.PI / 180), 0.01)) * degrees,
    };
  }

  const AtlasIncidents = L.Layer.extend({
    initialize: function (options) {
      L.setOptions(this, options);
      this._data = null; this._token = ""; this._shown = ""; this._selected = -1; this._look = 0;
      this._window = null; this._shown_days = ""; this._whole = null; this._honeycomb = false; this._asking = null;
      this._hits = []; this._about = new Map(); this._painted = null; this._outlines = new Map();
    },
    onAdd: function (map) {
      this._map = map;
      this._canvas = L.DomUtil.create("canvas", "leaflet-zoom-animated atlas-signs", map.getPane("overlayPane"));
      this._canvas.style.pointerEvents = "none";
      this._tip = L.DomUtil.create("div", "atlas-tip", map.getContainer());
      this._tip.hidden = true;
      this._card = L.DomUtil.create("div", "atlas-card", map.getContainer());
      this._card.hidden = true;
      L.DomEvent.disableClickPropagation(this._card).disableScrollPropagation(this._card);
      map.on("moveend resize", this._moved, this).on("zoomanim", this._zoom, this);
      map.on("mousemove", this._hover, this).on("mouseout", this._leave, this);
      map.on("click", this._click, this);
      this._paint();
    },
    show: function (token, selected, look) {
      const looks = look !== this._look;
      this._look = look; this._selected = selected;
      const then = () => { this._paint(); if (looks) this._bringIntoView(); };
      if (token === this._token) { then(); return; }
      this._token = token; this._whole = null;
      this._outlines = new Map();
      if (!token) { this._asking = null; this._take(null); then(); return; }
      this._ask(then);
    },
    // what this view shows; of few incidents, all at once. An answer that is overtaken is dropped
    _ask: function (then) {
      const view = this._map.getBounds(), zoom = Math.max(0, Math.min(18, Math.round(this._map.getZoom())));
      const bbox = L.atlasBox(view, 4, 89);
      if (this._asking) this._asking.abort();
      const asking = this._asking = new AbortController(), whole = this._whole;
      // what is held is narrowed by name; what is not held yet comes first
      const days = this._window ? `&from=${this._window[0]}&to=${this._window[1]}` : "";
      const url = `${this._url(this._token)}?bbox=${bbox}&zoom=${zoom}${this._honeycomb ? "&as=hexagons" : ""}`, signal = asking.signal;
      const get = more => fetch(`${url}${more}`, { signal }).then(r => r.ok ? r.json() : Promise.reject(r.status));
      const take = data => {
        if (asking !== this._asking) return undefined;
        if (data.rows && !this._whole) return get("").then(all => { this._whole = all; return take(data); });
        if (data.whole) this._whole = data;
        this._asking = null;
        this._shown_days = days;
        this._take(data.rows ? L.atlasNarrowed(this._whole, data) : data);
        return then();
      };
      if (whole && !days && !this._honeycomb) { take(whole); return; }
      get(days).then(take)
        .catch(error => { if (asking === this._asking && !(error && error.name === "AbortError")) { this._asking = null; this._take(null); then(); } });
    },
    url: function () { return this._url(this._token); },
    isAsking: function () { return Boolean(this._asking); },
    // narrows what is painted to a first and a last day, or not at all
    setWindow: function (days) {
      this._window = days;
      if (this._token) this._ask(() => this._paint());
    },
    // both at once, as a page opens the map
    open: function (days, honeycomb) {
      this._window = days;
      this.setHoneycomb(honeycomb);
    },
    // counts exact places in hexagons, or draws them as they are
    setHoneycomb: function (on) {
      this._honeycomb = on;
      this._closeList();
      if (this._token) this._ask(() => this._paint());
    },
    _url: function (token) { return `${this.options.prefix}/atlas/incidents/${token}`; },
    // rows and signs that are painted belong to the view that is shown, also while the next is awaited
    _of_shown: function (what) { return `${this._url(this._shown)}/${what}`; },
    _moved: function () {
      if (this._data && !this._data.whole) this._ask(() => this._paint()); else this._paint();
    },
    _take: function (data) {
      // while a view of many is moved, what was learned and the open list stay
      if (this._shown !== this._token) { this._about.clear(); this._closeList(); }
      this._data = data;
      this._shown = this._token;
      this._leave();
      if (!data) return;
      this._at_row = new Map(data.incidents.row.map((row, i) => [row, i]));
      const m = data.marks, n = m.lon.length;
      this._world = new Float64Array(2 * n);
      for (let i = 0; i < n; i++) {
        const spot = L.CRS.EPSG3857.latLngToPoint(L.latLng(m.lat[i], m.lon[i]), 0);
        this._world[2 * i] = spot.x; this._world[2 * i + 1] = spot.y;
      }
    },
    _chosen: function () { return this._data && this._at_row.has(this._selected) ? this._at_row.get(this._selected) : -1; },
    _type: function (incident) { return this._data.types[this._data.incidents.type[incident]]; },
    _zoom: function (event) {
      const scale = this._map.getZoomScale(event.zoom);
      const offset = this._map._latLngBoundsToNewLayerBounds(
        this._painted || this._map.getBounds(), event.zoom, event.center).min;
      L.DomUtil.setTransform(this._canvas, offset, scale);
    },
    _paint: function () {
      const map = this._map, size = map.getSize(), ratio = window.devicePixelRatio || 1;
      const canvas = this._canvas, top = map.containerPointToLayerPoint([0, 0]);
      canvas.width = size.x * ratio; canvas.height = size.y * ratio;
      canvas.style.width = size.x + "px"; canvas.style.height = size.y + "px";
      L.DomUtil.setTransform(canvas, top, 1);
      this._painted = map.getBounds();
      this._hits = [];
      const c = canvas.getContext("2d");
      c.setTransform(ratio, 0, 0, ratio, 0, 0);
      if (!this._data) { this._tell([], new Set()); return; }
      // world pixels to canvas pixels; copies of the world to the left and right count too
      const scale = Math.pow(2, map.getZoom()), origin = map.getPixelOrigin().add(top);
      const width = 256 * scale, turn = Math.floor((origin.x + size.x / 2) / width) * width;
      this._frame = { size, x: wx => wx * scale + turn - origin.x, y: wy => wy * scale - origin.y };
      const drawn = new Set();
      if (this._data.hexagons) {
        this._placed = [];
        this._hits = L.atlasHexagons.paint(c, this._data, scale, (lon, lat) => this._project(lon, lat));
        this._tell([], new Set());
        return;
      }
      this._paintUnits(c);
      this._paintDiscs(c);
      this._paintSymbols(c, drawn);
      this._tell([...drawn], new Set(this._placed.filter(item => item.badge).map(item => item.exact)));
    },
    _project: function (lon, lat) {
      const spot = L.CRS.EPSG3857.latLngToPoint(L.latLng(lat, lon), 0);
      return [this._frame.x(spot.x), this._frame.y(spot.y)];
    },
    // provinces, hatched in the colour of their incidents' group, or in ink where several meet
    _paintUnits: function (c) {
      this._fetch_outlines();
      for (const unit of this._data.units) {
        const colours = new Set(unit.groups ? this._shares(unit.groups).map(share => share.colour) : unit.incidents.map(i => this._type(i).colour));
        const colour = colours.size === 1 ? [...colours][0] : INK;
        c.beginPath();
        for (const ring of unit.rings || this._outlines.get(unit.key) || []) {
          for (let i = 0; i < ring.length; i += 2) {
            const [x, y] = this._project(ring[i], ring[i + 1]);
            if (i) c.lineTo(x, y); else c.moveTo(x, y);
          }
        }
        c.fillStyle = S.hatch(c, colour); c.fill("evenodd");
        c.lineWidth = 1; c.strokeStyle = colour; c.globalAlpha = 0.7; c.stroke(); c.globalAlpha = 1;
      }
    },
    // outlines of provinces in a view of many: fetched once, together, painted when they are there
    _fetch_outlines: function () {
      const held = this._outlines, missing = this._data.units.filter(unit => unit.key && !held.has(unit.key)).map(unit => unit.key);
      if (!missing.length || this._map.getZoom() < HATCHED) return;
      missing.forEach(key => held.set(key, []));
      fetch(this._of_shown(`outline?of=${missing.join(",")}`)).then(r => r.ok ? r.json() : {}).then(found => {
        for (const [key, rings] of Object.entries(found)) held.set(key, rings);
        if (held === this._outlines) this._paint();
      });
    },
    // members by event group: colours with their counts, in legend order
    _shares: function (counts) {
      return counts.map((n, at) => ({ n, ...this._data.groups[at] })).filter(share => share.n);
    },
    // discs of one kind are filled together, so that many do not add up to a solid colour
    _paintDiscs: function (c) {
      const m = this._data.marks, size = this._frame.size, seen = new Set();
      const piles = new Map();
      for (let i = 0; i < m.lon.length; i++) {
        if (!m.radius[i]) continue;
        const key = `${m.lon[i]},${m.lat[i]},${m.radius[i]},${this._type(m.incident[i]).colour}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const x = this._frame.x(this._world[2 * i]);
        const edge = reach(m.lat[i], m.radius[i]);
        const rx = Math.abs(this._project(m.lon[i] + edge.lon, m.lat[i])[0] - x);
        if (rx < 7) continue;
        const top = this._project(m.lon[i], m.lat[i] + edge.lat)[1];
        const bottom = this._project(m.lon[i], m.lat[i] - edge.lat)[1];
        if (x + rx < 0 || x - rx > size.x || bottom < 0 || top > size.y) continue;
        const near = PRECISIONS[m.precision[i]] === "near";
        const pile = `${near ? "near" : "area"}${this._type(m.incident[i]).colour}`;
        if (!piles.has(pile)) piles.set(pile, { near, colour: this._type(m.incident[i]).colour, path: new Path2D() });
        const path = piles.get(pile).path;
        path.moveTo(x + rx, (top + bottom) / 2);
        path.ellipse(x, (top + bottom) / 2, rx, (bottom - top) / 2, 0, 0, 2 * Math.PI);
      }
      for (const { near, colour, path } of piles.values()) {
        c.globalAlpha = near ? 0.1 : 1;
        c.fillStyle = near ? colour : S.hatch(c, colour);
        c.fill(path);
        c.globalAlpha = 0.7;
        this._outline(c, path, colour);
        c.globalAlpha = 1;
      }
    },
    // the rim of all discs together: every rim is drawn, then what lies inside any is taken out
    _outline: function (c, path, colour) {
      const rim = document.createElement("canvas"), r = rim.getContext("2d");
      rim.width = c.canvas.width; rim.height = c.canvas.height;
      r.setTransform(c.getTransform());
      r.lineWidth = 2.4; r.strokeStyle = colour; r.stroke(path);
      r.globalCompositeOperation = "destination-out";
      r.fill(path);
      c.save(); c.setTransform(1, 0, 0, 1, 0, 0); c.drawImage(rim, 0, 0); c.restore();
    },
    // square tags count what is known only to a province or a country
    _tags: function (c) {
      const made = [], size = this._frame.size;
      const tag = (place, dark) => {
        const [x, y] = this._project(place.lon, place.lat);
        if (x < 0 || y < 0 || x > size.x || y > size.y) return;
        const n = place.groups ? sum(place.groups) : place.incidents.length, text = n.toLocaleString("en");
        const w = S.tagWidth(c, text) / 2, h = 9;
        made.push({ x, y, w, h, r: Math.max(w, h) + 2, anchor: [x, y], text, dark, n, sign: place.groups && place, members: place.incidents || [], tag: true,
          head: `${place.name}: known only to the ${dark ? "country" : "province"}` });
      };
      for (const unit of this._data.units) tag(unit, false);
      for (const country of this._data.countries) tag(country, true);
      return made;
    },
    _paintTag: function (c, item, x, y) {
      S.tag(c, x, y, item.text, item.dark);
      if (item.members.includes(this._chosen())) {
        c.lineWidth = 3; c.strokeStyle = HALO;
        c.strokeRect(x - item.w - 3, y - item.h - 3, 2 * item.w + 6, 2 * item.h + 6);
      }
      this._hits.push({ x, y, r: item.r, n: item.n, sign: item.sign, incidents: item.members, head: item.head });
    },
    _paintSymbols: function (c, drawn) {
      const data = this._data, m = data.marks, rows = data.incidents, size = this._frame.size;
      const points = [], pad = 30, origin = [this._frame.x(0), this._frame.y(0)];
      for (let i = 0; i < m.lon.length; i++) {
        const x = this._frame.x(this._world[2 * i]), y = this._frame.y(this._world[2 * i + 1]);
        if (x < -pad || y < -pad || x > size.x + pad || y > size.y + pad) continue;
        // the grid is that of the world, so that panning does not regroup
        points.push({ x: x - origin[0], y: y - origin[1], exact: m.precision[i] === 0, mark: i, incident: m.incident[i] });
      }
      const radius = p => S.radius(rows.deaths[p.incident]) + 2;
      const tags = this._tags(c).map(t => ({ ...t, x: t.x - origin[0], y: t.y - origin[1], anchor: [t.x - origin[0], t.y - origin[1]] }));
      const cells = (data.cells || []).map(cell => {
        const [x, y] = this._project(cell.lon, cell.lat), n = sum(cell.groups);
        return { x: x - origin[0], y: y - origin[1], r: S.groupRadius(n) + 2, n, sign: cell, exact: cell.kind === "exact",
          members: [], badge: true, anchor: [x - origin[0], y - origin[1]] };
      });
      const placed = this._placed = L.atlasLayout(points, radius, tags, cells);
      const shift = item => [item.x + origin[0], item.y + origin[1]];
      for (const item of placed) {
        const [x, y] = shift(item), [ax, ay] = item.anchor.map((n, k) => n + origin[k]);
        if (Math.hypot(x - ax, y - ay) < (item.badge || item.tag ? item.r : 5)) continue;
        c.beginPath(); c.moveTo(ax, ay); c.lineTo(x, y);
        c.lineWidth = 2.6; c.strokeStyle = "rgba(255,255,255,.9)"; c.stroke();
        c.lineWidth = 1; c.strokeStyle = INK; c.stroke();
        c.beginPath(); c.arc(ax, ay, 2, 0, 7); c.fillStyle = INK; c.fill();
      }
      for (const item of placed) {
        const [x, y] = shift(item);
        if (item.tag) { this._paintTag(c, item, x, y); item.members.forEach(i => drawn.add(i)); continue; }
        if (item.sign) {
          S.group(c, x, y, this._shares(item.sign.groups), !item.exact);
          this._hits.push({ x, y, r: item.r, n: item.n, sign: item.sign, incidents: [] });
          continue;
        }
        const incidents = item.members.map(p => p.incident);
        if (incidents.includes(this._chosen())) {
          c.beginPath(); c.arc(x, y, item.r + 3.5, 0, 7);
          c.fillStyle = HALO; c.globalAlpha = 0.35; c.fill(); c.globalAlpha = 1;
          c.lineWidth = 2.4; c.strokeStyle = HALO; c.stroke();
        }
        const p = item.members[0];
        if (item.badge) S.group(c, x, y, incidents.map(i => ({ n: 1, colour: this._type(i).colour })), !p.exact);
        else S.symbol(c, this._type(p.incident), x, y, {
          deaths: rows.deaths[p.incident], hollow: !p.exact, uncertain: rows.uncertain[p.incident],
          assessment: ASSESSMENTS[rows.assessment[p.incident]],
        });
        incidents.forEach(i => drawn.add(i));
        const box = item.badge && L.latLngBounds(item.members.map(q => [m.lat[q.mark], m.lon[q.mark]]));
        const one = [...new Set(incidents)];
        this._hits.push({ x, y, r: item.r, n: one.length, incidents: one, box });
      }
    },
    _tell: function (drawn, badges) { this.fire("drawn", { data: this._data, drawn, badges }); },
    _at: function (point) {
      if (this.muted) return null;
      for (let i = this._hits.length - 1; i >= 0; i--) {
        const hit = this._hits[i];
        if (Math.hypot(point.x - hit.x, point.y - hit.y) <= hit.r + 1) return hit;
      }
      return null;
    },
    _hover: function (event) {
      const hit = this._at(event.containerPoint);
      if (hit === this._over) return;
      this._over = hit;
      this._map.getContainer().style.cursor = hit ? "pointer" : "";
      if (!hit) { this._leave(); return; }
      const told = hit.n > 1 || hit.sign ? Promise.resolve([]) : this._tell_about(hit.incidents, 1);
      told.then(rows => {
        if (this._over !== hit || !this._data) return;
        const row = rows[0], groups = hit.sign ? this._shares(hit.sign.groups).map(share => `${share.label}: ${share.n.toLocaleString("en")}`) : [];
        const lines = hit.n > 1 || hit.sign
          ? [`${hit.n.toLocaleString("en")} incident${hit.n > 1 ? "s" : ""}`, ...groups, hit.head || "Click to see them"]
          : [row.title, `${row.type} · ${row.when}`, hit.head || `${row.place}${row.precision === "exact" ? "" : ` (${row.precision})`}`, `Deaths: ${row.deaths}`];
        this._tip.replaceChildren(...lines.map((text, i) => {
          const line = document.createElement(i ? "span" : "b");
          line.textContent = text;
          return line;
        }));
        this._tip.hidden = false;
        const size = this._map.getSize(), w = this._tip.offsetWidth, h = this._tip.offsetHeight;
        const left = hit.x + hit.r + 8 + w > size.x ? hit.x - hit.r - 8 - w : hit.x + hit.r + 8;
        this._tip.style.left = Math.max(4, left) + "px";
        this._tip.style.top = Math.min(Math.max(4, hit.y - h / 2), size.y - h - 4) + "px";
      });
    },
    _leave: function () { this._over = null; if (this._tip) this._tip.hidden = true; },
    // what a few incidents say, asked for once
    _tell_about: function (incidents, most) {
      const wanted = incidents.slice(0, most).map(i => this._data.incidents.row[i]), missing = wanted.filter(row => !this._about.has(row));
      const rows = () => wanted.map(row => this._about.get(row)).filter(Boolean);
      if (!missing.length) return Promise.resolve(rows());
      const shown = this._shown;
      return fetch(this._of_shown(`about?of=${missing.join(",")}`)).then(r => r.ok ? r.json() : []).then(found => {
        if (shown !== this._shown) return [];
        for (const row of found) this._about.set(row.i, row);
        return rows();
      });
    },
    _click: function (event) {
      if (this.options.pick) return;
      const hit = this._at(event.containerPoint);
      this._leave();
      this._closeList();
      if (!hit) return;
      if (hit.sign) { this._open(hit); return; }
      if (hit.n === 1) { this._choose(this._data.incidents.row[hit.incidents[0]]); return; }
      const map = this._map, top = map.getMaxZoom();
      const wide = hit.box && map.getBoundsZoom(hit.box.pad(0.1)) > map.getZoom()
        && !hit.box.getNorthEast().equals(hit.box.getSouthWest());
      if (wide && map.getZoom() < top && hit.n > 12) { map.fitBounds(hit.box.pad(0.1)); return; }
      const shown = this._shown;
      this._tell_about(hit.incidents, LISTED).then(rows => { if (shown === this._shown) this._list(hit, rows); });
    },
    // what one sign of a view of many stands for: nearer, where that may divide it, else a list
    _open: function (hit) {
      const map = this._map, sign = hit.sign, nearer = map.getZoom() + 2;
      if (["exact", "about", "hex"].includes(sign.kind) && !sign.one && hit.n > 12 && nearer <= map.getMaxZoom()) {
        map.setView([sign.lat, sign.lon], nearer);
        return;
      }
      const shown = this._shown;
      fetch(this._of_shown(`in?kind=${sign.kind}&key=${sign.key}${this._shown_days}`)).then(r => r.ok ? r.json() : []).then(rows => {
        if (shown !== this._shown) return;
        for (const row of rows) this._about.set(row.i, row);
        this._list(hit, rows);
      });
    },
    // a card beside the map's edge, so that reading it never moves the map
    _list: function (hit, rows) {
      const list = document.createElement("div"), head = document.createElement("b"), close = document.createElement("button");
      head.textContent = hit.head || `${hit.n.toLocaleString("en")} incidents here`;
      close.type = "button"; close.className = "close"; close.textContent = "×"; close.title = "Close";
      close.onclick = () => this._closeList();
      list.className = "rows";
      for (const row of rows) {
        const button = document.createElement("button"), line = document.createElement("span");
        button.type = "button";
        button.append(row.title, line);
        line.textContent = `${row.type} · ${row.when} · deaths: ${row.deaths}`;
        button.onclick = () => { this._closeList(); this._choose(row.i); };
        list.append(button);
      }
      const more = hit.n - rows.length;
      if (more > 0) list.append(`and ${more.toLocaleString("en")} more in the table`);
      this._card.replaceChildren(head, close, list);
      this._card.hidden = false;
    },
    _closeList: function () { this._card.hidden = true; },
    _choose: function (row) {
      this._selected = row;
      this._paint();
      const known = this._about.get(row);
      if (known) { this.fire("chosen", { id: known.id }); return; }
      fetch(this._of_shown(`about?of=${row}`)).then(r => r.ok ? r.json() : []).then(rows => {
        if (rows.length) this.fire("chosen", { id: rows[0].id });
      });
    },
    showAll: function () {
      if (!this._data.whole) {
        const [west, south, east, north] = this._data.box;
        this._map.fitBounds([[south, west], [north, east]], besideLegend(this._map));
        return;
      }
      const m = this._data.marks, spots = m.lon.map((lon, i) => [m.lat[i], lon])
        .concat([...this._data.units, ...this._data.countries].map(u => [u.lat, u.lon]));
      this._map.fitBounds(L.latLngBounds(spots).pad(0.06), besideLegend(this._map));
    },
    _bringIntoView: function () {
      const chosen = this._chosen();
      if (chosen < 0) return;
      const m = this._data.marks, at = m.incident.indexOf(chosen);
      // of many, units and countries are only counted
      const place = at >= 0 ? [m.lat[at], m.lon[at]] : [...this._data.units, ...this._data.countries]
        .filter(u => (u.incidents || []).includes(chosen)).map(u => [u.lat, u.lon])[0];
      if (place && !this._map.getBounds().pad(-0.08).contains(place)) this._map.panTo(place);
    },
  });

  // what stays free beside the open legend
  const besideLegend = map => ({ paddingBottomRight: [map.getSize().x > 560 ? 196 : 0, 0] });

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

  L.atlas = {
    start: function (map, settings) {
      const box = settings.box, east = box.east < box.west ? box.east + 360 : box.east;
      map.attributionControl.setPrefix("Leaflet");
      // a hair smaller, so that a view from the address bar comes back at its own zoom
      const bounds = L.latLngBounds([[box.south, box.west], [box.north, east]]).pad(-0.004);
      const fit = () => map.fitBounds(bounds, settings.beside ? besideLegend(map) : {});
      whenSized(map, fit);
      if (settings.tiles) L.tileLayer(settings.tiles.url, { maxZoom: 14, maxNativeZoom: settings.tiles.zoom, attribution: settings.tiles.credit }).addTo(map);
      const base = new L.AtlasBase({ prefix: settings.prefix, over: Boolean(settings.tiles) }).addTo(map);
      const layer = new AtlasIncidents({ prefix: settings.prefix, pick: settings.pick }).addTo(map);
      // a canvas does not wait for the typeface, nor ask for it
      const faces = { 400: "SourceSans3_400Regular", 600: "SourceSans3_600SemiBold" };
      Promise.all(Object.entries(faces).map(([weight, file]) =>
        new FontFace("Source Sans 3", `url(${settings.prefix}/atlas/assets/${file}.ttf)`, { weight }).load()))
        .then(loaded => { loaded.forEach(face => document.fonts.add(face)); base._paint(); layer._paint(); });
      const said = { selected: null, view: null, picked: null, wanted: null, opening: null };
      let waiting = 0;
      const tell = () => {
        const view = map.getBounds();
        said.view = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()].map(n => Math.round(n * 1e4) / 1e4);
        window.Streamlit.setComponentValue({ ...said });
      };
      map.on("moveend", () => { clearTimeout(waiting); waiting = setTimeout(tell, REST_MS); });
      layer.on("chosen", event => { said.selected = event.id; clearTimeout(waiting); tell(); });
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
      const want = wish => { said.wanted = { at: Date.now(), ...wish }; clearTimeout(waiting); tell(); };
      if (!settings.pick) L.atlasLegend(map, layer);
      // what became of the days and the form that the page opened the map with
      const became = (name, value) => {
        if (!said.opening || String(said.opening[name]) === String(value)) return;
        said.opening = { ...said.opening, [name]: value };
        clearTimeout(waiting); waiting = setTimeout(tell, REST_MS);
      };
      const slider = settings.filters && L.atlasSlider(map, layer, dates => want({ dates }), days => became("days", days));
      const honeycomb = !settings.pick && L.atlasHexagons.control(map, layer, hexagons => became("hexagons", hexagons));
      const drawing = settings.filters && L.atlasDrawing(map, layer, want);
      L.atlas.show = (token, selected, look, mark, area, opening) => {
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
    reach,
  };
})();
