// What is said of the sign under the pointer, or of all that a sign stands for? A tip beside it, a
// card with a list: texts come one by one, when they are asked for, and are shown as text alone.
(function () {
  "use strict";
  const LISTED = 200, DIVIDED = 12, GIVEN = r => r.ok ? r.json() : [];

  L.atlasSaying = {
    _speak: function (map) {
      this._tip = L.DomUtil.create("div", "atlas-tip", map.getContainer());
      this._tip.hidden = true;
      this._card = L.DomUtil.create("div", "atlas-card", map.getContainer());
      this._card.hidden = true;
      L.DomEvent.disableClickPropagation(this._card).disableScrollPropagation(this._card);
      map.on("mousemove", this._hover, this).on("mouseout", this._leave, this).on("click", this._click, this);
    },
    _at: function (point) {
      if (this.muted) return null;
      for (let i = this._hits.length - 1; i >= 0; i--) {
        const hit = this._hits[i];
        if (Math.hypot(point.x - hit.x, point.y - hit.y) <= hit.r + 1) return hit;
      }
      return null;
    },
    _hover: function (event) {
      const dragging = this._map.dragging, hit = dragging && dragging.moving() ? null : this._at(event.containerPoint);
      if (hit === this._over) return;
      this._over = hit;
      this._map.getContainer().style.cursor = hit ? "pointer" : "";
      if (!hit) { this._leave(); return; }
      const told = hit.n > 1 || hit.sign ? Promise.resolve([]) : this._tell_about(hit.incidents, 1);
      told.then(rows => {
        if (this._over !== hit || !this._data) return;
        this._tip.replaceChildren(...this._lines(hit, rows[0]).map((text, i) => {
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
    _lines: function (hit, row) {
      if (hit.n === 1 && !hit.sign) {
        const place = hit.head || `${row.place}${row.precision === "exact" ? "" : ` (${row.precision})`}`;
        return [row.title, `${row.type} · ${row.when}`, place, `Deaths: ${row.deaths}`];
      }
      const groups = hit.sign ? this._data.groups.map((group, at) => [group.label, hit.sign.groups[at]]).filter(([, n]) => n) : [];
      const said = groups.map(([label, n]) => `${label}: ${n.toLocaleString("en")}`);
      return [`${hit.n.toLocaleString("en")} incident${hit.n > 1 ? "s" : ""}`, ...said, hit.head || "Click to see them"];
    },
    _leave: function () { this._over = null; if (this._tip) this._tip.hidden = true; },
    // what a few incidents say, asked for once
    _tell_about: function (incidents, most) {
      const wanted = incidents.slice(0, most).map(i => this._data.incidents.row[i]), missing = wanted.filter(row => !this._about.has(row));
      const rows = () => wanted.map(row => this._about.get(row)).filter(Boolean);
      if (!missing.length) return Promise.resolve(rows());
      const shown = this._shown;
      return fetch(this._of_shown(`about?of=${missing.join(",")}`)).then(GIVEN).then(found => {
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
      if (wide && map.getZoom() < top && hit.n > DIVIDED) { map.fitBounds(hit.box.pad(0.1)); return; }
      const shown = this._shown;
      this._tell_about(hit.incidents, LISTED).then(rows => { if (shown === this._shown) this._list(hit, rows); });
    },
    // what one sign of a view of many stands for: nearer, where that may divide it, else a list
    _open: function (hit) {
      const map = this._map, sign = hit.sign, nearer = map.getZoom() + 2;
      if (["exact", "about", "hex"].includes(sign.kind) && !sign.one && hit.n > DIVIDED && nearer <= map.getMaxZoom()) {
        map.setView(L.atlasPlace(sign), nearer);
        return;
      }
      const shown = this._shown;
      fetch(this._of_shown(`in?kind=${sign.kind}&key=${sign.key}${this._shown_days}`)).then(GIVEN).then(rows => {
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
      this._again();
      const known = this._about.get(row);
      if (known) { this.fire("chosen", { id: known.id }); return; }
      fetch(this._of_shown(`about?of=${row}`)).then(GIVEN).then(rows => {
        if (rows.length) this.fire("chosen", { id: rows[0].id });
      });
    },
  };
})();
