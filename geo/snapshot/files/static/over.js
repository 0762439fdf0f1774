// What stands on the ground right now? Symbols, counts, tags and names of the current view.

let current = { kept: [] };
let keptSet = new Set();
let selected = null;
const inView = { items: new Set(), counts: false, thin: false, moved: false };

function button(made, x, y, label, act, chosen) {
  made.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
  made.setAttribute("class", `sign${chosen ? " chosen" : ""}`);
  made.setAttribute("role", "button");
  made.setAttribute("aria-label", label);
  made.append(draw("title", {}, label));
  made.addEventListener("click", act);
  return made;
}

function ring(r) {
  return draw("circle", { r, class: "ring" });
}

function named(one) {
  return [one.title, one.day, one.place].filter(Boolean).join(" · ");
}

function openBadge(item) {
  const xs = item.members.map((mark) => mark.x);
  const ys = item.members.map((mark) => mark.y);
  const [west, east] = [Math.min(...xs), Math.max(...xs)];
  const [north, south] = [Math.min(...ys), Math.max(...ys)];
  const wide = Math.max(east - west, south - north);
  const list = [...new Set(item.members.map((mark) => mark.one))];
  const k = Math.min(view.w / (east - west || 1), view.h / (south - north || 1)) * 0.6;
  if (wide < 4 || view.k >= view.most * 0.99 || k <= view.k * 1.02) {
    showList(list);
  } else {
    lookAt((west + east) / 2, (north + south) / 2, Math.max(k, view.k * 1.4));
  }
}

function visibleMarks() {
  const edge = 12;
  return marks.filter((mark) => {
    if (!keptSet.has(mark.one)) return false;
    [mark.sx, mark.sy] = toScreen(mark.x, mark.y);
    return mark.sx > -edge && mark.sy > -edge && mark.sx < view.w + edge && mark.sy < view.h + edge;
  });
}

function drawSymbols(items, into, taken) {
  const leaders = draw("g", {});
  into.append(leaders);
  inView.counts = inView.thin = inView.moved = false;
  for (const item of items) {
    const { x, y, r, anchor } = item;
    const first = item.members[0].one;
    if (item.count > 1) {
      inView.counts = true;
      inView.thin ||= item.members.some((mark) => !mark.exact);
      into.append(button(badge(item.members, r - 1.5), x, y, say("count_of", { n: item.count }),
        () => openBadge(item), false));
    } else {
      if (Math.hypot(x - anchor[0], y - anchor[1]) > 3) {
        inView.moved = true;
        leaders.append(
          draw("path", { d: `M${anchor[0]} ${anchor[1]}L${x} ${y}`, class: "leader-case" }),
          draw("path", { d: `M${anchor[0]} ${anchor[1]}L${x} ${y}`, class: "leader" }),
          draw("circle", { cx: anchor[0], cy: anchor[1], r: 2.2, class: "leader-dot" }));
      }
      const made = symbol(first, { hollow: !item.members[0].exact, r: Math.min(half(first), r) });
      if (first === selected) made.prepend(ring(r + 7));
      into.append(button(made, x, y, named(first), () => select(first), first === selected));
    }
    item.members.forEach((mark) => inView.items.add(mark.one));
    taken.push([x - r - 1, y - r - 1, x + r + 4, y + r + 1]);
  }
}

// tags keep to their area, so they are set before the symbols, which then keep clear of them
function drawTag(held, gx, gy, dark, name, into, taken) {
  const [ox, oy] = toScreen(gx, gy);
  if (ox < -20 || oy < -20 || ox > view.w + 20 || oy > view.h + 20) return;
  held.forEach((one) => inView.items.add(one));
  const { made, across } = tag(held, dark);
  const spots = [[0, 0]];
  for (const step of [26, 48]) {
    spots.push([0, -step], [0, step], [step * 1.3, 0], [-step * 1.3, 0]);
  }
  const boxAt = ([dx, dy]) =>
    [ox + dx - across / 2 - 2, oy + dy - 13, ox + dx + across / 2 + 2, oy + dy + 11];
  const spot = spots.find((each) => free(boxAt(each), taken)) || [0, 0];
  taken.push(boxAt(spot));
  if (held.includes(selected)) {
    made.prepend(draw("rect", { x: -across / 2 - 7, y: -17, width: across + 14, height: 32,
      class: "ring" }));
  }
  const label = held.length === 1 ? named(held[0]) : say("only_to", { n: held.length, place: name });
  into.append(button(made, ox + spot[0], oy + spot[1], label,
    () => (held.length === 1 ? select(held[0]) : showList(held)), held.includes(selected)));
}

function drawOver() {
  const taken = [];
  const symbols = draw("g", {});
  const tags = draw("g", {});
  inView.items.clear();
  drawDiscs(keptSet);
  const seen = visibleMarks();
  // the chosen incident stands alone and above, so that it can be found in a crowd
  const apart = seen.filter((mark) => mark.one === selected);
  for (const [list, dark] of [[data.marks.units, false], [data.marks.nations, true]]) {
    for (const row of list) {
      const held = row[row.length - 1].map((at) => incidents[at]).filter((one) => keptSet.has(one));
      if (held.length) drawTag(held, row[1], row[2], dark, row[0], tags, taken);
    }
  }
  const items = place(seen.filter((mark) => mark.one !== selected), taken);
  items.push(...apart.map((mark) => ({
    members: [mark], count: 1, r: half(mark.one), anchor: [mark.sx, mark.sy], x: mark.sx, y: mark.sy,
  })));
  drawSymbols(items, symbols, taken);
  const names = drawNames(taken);
  layer.over.replaceChildren(names, symbols, tags);
  byId("nothing").hidden = current.kept.length > 0;
  legendSoon();
}

// put a chosen incident into sight; what already is stays where it is
function bring(one) {
  const own = marks.filter((mark) => mark.one === one);
  const rows = [...data.marks.units, ...data.marks.nations];
  const row = rows.find((each) => each[each.length - 1].includes(one.at));
  const spot = own.length ? [own[0].x, own[0].y] : row ? [row[1], row[2]] : null;
  if (!spot || spot[0] < 0 || spot[1] < 0 || spot[0] > GROUND_W || spot[1] > GROUND_H) {
    refresh();
    return;
  }
  const [x, y] = toScreen(spot[0], spot[1]);
  const edge = Math.min(60, view.w / 6);
  if (x < edge || y < edge || x > view.w - edge || y > view.h - edge) {
    lookAt(spot[0], spot[1], view.k);
  } else {
    refresh();
  }
}
