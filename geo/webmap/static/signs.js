// Which signs stand in a view, where, and how many incidents do they count? Pins only for exact
// places; a count of several has a ring; what is known only to a province or a country has a tag.
(function () {
  "use strict";
  const S = L.atlasSymbols, INK = "#3a4652", HALO = "#f2b705";
  const ASSESSMENTS = ["reported", "claimed", "corroborated", "disputed"];
  // symbols so far beyond the edge push those within; signs so far beyond it reach into the view
  const BESIDE = 120, DRAWN = 30;

  const standing = frame => place => {
    const x = frame.x(place.x) + frame.turn(place.x), y = frame.y(place.y);
    return x >= 0 && y >= 0 && x <= frame.size.x && y <= frame.size.y;
  };

  // of an answer that reaches beyond the view, what stands in it: signs that add up to `in_view`,
  // each incident once, also one that has a badge on two countries
  function seen(data, frame) {
    if (data.whole) return data;
    const stands = standing(frame), m = data.marks, own = new Set(), known = new Set();
    m.incident.forEach((incident, i) => {
      if (known.has(incident)) return;
      known.add(incident);
      if (stands({ x: m.x[i], y: m.y[i] })) own.add(incident);
    });
    const total = signs => signs.reduce((all, sign) => all + sign.n, 0);
    const [cells, units, countries] = [data.cells, data.units, data.countries].map(signs => signs.filter(stands));
    const here = new Set(countries.map(country => country.key));
    const again = data.several.reduce((all, several) => {
      const badges = several.slice(0, -1).filter(code => here.has(code)).length;
      return all + Math.max(badges - 1, 0) * several[several.length - 1];
    }, 0);
    const placed = own.size + total(cells), only = { unit: total(units), country: total(countries) - again };
    const found = { ...data, cells, units, countries, in_view: placed + only.unit + only.country };
    if (!data.hexagons) return found;
    const hexagons = data.hexagons.filter(stands), about = total(data.about.filter(stands));
    return { ...found, hexagons, beside: { about, ...only }, in_view: found.in_view + total(hexagons) + about };
  }

  // square tags count what is known only to a province or a country
  function tags(data, width, near) {
    const c = document.createElement("canvas").getContext("2d");
    return [...data.units.map(unit => [unit, false]), ...data.countries.map(country => [country, true])]
      .filter(([place]) => near(place)).map(([place, dark]) => {
        const text = place.n.toLocaleString("en"), w = S.tagWidth(c, text) / 2, h = 9;
        return {
          ...spot(width, place), w, h, r: Math.max(w, h) + 2, text, dark, n: place.n, sign: place.groups && place,
          members: place.incidents || [], tag: true, head: `${place.name}: known only to the ${dark ? "country" : "province"}`,
        };
      });
  }

  // places for the layout are those of the world, so that panning does not regroup
  function spot(width, place) {
    const x = place.x * width, y = place.y * width;
    return { x, y, anchor: [x, y] };
  }

  // signs of an answer at a zoom, near ones counted together and moved apart: all of it that is
  // counted in cells, once; of symbols those in view, since few of them need less
  function laid(data, zoom, frame) {
    if (data.laid && data.laid.zoom === zoom) return data.laid.placed;
    const m = data.marks, width = L.atlasSquare.width(zoom), few = data.each || data.whole, points = [];
    const near = place => !few || within(frame, frame.x(place.x) + frame.turn(place.x), frame.y(place.y), BESIDE);
    for (let i = 0; i < m.lon.length; i++) {
      if (near({ x: m.x[i], y: m.y[i] })) points.push({ ...spot(width, { x: m.x[i], y: m.y[i] }), exact: m.precision[i] === 0, mark: i, incident: m.incident[i] });
    }
    const cells = data.cells.map(cell => ({
      ...spot(width, cell), r: S.groupRadius(cell.n) + 2, n: cell.n, sign: cell, exact: cell.kind === "exact", members: [], badge: true,
    }));
    const placed = L.atlasLayout(points, p => S.radius(data.incidents.deaths[p.incident]) + 2, tags(data, width, near), cells);
    if (!few) data.laid = { zoom, placed };
    return placed;
  }

  const within = ({ size }, x, y, room) => x > -room && y > -room && x < size.x + room && y < size.y + room;

  // what of it reaches into the view, in its pixels
  function shown(frame, data) {
    const left = frame.x(0), top = frame.y(0);
    return laid(data, frame.zoom, frame).map(item => {
      const x = left + frame.turn(item.x / frame.width);
      return { ...item, x: item.x + x, y: item.y + top, anchor: [item.anchor[0] + x, item.anchor[1] + top] };
    }).filter(({ x, y }) => within(frame, x, y, DRAWN));
  }

  function leader(c, { x, y, anchor: [ax, ay], badge, tag, r }) {
    if (Math.hypot(x - ax, y - ay) < (badge || tag ? r : 5)) return;
    c.beginPath(); c.moveTo(ax, ay); c.lineTo(x, y);
    c.lineWidth = 2.6; c.strokeStyle = "rgba(255,255,255,.9)"; c.stroke();
    c.lineWidth = 1; c.strokeStyle = INK; c.stroke();
    c.beginPath(); c.arc(ax, ay, 2, 0, 7); c.fillStyle = INK; c.fill();
  }

  function tag(c, item, chosen) {
    const { x, y, w, h } = item;
    S.tag(c, x, y, item.text, item.dark);
    if (item.members.includes(chosen)) {
      c.lineWidth = 3; c.strokeStyle = HALO;
      c.strokeRect(x - w - 3, y - h - 3, 2 * w + 6, 2 * h + 6);
    }
    return { x, y, r: item.r, n: item.n, sign: item.sign, incidents: item.members, head: item.head };
  }

  function counted(c, { x, y, r, n, sign, exact }, groups) {
    const shares = sign.groups.map((of, at) => ({ n: of, colour: groups[at].colour })).filter(share => share.n);
    S.group(c, x, y, shares, !exact);
    return { x, y, r, n, sign, incidents: [] };
  }

  function symbol(c, { x, y, r, members, badge }, data, chosen) {
    const incidents = members.map(p => p.incident), type = i => data.types[data.incidents.type[i]], rows = data.incidents, m = data.marks;
    if (incidents.includes(chosen)) {
      c.beginPath(); c.arc(x, y, r + 3.5, 0, 7);
      c.fillStyle = HALO; c.globalAlpha = 0.35; c.fill(); c.globalAlpha = 1;
      c.lineWidth = 2.4; c.strokeStyle = HALO; c.stroke();
    }
    const [p] = members;
    if (badge) S.group(c, x, y, incidents.map(i => ({ n: 1, colour: type(i).colour })), !p.exact);
    else S.symbol(c, type(p.incident), x, y, {
      deaths: rows.deaths[p.incident], hollow: !p.exact, uncertain: rows.uncertain[p.incident],
      assessment: ASSESSMENTS[rows.assessment[p.incident]],
    });
    const one = [...new Set(incidents)], box = badge && L.latLngBounds(members.map(q => [m.lat[q.mark], m.lon[q.mark]]));
    return { x, y, r, n: one.length, incidents: one, box };
  }

  // paints what stands in a view or reaches into it; answers with what can be pointed at, and
  // with the incidents and the kinds of badges that were drawn
  function paint(frame, data, chosen) {
    const { c } = frame, placed = shown(frame, data), hits = [], drawn = new Set();
    placed.forEach(item => leader(c, item));
    for (const item of placed) {
      if (item.tag) hits.push(tag(c, item, chosen));
      else if (item.sign) hits.push(counted(c, item, data.groups));
      else hits.push(symbol(c, item, data, chosen));
      item.members.forEach(p => drawn.add(item.tag ? p : p.incident));
    }
    return { hits, drawn: [...drawn], badges: new Set(placed.filter(item => item.badge).map(item => item.exact)) };
  }

  L.atlasSigns = { seen, paint, laid };
})();
