// Where do symbols stand so that none hides another? Fanned out, or counted by cells of a grid.

const CELL = 46;
const FAN = 6;
const MANY = 150;
const CROWDED = 0.2;
const GAP = 3;

function cells(group, size) {
  // the grid lies on the ground, so that panning does not regroup
  const held = new Map();
  for (const mark of group) {
    const across = Math.floor((mark.sx - view.x) / size);
    const down = Math.floor((mark.sy - view.y) / size);
    const key = `${across} ${down}`;
    if (!held.has(key)) held.set(key, { left: across * size, top: down * size, group: [] });
    held.get(key).group.push(mark);
  }
  return [...held.values()].map(({ left, top, group: members }) => {
    const count = new Set(members.map((mark) => mark.one.at)).size;
    const wanted = count > 1 ? badgeRadius(count) + 1.5 : half(members[0].one);
    const r = Math.min(wanted, size / 2 - GAP / 2);
    const mid = (name) => members.reduce((sum, mark) => sum + mark[name], 0) / members.length;
    const keep = (n, low) => Math.min(Math.max(n, low + r + GAP / 2), low + size - r - GAP / 2);
    return {
      members, count, r, anchor: [mid("sx"), mid("sy")],
      x: keep(mid("sx") - view.x, left) + view.x, y: keep(mid("sy") - view.y, top) + view.y,
    };
  });
}

function near(group) {
  const left = new Set(group);
  const made = [];
  for (const first of group) {
    if (!left.delete(first)) continue;
    const queue = [first];
    const found = [];
    while (queue.length) {
      const here = queue.pop();
      found.push(here);
      for (const other of left) {
        const far = Math.hypot(other.sx - here.sx, other.sy - here.sy);
        if (other.exact === here.exact && far < 1.2 * half(other.one)) {
          left.delete(other);
          queue.push(other);
        }
      }
    }
    made.push(found.sort((a, b) => a.one.at - b.one.at));
  }
  return made;
}

function fanned(group) {
  if (group.length > FAN) return cells(group, CELL * 0.8);
  const x = group.reduce((sum, mark) => sum + mark.sx, 0) / group.length;
  const y = group.reduce((sum, mark) => sum + mark.sy, 0) / group.length;
  const wide = Math.max(...group.map((mark) => half(mark.one)));
  const ring = group.length === 1 ? 0
    : Math.max((wide + GAP) / Math.sin(Math.PI / group.length), wide + 4);
  return group.map((mark, n) => {
    const turn = (2 * Math.PI * n) / group.length - Math.PI / 2;
    return {
      members: [mark], count: 1, r: half(mark.one), anchor: [mark.sx, mark.sy],
      x: group.length === 1 ? mark.sx : x + ring * Math.cos(turn),
      y: group.length === 1 ? mark.sy : y + ring * Math.sin(turn),
    };
  });
}

// push apart what overlaps; symbols also give way to boxes that stand fast
function relax(placed, boxes) {
  const fast = boxes.map(([left, top, right, bottom]) => ({
    x: (left + right) / 2, y: (top + bottom) / 2, r: (right - left + bottom - top) / 4, fast: true,
  }));
  const all = [...placed, ...fast];
  for (let round = 0; round < 60; round += 1) {
    let moved = false;
    for (let i = 0; i < placed.length; i += 1) {
      for (let j = i + 1; j < all.length; j += 1) {
        const [a, b] = [all[i], all[j]];
        const need = a.r + b.r + GAP;
        let dx = b.x - a.x;
        let dy = b.y - a.y;
        if (Math.abs(dx) >= need || Math.abs(dy) >= need) continue;
        let far = Math.hypot(dx, dy);
        if (far >= need) continue;
        if (far < 0.01) [dx, dy, far] = [1, 0, 1];
        const push = (need - Math.min(far, need)) / (b.fast ? 1 : 2) / far;
        a.x -= dx * push;
        a.y -= dy * push;
        if (!b.fast) {
          b.x += dx * push;
          b.y += dy * push;
        }
        moved = true;
      }
    }
    if (!moved) break;
  }
  return placed;
}

function place(seen, boxes) {
  if (seen.length <= MANY) {
    const items = near(seen).flatMap(fanned);
    const taken = items.reduce((sum, item) => sum + Math.PI * item.r ** 2, 0);
    if (taken <= CROWDED * view.w * view.h) return relax(items, boxes);
  }
  return relax(cells(seen, CELL), boxes);
}
