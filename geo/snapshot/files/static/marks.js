// How does each incident look on the map? Colour, shape, size, outline, faintness as printed.

const FAINT = 0.45;
const marks = data.marks.positions.map(([at, x, y, precision, disc]) => ({
  one: incidents[at], x, y, disc, exact: data.precision_ids[precision] === "exact", precision,
}));

function half(one) {
  return one.radius * PX;
}

// one incident's symbol with its middle at 0, 0; `plain` leaves out what only an incident has
function symbol(one, { hollow = false, plain = false, r = half(one) } = {}) {
  const { colour, outline } = one.group;
  const look = plain ? "reported" : data.assessment_ids[one.assessment];
  const line = (stroke, width, dash) => draw("path", {
    d: outline, fill: "none", stroke, "stroke-width": width, "stroke-dasharray": dash,
    "stroke-linejoin": "round", "vector-effect": "non-scaling-stroke",
  });
  const rings = look === "claimed" ? [line(colour, 6.4), line("#fff", 4)]
    : look === "disputed" ? [line("#fff", 6.4), line(colour, 6.4, "4 3"), line("#fff", 4)]
      : look === "corroborated" ? [line(INK, 5.4), line("#fff", 2.6)]
        : [line("#fff", 2.6)];
  const shape = draw("path", {
    d: outline, fill: hollow ? "#fff" : colour, stroke: hollow ? colour : null,
    "stroke-width": hollow ? 1.5 : null, "vector-effect": "non-scaling-stroke",
  });
  const glyph = draw("path", { d: one.type.glyph, fill: hollow ? colour : "#fff" });
  const scale = r / 12;
  const inner = draw("g", { transform: `scale(${scale}) translate(-12 -12)` },
    ...rings, shape, glyph);
  const made = draw("g", { opacity: one.faint && !plain ? FAINT : null }, inner);
  if (!plain && one.deaths === null) {
    const out = look === "reported" ? 3 : 5.5;
    made.append(draw("text", { x: r + out, y: -r + 6, class: "unknown" }, "?"));
  }
  return made;
}

// shares by group around a count: thick where places are exact, thin where not
function badge(group, r) {
  const made = draw("g", {}, draw("circle", { r: r + 1.5, fill: "#fff", stroke: "#c5ccd2",
    "stroke-width": 0.6 }));
  const shares = counted(group.map((mark) => `${mark.exact ? 0 : 1} ${mark.one.type.group}`));
  const order = [...shares].sort((a, b) =>
    a[0][0].localeCompare(b[0][0]) || b[1] - a[1] || a[0].localeCompare(b[0]));
  let turn = 0;
  for (const [key, n] of order) {
    const [inexact, g] = key.split(" ").map(Number);
    const width = inexact ? 1.4 : 3.8;
    const at = r - width / 2;
    const length = 2 * Math.PI * at;
    const part = (n / group.length) * length;
    made.append(draw("circle", {
      r: at, fill: "none", stroke: data.groups[g].colour, "stroke-width": width,
      "stroke-dasharray": `${part} ${length - part}`,
      transform: `rotate(${-90 + (turn / group.length) * 360})`,
    }));
    turn += n;
  }
  const count = new Set(group.map((mark) => mark.one.at)).size;
  made.append(draw("text", { class: "count", y: 4 }, number(count)));
  return made;
}

function badgeRadius(count) {
  return Math.max(number(count).length * 3.3 + 6, 11);
}

function discPath(disc) {
  if (disc.length === 1) return pathOf(disc[0], true);
  const [x, y, ax, ay, bx, by] = disc;
  // four curves in the plane itself: a transform of their own would also stretch the hatching
  const at = (u, v) => `${(x + u * ax + v * bx).toFixed(1)} ${(y + u * ay + v * by).toFixed(1)}`;
  const c = 0.5523;
  return `M${at(1, 0)}C${at(1, c)} ${at(c, 1)} ${at(0, 1)}C${at(-c, 1)} ${at(-1, c)} ${at(-1, 0)}`
    + `C${at(-1, -c)} ${at(-c, -1)} ${at(0, -1)}C${at(c, -1)} ${at(1, -c)} ${at(1, 0)}z`;
}

// whether a disc is in view and larger than the symbol that would hide it
function discSeen(disc) {
  if (disc.length === 1) return true;
  const [x, y, ax, ay, bx, by] = disc;
  const r = Math.max(Math.hypot(ax, ay), Math.hypot(bx, by)) * view.k;
  const [sx, sy] = toScreen(x, y);
  return r >= 6 && sx > -r && sy > -r && sx < view.w + r && sy < view.h + r;
}

// discs of true radius, hatched where more than "near" is not known; many are one quiet surface
function drawDiscs(kept) {
  const piles = new Map();
  for (const mark of marks) {
    if (mark.disc < 0 || !kept.has(mark.one) || !discSeen(data.marks.discs[mark.disc])) continue;
    const near = data.precision_ids[mark.precision] === "near";
    const key = `${mark.one.type.group} ${near ? 1 : 0}`;
    if (!piles.has(key)) piles.set(key, new Set());
    piles.get(key).add(mark.disc);
  }
  const all = [...piles.values()].reduce((n, pile) => n + pile.size, 0);
  const quiet = all > 40;
  layer.discs.replaceChildren();
  for (const [key, pile] of [...piles].sort()) {
    const [g, near] = key.split(" ").map(Number);
    const colour = data.groups[g].colour;
    const fill = near ? colour : `url(#hatch-${g})`;
    const surface = draw("g", { opacity: near ? (quiet ? 0.08 : 0.11) : quiet ? 0.3 : 0.6 });
    const edges = draw("g", { opacity: quiet ? 0.2 : 0.75 });
    const held = [...pile].sort((a, b) => a - b).map((n) => data.marks.discs[n]);
    // ellipses all turn the same way: as one path they fill as one surface, and draw quickly
    const round = held.filter((disc) => disc.length > 1).map(discPath).join("");
    const others = held.filter((disc) => disc.length === 1).map(discPath);
    for (const d of [round, ...others].filter(Boolean)) {
      surface.append(draw("path", { d, fill }));
      edges.append(draw("path", { d, fill: "none", stroke: colour, "stroke-width": 1,
        "vector-effect": "non-scaling-stroke" }));
    }
    layer.discs.append(surface, edges);
  }
}

// provinces to which incidents are known and no further
function drawUnits(kept) {
  layer.units.replaceChildren();
  for (const [name, , , parts, members] of data.marks.units) {
    const held = members.map((at) => incidents[at]).filter((one) => kept.has(one));
    if (!held.length) continue;
    const groups = new Set(held.map((one) => one.type.group));
    const g = groups.size === 1 ? [...groups][0] : data.groups.length;
    const colour = groups.size === 1 ? data.groups[g].colour : INK;
    const d = pathOf(parts, true);
    const common = { d, "vector-effect": "non-scaling-stroke", "data-unit": name };
    layer.units.append(
      draw("path", { ...common, fill: `url(#hatch-${g})`, opacity: 0.5 }),
      draw("path", { ...common, fill: "none", stroke: colour, "stroke-width": 1.2, opacity: 0.8 }),
    );
  }
}

// a square tag on a province or, dark, on a country
function tag(held, dark) {
  const one = held[0];
  const alike = new Set(held.map((each) => each.kind)).size === 1;
  const text = number(held.length);
  const across = Math.max(text.length * 7 + 10 + (alike ? 15 : 0), 18);
  const left = -across / 2;
  const made = draw("g", {},
    draw("rect", { x: left - 1.2, y: -10.4, width: across + 2.4, height: 20.8, fill: "#fff" }),
    draw("rect", { x: left, y: -9, width: across, height: 18, fill: dark ? SLATE : "#fff",
      stroke: SLATE, "stroke-width": 1 }));
  if (alike) {
    made.append(draw("path", { d: one.type.glyph, fill: dark ? "#fff" : one.group.colour,
      transform: `translate(${left + 1} -10) scale(0.84)` }));
  }
  let at = left;
  const shares = [...counted(held.map((each) => each.type.group))].sort((a, b) => b[1] - a[1]);
  for (const [g, n] of shares) {
    const part = (across * n) / held.length;
    made.append(draw("rect", { x: at, y: -12, width: part, height: 3,
      fill: data.groups[g].colour }));
    at += part;
  }
  made.append(draw("text", { class: "count", x: alike ? 7.5 : 0, y: 4.5,
    fill: dark ? "#fff" : INK }, text));
  return { made, across };
}
