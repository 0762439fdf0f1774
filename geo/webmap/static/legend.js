// What do the signs in view mean? Lists what is drawn, with counts, and nothing else.
(function () {
  "use strict";
  const S = L.atlasSymbols, PRECISIONS = ["exact", "near", "district", "province", "area", "country", "none"];
  const INK = "#3a4652";
  const PLACES = {
    exact: "exactly", near: "near a place", district: "the district",
    province: "the province", area: "an area or line", country: "the country",
  };

  // by place in the list of assessments: reported, claimed, corroborated, disputed
  const OUTLINES = ["", "Double outline: claimed.", "Dark outline: corroborated.", "Broken outline: disputed."];

  function canvas(paint) {
    const made = document.createElement("canvas"), ratio = window.devicePixelRatio || 1;
    made.width = made.height = 20 * ratio;
    made.style.width = made.style.height = "20px";
    const c = made.getContext("2d");
    c.scale(ratio, ratio);
    paint(c);
    return made;
  }
  function row(sign, text, count) {
    const made = document.createElement("div"), label = document.createElement("span"), n = document.createElement("i");
    made.className = "row";
    label.textContent = text;
    n.textContent = count === null ? "" : count.toLocaleString("en");
    made.append(sign, label, n);
    return made;
  }
  function title(text) {
    const made = document.createElement("h4");
    made.textContent = text;
    return made;
  }
  function sign(name, ink) {
    return canvas(c => {
      if (name === "exact") { c.beginPath(); c.arc(10, 10, 6, 0, 7); c.fillStyle = ink; c.fill(); return; }
      if (name === "near") {
        c.beginPath(); c.arc(10, 10, 9, 0, 7); c.globalAlpha = 0.14; c.fillStyle = ink; c.fill();
        c.globalAlpha = 1; c.lineWidth = 1; c.strokeStyle = ink; c.stroke();
        c.beginPath(); c.arc(10, 10, 4, 0, 7); c.fillStyle = "#fff"; c.fill(); c.lineWidth = 1.5; c.stroke();
        return;
      }
      if (name.startsWith("several")) {
        const thin = name !== "several";
        c.beginPath(); c.arc(10, 10, thin ? 8.2 : 7, 0, 7); c.fillStyle = "#fff"; c.fill();
        c.lineWidth = thin ? 1.6 : 4; c.strokeStyle = ink; c.stroke();
        return;
      }
      if (name === "country") { S.tag(c, 10, 10, "n", true); return; }
      c.beginPath();
      if (name === "province") c.rect(1.5, 3.5, 17, 13); else c.arc(10, 10, 9, 0, 7);
      c.fillStyle = S.hatch(c, ink); c.fill(); c.lineWidth = 1; c.strokeStyle = ink; c.stroke();
    });
  }

  // of a view of many: how many of each group the rings count, and what only a tag counts
  function counted(data) {
    const rows = [], total = data.groups.map(() => 0);
    for (const of of [...data.cells, ...data.units, ...data.countries]) of.groups.forEach((n, at) => { total[at] += n; });
    if (total.some(n => n)) rows.push(title("Counted by group"));
    data.groups.forEach((group, at) => {
      if (total[at]) rows.push(row(canvas(c => { c.beginPath(); c.arc(10, 10, 6.5, 0, 7); c.lineWidth = 4; c.strokeStyle = group.colour; c.stroke(); }), group.label, total[at]));
    });
    const all = signs => signs.reduce((n, of) => n + of.groups.reduce((a, b) => a + b, 0), 0);
    if (data.units.length || data.countries.length) rows.push(title("Place known only to"));
    if (data.units.length) rows.push(row(sign("province", INK), PLACES.province, all(data.units)));
    if (data.countries.length) rows.push(row(sign("country", INK), PLACES.country, all(data.countries)));
    return rows;
  }

  // of hexagons: what each shade counts, the groups of all of them, and what none of them counts
  function honeycomb(data) {
    const rows = [title("Exact places in a hexagon")];
    const shades = L.atlasHexagons.shades(data.most);
    shades.forEach((shade, at) => {
      const last = at + 1 < shades.length ? shades[at + 1].from - 1 : data.most, one = n => n.toLocaleString("en");
      rows.push(row(canvas(c => L.atlasHexagons.hexagon(c, 10, 10, 9, shade.colour)), shade.from >= last ? one(last) : `${one(shade.from)} – ${one(last)}`, null));
    });
    const total = data.groups.map((_, at) => data.hexagons.reduce((n, hex) => n + hex.groups[at], 0));
    if (data.hexagons.length) rows.push(title("In these hexagons"));
    data.groups.forEach((group, at) => {
      if (total[at]) rows.push(row(canvas(c => { c.beginPath(); c.arc(10, 10, 5, 0, 7); c.fillStyle = group.colour; c.fill(); }), group.label, total[at]));
    });
    const apart = [["about", "near", "places not exact"], ["unit", "province", "known to the province"], ["country", "country", "known to the country"]].filter(([kind]) => data.beside[kind]);
    if (apart.length) rows.push(title("In no hexagon"));
    for (const [kind, name, text] of apart) rows.push(row(sign(name, INK), text, data.beside[kind]));
    return rows;
  }

  L.atlasLegend = (map, layer) => {
    const control = L.control({ position: "topright" });
    let box;
    control.onAdd = () => {
      box = L.DomUtil.create("details", "atlas-legend atlas-incident-legend");
      box.open = map.getSize().x > 560;
      L.DomEvent.disableClickPropagation(box).disableScrollPropagation(box);
      return box;
    };
    control.addTo(map);
    const count = (drawn, key) => {
      const found = new Map();
      for (const i of drawn) found.set(key(i), (found.get(key(i)) || 0) + 1);
      return found;
    };
    // what is counted is counted for one view: while the next is awaited, nothing is said
    layer.on("awaited", () => { const head = box.querySelector("summary"); if (head) head.textContent = "Counting …"; });
    layer.on("drawn", ({ data, drawn, badges }) => {
      const head = document.createElement("summary"), seen = !data ? 0 : data.whole ? drawn.length : data.in_view;
      head.textContent = data ? `${seen.toLocaleString("en")} in view` : "Nothing in view";
      const rows = [head];
      if (data && data.when) { const p = document.createElement("p"); p.textContent = "Some days alone, as the slider says."; rows.push(p); }
      if (data && data.hexagons) rows.push(...honeycomb(data)); else if (data && !data.whole) rows.push(...counted(data));
      if (data && drawn.length) {
        const types = count(drawn, i => data.incidents.type[i]);
        let group = "";
        for (const [at, n] of [...types].sort((a, b) => a[0] - b[0])) {
          const type = data.types[at];
          if (type.group !== group) { group = type.group; rows.push(title(group)); }
          rows.push(row(canvas(c => S.symbol(c, type, 10, 10, { r: 8.5, deaths: 0, plain: true, assessment: "reported" })), type.label, n));
        }
        const places = count(drawn, i => PRECISIONS[data.incidents.precision[i]]);
        rows.push(title("Place known to"));
        for (const name of PRECISIONS) if (places.has(name)) rows.push(row(sign(name, INK), PLACES[name], places.get(name)));
        const marks = [];
        const any = test => drawn.some(test);
        if (any(i => data.incidents.deaths[i] > 0)) marks.push("Larger: more deaths.");
        if (any(i => data.incidents.deaths[i] === null)) marks.push("?: deaths unknown.");
        OUTLINES.forEach((text, at) => { if (text && any(i => data.incidents.assessment[i] === at)) marks.push(text); });
        if (any(i => data.incidents.uncertain[i])) marks.push("Faint: date uncertain.");
        if (marks.length) { const p = document.createElement("p"); p.textContent = marks.join(" "); rows.push(p); }
      }
      if (data && badges.size) {
        rows.push(title("Several, counted together"));
        if (badges.has(true)) rows.push(row(sign("several", INK), "exact places", null));
        if (badges.has(false)) rows.push(row(sign("several about", INK), "places not exact", null));
      }
      if (layer.outlined) rows.push(row(canvas(c => { c.setLineDash([4, 2.6]); c.lineWidth = 2; c.strokeStyle = "#1d4e6b"; c.strokeRect(2, 4, 16, 12); }), "area filtered by", null));
      const matched = !data ? 0 : data.whole ? data.incidents.type.length : data.matched;
      const outside = data ? matched - seen - data.unplaced : 0;
      if (outside > 0) {
        const p = document.createElement("p"), all = document.createElement("button");
        all.type = "button";
        all.textContent = "Show all";
        all.onclick = () => layer.showAll();
        p.append(`${outside.toLocaleString("en")} outside this view. `, all);
        rows.splice(1, 0, p);
      }
      if (data && data.unplaced) {
        const p = document.createElement("p");
        p.textContent = `${data.unplaced.toLocaleString("en")} without a place: in the table only.`;
        rows.push(p);
      }
      box.replaceChildren(...rows);
    });
  };
})();
