// What part of the ground is seen? Base map, panning and zooming, scale bar.

const ground = data.ground;
const [GROUND_W, GROUND_H] = ground.size;
const SEA = "#dce8ef";
const PX = 1.15; // pixels a symbol has for each point of the printed scale
const view = { k: 1, x: 0, y: 0, w: 1, h: 1, most: 1, least: 1 };
const svg = byId("map");
const layer = {};

function pathOf(parts, close) {
  let made = "";
  for (const steps of parts) {
    made += `M${steps[0]} ${steps[1]}l`;
    for (let n = 2; n < steps.length; n += 2) made += `${steps[n]} ${steps[n + 1]} `;
    if (close) made += "z";
  }
  return made;
}

function thin(parts, style, close = false) {
  return draw("path", {
    d: pathOf(parts, close), "vector-effect": "non-scaling-stroke", fill: "none",
    "stroke-linejoin": "round", ...style,
  });
}

function hatching(id, colour) {
  const line = draw("path", { d: "M-1 7L7 -1M-1 1L1 -1M5 7L7 5", stroke: colour, fill: "none" });
  line.setAttribute("stroke-width", "0.9");
  return draw("pattern", {
    id, class: "hatching", width: 6, height: 6, patternUnits: "userSpaceOnUse",
  }, line);
}

function buildGround() {
  const colours = [...data.groups.map((group) => group.colour), INK, SLATE];
  svg.append(draw("defs", {}, ...colours.map((colour, n) => hatching(`hatch-${n}`, colour))));
  layer.ground = draw("g", { "aria-hidden": "true" });
  layer.over = draw("g", {});
  svg.append(layer.ground, layer.over);
  layer.units = draw("g", { id: "units" });
  layer.discs = draw("g", { id: "discs" });
  const lines = ground.lines;
  layer.ground.append(
    draw("rect", { width: GROUND_W, height: GROUND_H, fill: SEA }),
    // land over its own outline leaves a line along the coast and none between countries
    thin(ground.land, { stroke: "#9fb3c2", "stroke-width": 1.6 }, true),
    thin(ground.land, { fill: "#f6f3ec", stroke: "#f6f3ec", "stroke-width": 0.5,
      "fill-rule": "evenodd" }, true),
    thin(ground.units, { stroke: "#cfc7b8", "stroke-width": 0.8 }),
    thin(ground.rivers, { stroke: "#a5c6dc", "stroke-width": 1 }),
    thin(ground.lakes, { fill: SEA, stroke: "#a5c6dc", "stroke-width": 0.6,
      "fill-rule": "evenodd" }, true),
    thin(ground.grid, { stroke: "#8798a8", "stroke-width": 0.5, opacity: 0.4 }),
    layer.units,
    ...lines.map((line) => thin(line.parts, { stroke: "#fff", "stroke-width": 3, opacity: 0.7 })),
    ...lines.map((line) => thin(line.parts, {
      stroke: "#5d5a56", "stroke-width": 1.25 * line.width,
      "stroke-dasharray": line.dash.join(" ") || null,
    })),
    layer.discs,
  );
  if (data.off_frame) {
    const [w, h] = [GROUND_W, GROUND_H];
    const outer = `M0 0H${w}V${h}H0z`;
    layer.ground.append(
      draw("path", { d: outer + pathOf(ground.frame, true), fill: "#fff", opacity: 0.6,
        "fill-rule": "evenodd" }),
      thin(ground.frame, { stroke: "#77828b", "stroke-width": 1 }, true),
    );
  }
}

const toScreen = (x, y) => [x * view.k + view.x, y * view.k + view.y];
const middle = () => [(view.w / 2 - view.x) / view.k, (view.h / 2 - view.y) / view.k];

function within(low, size, span) {
  // ground smaller than the window stands in its middle
  return size <= span ? (span - size) / 2 : Math.min(0, Math.max(span - size, low));
}

function applyView() {
  view.k = Math.min(Math.max(view.k, view.least), view.most);
  view.x = within(view.x, GROUND_W * view.k, view.w);
  view.y = within(view.y, GROUND_H * view.k, view.h);
  const { k, x, y } = view;
  layer.ground.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${k})`);
  for (const pattern of svg.querySelectorAll("pattern.hatching")) {
    pattern.setAttribute("patternTransform", `scale(${1 / k})`);
  }
}

function lookAt(x, y, k) {
  view.k = Math.min(Math.max(k, view.least), view.most);
  view.x = view.w / 2 - x * view.k;
  view.y = view.h / 2 - y * view.k;
  refresh();
}

function lookHome() {
  const [west, north, east, south] = ground.home;
  lookAt((west + east) / 2, (north + south) / 2, view.home);
}

function zoomBy(factor, px = view.w / 2, py = view.h / 2) {
  const k = Math.min(Math.max(view.k * factor, view.least), view.most);
  const used = k / view.k;
  view.x = px - (px - view.x) * used;
  view.y = py - (py - view.y) * used;
  view.k = k;
  refresh();
}

function measure() {
  const seen = svg.getBoundingClientRect();
  if (!seen.width || (seen.width === view.w && seen.height === view.h)) return;
  const first = view.w === 1;
  const atHome = first || Math.abs(view.k / view.home - 1) < 0.001;
  const held = middle();
  Object.assign(view, { w: seen.width, h: seen.height });
  svg.setAttribute("viewBox", `0 0 ${view.w} ${view.h}`);
  const [west, north, east, south] = ground.home;
  view.home = Math.min(view.w / (east - west), view.h / (south - north)) * 0.985;
  view.least = Math.min(view.home, Math.max(view.w / GROUND_W, view.h / GROUND_H));
  view.most = view.home * 80;
  if (atHome) lookHome();
  else lookAt(held[0], held[1], view.k);
}

let due = 0;
function refresh() {
  applyView();
  if (!due) {
    due = requestAnimationFrame(() => {
      due = 0;
      drawOver();
      drawScale();
    });
  }
}

function listenToMap() {
  const touching = new Map();
  let moved = false;
  let apart = 0;
  const at = (event) => {
    const seen = svg.getBoundingClientRect();
    return [event.clientX - seen.left, event.clientY - seen.top];
  };
  svg.addEventListener("pointerdown", (event) => {
    touching.set(event.pointerId, at(event));
    moved = false;
    apart = 0;
  });
  svg.addEventListener("pointermove", (event) => {
    const before = touching.get(event.pointerId);
    if (!before) return;
    const now = at(event);
    if (touching.size === 1) {
      const far = Math.hypot(now[0] - before[0], now[1] - before[1]);
      if (!moved && far < 4) return;
      if (!moved) svg.setPointerCapture(event.pointerId);
      moved = true;
      view.x += now[0] - before[0];
      view.y += now[1] - before[1];
      touching.set(event.pointerId, now);
      refresh();
      return;
    }
    touching.set(event.pointerId, now);
    const [a, b] = [...touching.values()];
    const width = Math.hypot(a[0] - b[0], a[1] - b[1]);
    if (apart) zoomBy(width / apart, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
    apart = width;
    moved = true;
  });
  const end = (event) => touching.delete(event.pointerId);
  ["pointerup", "pointercancel", "pointerleave"].forEach((name) => svg.addEventListener(name, end));
  svg.addEventListener("click", (event) => {
    if (moved) event.stopPropagation();
  }, true);
  svg.addEventListener("wheel", (event) => {
    // the wheel scrolls the page until the map has been chosen
    if (!event.ctrlKey && !event.metaKey && document.activeElement !== svg) return;
    event.preventDefault();
    zoomBy(Math.exp(-event.deltaY / 400), ...at(event));
  }, { passive: false });
  svg.addEventListener("dblclick", (event) => zoomBy(2, ...at(event)));
  const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
  svg.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (steps[event.key]) {
      view.x += steps[event.key][0];
      view.y += steps[event.key][1];
      refresh();
    } else if (event.key === "+" || event.key === "=") zoomBy(1.5);
    else if (event.key === "-") zoomBy(1 / 1.5);
    else if (event.key === "0") lookHome();
    else return;
    event.preventDefault();
  });
  byId("zoom-in").addEventListener("click", () => zoomBy(1.6));
  byId("zoom-out").addEventListener("click", () => zoomBy(1 / 1.6));
  byId("home").addEventListener("click", lookHome);
  new ResizeObserver(measure).observe(svg);
}

// kilometres a unit is long in the middle of what is seen
function kilometres() {
  const [x, y] = middle();
  const rows = ground.km.length - 1;
  const clamp = (n) => Math.min(Math.max(n, 0), rows);
  return ground.km[Math.round(clamp((y / GROUND_H) * rows))][
    Math.round(clamp((x / GROUND_W) * rows))];
}

function drawScale() {
  const bar = byId("scale");
  const km = kilometres();
  const perPixel = km / (10 * view.k);
  // where the map is too wide for one bar to be true, there is none
  bar.hidden = !km || perPixel * view.w > 6000;
  if (bar.hidden) return;
  const most = Math.min(120, view.w / 4) * perPixel;
  const ten = 10 ** Math.floor(Math.log10(most));
  const length = Math.max(...[1, 2, 5].map((n) => n * ten).filter((n) => n <= most));
  bar.firstElementChild.style.width = `${length / perPixel}px`;
  bar.lastElementChild.textContent = say("km", { n: length >= 1 ? length : String(length) });
}
