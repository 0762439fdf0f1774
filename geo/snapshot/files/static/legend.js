// What do the signs in view mean? Lists what is drawn, with counts, and nothing else.

const SCALE = [1, 10, 50, 160];
let legendDue = 0;

function legendSoon() {
  clearTimeout(legendDue);
  legendDue = setTimeout(drawLegend, 80);
}

function sample(width, ...children) {
  const made = draw("svg", { width, height: 24, viewBox: `${-width / 2} -12 ${width} 24`,
    "aria-hidden": "true", class: "sample" });
  made.append(...children);
  return made;
}

function line(signed, text, count) {
  return make("li", {}, signed, make("span", { class: "what" }, text),
    count === undefined ? "" : make("span", { class: "n" }, number(count)));
}

function section(key, lines) {
  if (!lines.length) return null;
  return make("section", {}, make("h3", {}, say(key)), make("ul", {}, ...lines));
}

function typeLines(items) {
  const kinds = counted(items.map((one) => one.kind));
  return data.types.flatMap((type, n) => {
    if (!kinds.has(n)) return [];
    const one = items.find((each) => each.kind === n);
    return [line(sample(26, symbol(one, { plain: true, r: 10 })), type.label, kinds.get(n))];
  });
}

function placeSign(name) {
  const circle = (attributes) => draw("circle", { r: 9, ...attributes });
  if (name === "exact") return [circle({ r: 6.5, fill: SLATE })];
  if (name === "near") {
    return [circle({ fill: SLATE, opacity: 0.14 }), circle({ fill: "none", stroke: SLATE }),
      circle({ r: 3.6, fill: "#fff", stroke: SLATE, "stroke-width": 1.5 })];
  }
  if (name === "country") return [draw("rect", { x: -9, y: -7, width: 18, height: 14, fill: SLATE })];
  const id = `legend-hatch-${name}`;
  const hatch = { fill: `url(#${id})`, stroke: SLATE, "stroke-width": 1 };
  return [
    draw("defs", {}, hatching(id, SLATE)),
    name === "province"
      ? draw("rect", { x: -10, y: -8, width: 20, height: 16, ...hatch }) : circle(hatch),
  ];
}

function placeLines(items) {
  const held = counted(items.map((one) => data.precision_ids[one.precision]));
  return data.precision_ids.flatMap((name) =>
    held.has(name) && name !== "none"
      ? [line(sample(26, ...placeSign(name)), say(`sign_${name}`), held.get(name))] : []);
}

function deathLines(items) {
  const known = items.map((one) => one.deaths).filter((n) => n !== null);
  const most = Math.max(0, ...known);
  const lines = [];
  if (most) {
    const steps = SCALE.filter((n) => n <= most);
    steps.push(...SCALE.filter((n) => n > most).slice(0, 1));
    let at = 0;
    const largest = data.radii[steps[steps.length - 1]] * PX;
    const made = draw("svg", { class: "scale-of-deaths", height: largest * 2 + 4,
      "aria-hidden": "true" });
    for (const n of steps) {
      const r = data.radii[n] * PX;
      made.append(draw("circle", { cx: at + r + 1, cy: largest + 2, r, fill: "#dfe4e8",
        stroke: SLATE }));
      const text = n === SCALE[SCALE.length - 1] ? `${number(n)}+` : number(n);
      made.append(draw("text", { x: at + r + 1, y: largest + 6, class: "count" }, text));
      at += 2 * r + 9;
    }
    made.setAttribute("width", at);
    lines.push(make("li", { class: "wide" }, made));
  }
  const unknown = items.length - known.length;
  if (unknown) {
    lines.push(line(sample(26, draw("circle", { r: 7, fill: "#dfe4e8", stroke: SLATE }),
      draw("text", { x: 10, y: -4, class: "unknown" }, "?")), say("sign_unknown"), unknown));
  }
  return lines;
}

function lookSign(name) {
  const circle = (stroke, width, dash) => draw("circle", { r: 6.5, fill: "none", stroke,
    "stroke-width": width, "stroke-dasharray": dash });
  const core = draw("circle", { r: 6.5, fill: SLATE });
  if (name === "corroborated") return [circle(INK, 6), circle("#fff", 3), core];
  return [circle(SLATE, 7, name === "disputed" ? "4 3" : null), circle("#fff", 4.4), core];
}

function lookLines(items) {
  const held = counted(items.map((one) => data.assessment_ids[one.assessment]));
  const lines = ["claimed", "corroborated", "disputed"].flatMap((name) =>
    held.has(name) ? [line(sample(26, ...lookSign(name)), say(`sign_${name}`), held.get(name))] : []);
  const faint = items.filter((one) => one.faint).length;
  if (faint) {
    lines.push(line(sample(26, draw("circle", { r: 8, fill: SLATE, opacity: FAINT })),
      say("sign_uncertain"), faint));
  }
  const count = (width) => sample(26, draw("circle", { r: 9 - width / 2, fill: "#fff",
    stroke: SLATE, "stroke-width": width }), draw("text", { class: "count", y: 4 }, "n"));
  if (inView.counts) lines.push(line(count(3.6), say("sign_count")));
  if (inView.thin) lines.push(line(count(1.4), say("sign_thin")));
  if (inView.moved) {
    lines.push(line(sample(26, draw("path", { d: "M-9 5L9 -5", stroke: INK, fill: "none" }),
      draw("circle", { cx: -9, cy: 5, r: 2.4, fill: INK })), say("sign_leader")));
  }
  if (data.off_frame) {
    lines.push(line(sample(26, draw("path", { d: "M-12 0H12", stroke: "#77828b", fill: "none" })),
      say("sign_frame")));
  }
  return lines;
}

function crosses(parts) {
  return parts.some((steps) => {
    let [x, y] = [0, 0];
    for (let n = 0; n < steps.length; n += 2) {
      x += steps[n];
      y += steps[n + 1];
      const [sx, sy] = toScreen(x, y);
      if (sx > 0 && sy > 0 && sx < view.w && sy < view.h) return true;
    }
    return false;
  });
}

function boundaryLines() {
  return ground.lines.filter((kind) => crosses(kind.parts)).map((kind) => {
    const text = kind.names.length
      ? say("named_line", { label: kind.label, names: kind.names.join(", ") }) : kind.label;
    return line(sample(26, draw("path", { d: "M-13 0H13", stroke: "#5d5a56", fill: "none",
      "stroke-width": 1.25 * kind.width, "stroke-dasharray": kind.dash.join(" ") || null })), text);
  });
}

function drawLegend() {
  const items = [...inView.items];
  byId("in-view").textContent = say("in_view", { n: items.length });
  byId("legend").replaceChildren(...[
    section("legend_types", typeLines(items)),
    section("legend_places", placeLines(items)),
    section("legend_deaths", deathLines(items)),
    section("legend_looks", lookLines(items)),
    section("legend_boundaries", boundaryLines()),
  ].filter(Boolean));
}
