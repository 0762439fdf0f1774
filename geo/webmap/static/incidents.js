// What is known to be where? Paints a registered view of the incidents from the answers at hand, asks
// for what they do not show, and fetches ahead what the next move may need.
(function () {
  "use strict";
  // below this zoom a province is smaller than the count that stands for it
  const HATCHED = 4, MOST = 200;
  // few enough for a symbol each, as the server says; when the map has come to rest, and when a
  // question has
  const SYMBOLS = 250, REST_MS = 120, ANEW_MS = 1000;
  // when the page of which the map heard ahead has been laid out
  const PAGE_MS = 300;
  // what was painted has reached the screen, which a question would hold up
  const FRAMES_MS = 40;
  const dated = days => days ? `&from=${days[0]}&to=${days[1]}` : "";

  L.AtlasIncidents = L.AtlasCanvas.extend({
    includes: L.atlasSaying,
    initialize: function (options) {
      L.setOptions(this, options);
      this._data = null; this._token = ""; this._shown = ""; this._selected = -1; this._look = 0;
      this._window = null; this._shown_days = ""; this._whole = null; this._honeycomb = false;
      this._asking = this._fetching = null; this._bring = false; this._resting = this._expecting = 0;
      this._windows = L.atlasWindows(); this._answers = this._windows.of(""); this._next = undefined;
      this._hits = []; this._known_looks = null; this._about = new Map(); this._outlines = new Map();
      this._looks = fetch(`${options.prefix}/atlas/looks`).then(r => r.ok ? r.json() : Promise.reject(r.status));
      this._looks.then(looks => { this._known_looks = looks; }).catch(() => {});
    },
    onAdd: function (map) {
      this._spread(map, "overlayPane", "atlas-signs");
      this._speak(map);
      map.on("zoomanim", this._foresee, this);
      this._paint();
    },
    // `brought` is an answer that came with the view: how it was asked, about what, and what it says
    show: function (token, selected, look, brought) {
      const looks = look !== this._look, chosen = selected !== this._selected;
      this._look = look; this._selected = selected;
      if (token === this._token) { if (chosen || looks) this._again(); if (looks) this._bringIntoView(); return; }
      this._token = token; this._whole = null; this._bring = looks;
      this._outlines = new Map();
      this._anew(brought);
    },
    url: function () { return this._url(this._token); },
    // how often the page asked to see the chosen incident
    looks: function () { return this._look; },
    // whether what the page or the visitor wants to see is still awaited
    isAsking: function () { return Boolean(this._asking); },
    // narrows what is painted to a first and a last day, or not at all; `next` is what may follow
    setWindow: function (days, next) { this._window = days; this._next = next; this._narrow(); },
    // both at once, as a page opens the map
    open: function (days, honeycomb) {
      this._window = days; this._honeycomb = honeycomb;
      this._closeList();
      this._anew();
    },
    // counts exact places in hexagons, or draws them as they are
    setHoneycomb: function (on) { this.open(this._window, on); },
    // how the view that is looked at is asked about, by itself
    question: function () {
      const view = L.atlasView(this._map), days = dated(this._window);
      return { view, days, asked: `${L.atlasAsked(view)}&beyond=none${this._form()}${days}` };
    },
    _form: function () { return this._honeycomb ? "&as=hexagons" : ""; },
    _url: function (token) { return `${this.options.prefix}/atlas/incidents/${token}`; },
    // rows and signs that are painted belong to the view that is shown, also while the next is awaited
    _of_shown: function (what) { return `${this._url(this._shown)}/${what}`; },

    // another question: no answer at hand is one to it
    _anew: function (brought) {
      for (const waiting of [this._asking, this._fetching]) if (waiting) waiting.abort();
      this._asking = this._fetching = null;
      this._next = undefined;
      clearTimeout(this._resting);
      this._windows.clear();
      this._answers = this._windows.of(dated(this._window));
      if (!this._token) { this._take(null); this._paint(); return; }
      if (brought && this._known_looks && !brought.answer.rows) {
        this._windows.of(brought.days).add(this._read(brought.answer, this._known_looks, brought.days), brought.view);
      }
      if (this._map._animatingZoom || !this._answers.find(L.atlasView(this._map))) { this._ask(L.atlasView(this._map)); return; }
      this._turn();
      this._expect();
      this._later(PAGE_MS);
    },
    // other days: what is asked for already comes first, so that days that run on are painted on
    _narrow: function () {
      clearTimeout(this._resting);
      this._answers = this._windows.of(dated(this._window));
      if (this._fetching && this._fetching.days !== dated(this._window)) { this._fetching.abort(); this._fetching = null; }
      const found = this._token && this._answers.find(L.atlasView(this._map));
      if (!found) { if (this._token) this._ask(L.atlasView(this._map), "none"); return; }
      this._drop();
      this._take(found);
      this._again();
      this._expect();
      this._later(ANEW_MS);
    },
    // paints the newest answer that shows the view; says whether there is one
    _turn: function () {
      const found = this._token && this._answers.find(L.atlasView(this._map));
      if (found && found !== this._data) this._take(found);
      this._paint();
      return Boolean(found);
    },
    _moved: function () {
      this._leave();
      if (this._turn()) this._reach(false); else if (this._token && !this._asking) this._ask(L.atlasView(this._map));
    },
    _rested: function () {
      this._leave();
      if (this._turn()) this._drop(); else if (this._token) this._ask(L.atlasView(this._map));
      this._later(REST_MS);
    },
    // while the map zooms to a view, that is asked for already
    _foresee: function ({ center, zoom }) {
      const view = L.atlasView(this._map, center, zoom);
      if (this._token && !this._answers.find(view)) this._ask(view);
    },
    _ready: function ({ center, zoom }) {
      const found = this._token && this._answers.find(L.atlasView(this._map, center, zoom));
      if (found && found !== this._data) this._take(found);
      return Boolean(found);
    },
    // what is waited for; an answer about a view that is overtaken is dropped
    _ask: function (view, beyond = "half") {
      const days = dated(this._window), key = days + L.atlasAsked(view), ahead = this._fetching;
      if (this._asking && (this._asking.key === key || this._asking.days !== days)) return;
      this._drop();
      // it may be on its way already
      const asking = this._asking = ahead && ahead.key === key ? ahead : this._send(view, this._window, beyond);
      if (asking === ahead) this._fetching = null;
      asking.got.then(answer => {
        if (asking !== this._asking) return;
        this._asking = null;
        if (this._map._animatingZoom) return;
        const here = L.atlasView(this._map), other = asking.days !== dated(this._window);
        if (!this._answers.find(here)) {
          this._ask(here, other ? "none" : "half");
          if (!other) return;
          this._take(answer);
          this._paint();
          return;
        }
        this._turn();
        if (this._bring) { this._bring = false; this._bringIntoView(); }
        this._expect();
        this._later(asking.first ? ANEW_MS : REST_MS);
      }).catch(error => {
        if (asking !== this._asking || (error && error.name === "AbortError")) return;
        this._asking = null;
        if (asking.days !== dated(this._window)) { this._narrow(); return; }
        this._take(null);
        this._paint();
      });
    },
    _drop: function () { if (this._asking) this._asking.abort(); this._asking = null; },
    // a question on its way; `got` settles when its answer is at hand
    _send: function (view, days, beyond) {
      const answers = this._windows.of(dated(days)), key = dated(days) + L.atlasAsked(view);
      const sent = Object.assign(new AbortController(), { key, days: dated(days), first: !answers.any() });
      sent.got = this._get(view, sent.signal, dated(days), beyond).then(answer => answers.add(answer, view));
      return sent;
    },
    // an answer, with what lies around the view; of few incidents all at once, narrowed by name later
    _get: function (view, signal, days, beyond) {
      const url = `${this.url()}?${L.atlasAsked(view)}&beyond=${beyond}${this._form()}`;
      const get = more => fetch(`${url}${more}`, { signal }).then(r => r.ok ? r.json() : Promise.reject(r.status));
      // what is held is narrowed by name; what is not held yet comes first
      const all = () => this._whole ? Promise.resolve(this._whole) : get("");
      const got = this._whole && !days && !this._honeycomb ? all() : get(days);
      return Promise.all([got.then(answer => answer.rows ? all().then(whole => {
        this._whole = whole;
        return L.atlasNarrowed(whole, answer);
      }) : answer), this._looks]).then(([answer, looks]) => this._read(answer, looks, days));
    },
    _read: function (answer, looks, days) {
      if (answer.whole && !days) this._whole = answer;
      return Object.assign(L.atlasUnpacked(answer, looks), { days });
    },
    // fetches ahead, one after the other: what lies around, and at rest the zooms in and out
    _reach: function (resting) {
      if (!this._data || this._data.whole) return;
      const due = !this._data.each && !this._data.hexagons && this._view.in_view <= SYMBOLS;
      const free = !this._fetching && !this._asking, view = free && this._answers.ahead(this._map, resting, due);
      if (view) this._fetch(view, this._window, "half", () => {
        // signs that show the view stay where they stand: with more around them they stand elsewhere
        const stands = this._data && !due && L.atlasShows(this._data, L.atlasView(this._map));
        if (!stands && !this._map._animatingZoom) this._turn();
        this._reach(resting);
      });
    },
    // and the days that may be next, as they run
    _expect: function () {
      clearTimeout(this._expecting);
      this._expecting = setTimeout(() => {
        const view = L.atlasView(this._map), next = this._next;
        if (next !== undefined && !this._windows.of(dated(next)).find(view)) this._fetch(view, next, "none", () => {});
      }, FRAMES_MS);
    },
    _fetch: function (view, days, beyond, then) {
      if (this._fetching || this._asking) return;
      const fetching = this._fetching = this._send(view, days, beyond);
      fetching.got.then(answer => {
        if (fetching !== this._fetching) return;
        this._fetching = null;
        // what takes time is done before it is needed
        if (!answer.each && !answer.whole && !answer.hexagons) L.atlasSigns.laid(answer, view.scale);
        then();
      }).catch(() => { if (fetching === this._fetching) this._fetching = null; });
    },
    _later: function (ms) {
      clearTimeout(this._resting);
      this._resting = setTimeout(() => this._reach(true), ms);
      this.fire("rested");
    },
    _take: function (data) {
      // while a view of many is moved, what was learned and the open list stay
      if (this._shown !== this._token) { this._about.clear(); this._closeList(); }
      this._data = data;
      this._shown = this._token;
      this._shown_days = data ? data.days : "";
      this._leave();
      if (data) this._at_row = new Map(data.incidents.row.map((row, i) => [row, i]));
    },
    _chosen: function () { return this._data && this._at_row.has(this._selected) ? this._at_row.get(this._selected) : -1; },
    _paint: function (to) {
      const data = this._data;
      if (data && !L.atlasShows(data, to ? L.atlasView(this._map, to.center, to.zoom) : L.atlasView(this._map))) { this._await(); return; }
      const frame = this._frame(to), view = this._view = data && L.atlasSigns.seen(data, frame);
      let painted = { hits: [], drawn: [], badges: new Set() };
      if (data && data.hexagons) painted.hits = L.atlasHexagons.paint(frame, data);
      else if (data) {
        this._fetch_outlines();
        L.atlasExtents.units(frame, data, this._outlines);
        L.atlasExtents.discs(frame, data);
        painted = L.atlasSigns.paint(frame, data, this._chosen());
      }
      this._hits = painted.hits;
      this.fire("drawn", { data: view, drawn: painted.drawn, badges: painted.badges });
    },
    // what was painted stays where it belongs on the ground, and is counted for no other view
    _await: function () {
      this._stretch();
      this._hits = [];
      this._leave();
      this.fire("awaited");
    },
    // outlines of provinces in a view of many: fetched once, together, painted when they are there
    _fetch_outlines: function () {
      const held = this._outlines, missing = this._data.units.filter(unit => unit.key && !held.has(unit.key)).map(unit => unit.key);
      if (!missing.length || this._map.getZoom() < HATCHED) return;
      missing.forEach(key => held.set(key, []));
      for (let at = 0; at < missing.length; at += MOST) {
        fetch(this._of_shown(`outline?of=${missing.slice(at, at + MOST).join(",")}`)).then(r => r.ok ? r.json() : {}).then(found => {
          for (const [key, rings] of Object.entries(found)) held.set(key, L.atlasExtents.shaped(rings));
          if (held === this._outlines) this._again();
        });
      }
    },
    showAll: function () {
      if (!this._data.whole) {
        const [west, south, east, north] = this._data.box;
        this._map.fitBounds([[south, west], [north, east]], L.atlasBesideLegend(this._map));
        return;
      }
      const m = this._data.marks, spots = m.lon.map((lon, i) => [m.lat[i], lon])
        .concat([...this._data.units, ...this._data.countries].map(u => [u.lat, u.lon]));
      this._map.fitBounds(L.latLngBounds(spots).pad(0.06), L.atlasBesideLegend(this._map));
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
})();
