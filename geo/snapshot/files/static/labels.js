// Which names stand on the map? By rank, none over another or over a symbol.

const pen = document.createElement("canvas").getContext("2d");
const FONTS = {
  line: ["italic 400 12px", 12], capital: ["700 13px", 13], town: ["600 12px", 12],
  village: ["400 11.5px", 11.5], state: ["600 13px", 13], unit: ["italic 400 11px", 11],
};
const widths = new Map();

function widthOf(text, kind) {
  const key = `${kind}|${text}`;
  if (!widths.has(key)) {
    pen.font = `${FONTS[kind][0]} ${getComputedStyle(document.body).fontFamily}`;
    widths.set(key, pen.measureText(text).width * 1.04);
  }
  return widths.get(key);
}

function free(box, taken) {
  const [left, top, right, bottom] = box;
  if (left < 3 || top < 3 || right > view.w - 3 || bottom > view.h - 3) return false;
  return taken.every(([l, t, r, b]) => r + 1 < left || l - 1 > right || b + 1 < top || t - 1 > bottom);
}

function write(text, kind, x, y, turn = 0) {
  const attributes = { class: `name ${kind}`, x, y };
  if (turn) attributes.transform = `rotate(${turn} ${x} ${y})`;
  return draw("text", attributes, text);
}

function lineNames(taken, made) {
  const done = new Set();
  for (const [name, gx, gy, turn, length] of ground.names.lines) {
    if (done.has(name)) continue;
    const across = widthOf(name, "line");
    if (length * view.k < across * 0.9) continue;
    const [x, y] = toScreen(gx, gy);
    const slope = (turn * Math.PI) / 180;
    for (const side of [-9, 11]) {
      const [cx, cy] = [x - Math.sin(slope) * side, y + Math.cos(slope) * side];
      const boxes = [];
      for (let n = -4; n <= 4; n += 1) {
        const [bx, by] = [
          cx + (Math.cos(slope) * across * n) / 9, cy + (Math.sin(slope) * across * n) / 9,
        ];
        boxes.push([bx - 7, by - 7, bx + 7, by + 7]);
      }
      if (boxes.every((box) => free(box, taken))) {
        taken.push(...boxes);
        made.append(write(name, "line", cx, cy + 4, turn));
        done.add(name);
        break;
      }
    }
  }
}

const SIDES = [[1, 0], [-1, 0], [0.7, -1], [0.7, 1], [-0.7, -1], [-0.7, 1]];

function towns(rank, taken, made, used) {
  const kind = ["capital", "town", "village"][rank];
  const most = (view.w * view.h) / 15000 + 2;
  for (const [name, cls, gx, gy] of ground.names.towns) {
    if (cls !== rank) continue;
    if (used.length >= most) return;
    const [x, y] = toScreen(gx, gy);
    if (x < 4 || y < 4 || x > view.w - 4 || y > view.h - 4) continue;
    if (used.some(([n, ux, uy]) => n === name || Math.hypot(ux - x, uy - y) < 40)) continue;
    const dot = [x - 2, y - 2, x + 2, y + 2];
    const covered = !free(dot, taken);
    if (covered && rank) continue;
    const across = widthOf(name, kind);
    const high = FONTS[kind][1] * 0.5;
    for (const gap of covered ? [6, 14, 22] : [6, 10]) {
      const found = SIDES.map(([dx, dy]) => {
        const cx = x + dx * gap + (dx > 0 ? across / 2 : -across / 2) * (Math.abs(dx) < 1 ? 0.8 : 1);
        const cy = y + dy * (gap + 2);
        return [cx - across / 2, cy - high, cx + across / 2, cy + high];
      }).find((box) => free(box, taken));
      if (!found) continue;
      used.push([name, x, y]);
      taken.push(found, dot);
      made.append(rank === 0
        ? draw("rect", { x: x - 2.5, y: y - 2.5, width: 5, height: 5, class: "capital-dot" })
        : draw("circle", { cx: x, cy: y, r: rank === 1 ? 2.4 : 1.9, class: "town-dot" }));
      made.append(write(name, kind, (found[0] + found[2]) / 2, (found[1] + found[3]) / 2 + high * 0.72));
      break;
    }
  }
}

// a state's name stands only on spots that are given: ground that nobody disputes
function states(taken, made) {
  for (const [name, spots] of ground.names.states) {
    const text = [...name.toLocaleUpperCase(document.documentElement.lang)].join("\u200a");
    const across = widthOf(text, "state") * 1.1;
    for (const [gx, gy, room] of spots) {
      const [x, y] = toScreen(gx, gy);
      const box = [x - across / 2, y - 8, x + across / 2, y + 8];
      if (across / 2 > room * view.k || !free(box, taken)) continue;
      taken.push(box);
      made.append(write(text, "state", x, y + 4.5));
      break;
    }
  }
}

function unitNames(taken, made, used) {
  for (const [name, gx, gy, room] of ground.names.units) {
    const [x, y] = toScreen(gx, gy);
    const across = widthOf(name, "unit");
    if (across / 2 > room * view.k || used.some(([n]) => n === name)) continue;
    const box = [x - across / 2, y - 7, x + across / 2, y + 7];
    if (!free(box, taken)) continue;
    taken.push(box);
    made.append(write(name, "unit", x, y + 4));
  }
}

function drawNames(taken) {
  const made = draw("g", { class: "names", "aria-hidden": "true" });
  const used = [];
  lineNames(taken, made);
  towns(0, taken, made, used);
  states(taken, made);
  towns(1, taken, made, used);
  towns(2, taken, made, used);
  unitNames(taken, made, used);
  return made;
}
