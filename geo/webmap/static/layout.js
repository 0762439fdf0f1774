// Where do symbols go so that none hides another? Near ones are counted together; what has to
// move off its place keeps a leader line to it. The same view always gives the same layout.
(function () {
  "use strict";
  const CELL = 40, FAN = 6, SPARSE = 60, SLACK = 24, AGAIN = 6;

  const badge = n => L.atlasSymbols.groupRadius(n) + 2;

  function item(members, radius) {
    const n = members.length;
    const x = members.reduce((sum, p) => sum + p.x, 0) / n, y = members.reduce((sum, p) => sum + p.y, 0) / n;
    return { x, y, r: n > 1 ? badge(n) : radius(members[0]), members, anchor: [x, y], badge: n > 1, exact: members[0].exact };
  }

  // exact and inexact places never share a badge
  function grouped(points, cell, radius) {
    const cells = new Map();
    for (const p of points) {
      const key = `${p.exact ? 1 : 0}/${Math.floor(p.x / cell)}/${Math.floor(p.y / cell)}`;
      const held = cells.get(key);
      if (held) held.push(p); else cells.set(key, [p]);
    }
    return [...cells.values()].map(members => item(members, radius));
  }

  // in a dense view, items of one kind that would overlap become one
  function merged(items, radius) {
    for (let again = true; again;) {
      again = false;
      items.sort((a, b) => b.members.length - a.members.length || a.x - b.x || a.y - b.y);
      for (let i = 0; i < items.length; i++) {
        for (let j = items.length - 1; j > i; j--) {
          const a = items[i], b = items[j];
          if (a.exact !== b.exact || Math.hypot(a.x - b.x, a.y - b.y) >= a.r + b.r) continue;
          items[i] = item(a.members.concat(b.members), radius);
          items.splice(j, 1);
          again = true;
        }
      }
    }
    return items;
  }

  // a few incidents at one place stand around it, each on its own
  function fanned(items, radius) {
    return items.flatMap(it => it.members.length === 1 || it.members.length > FAN ? [it] : it.members.map((p, i) => {
      const turn = 2 * Math.PI * i / it.members.length - Math.PI / 2;
      return { ...item([p], radius), x: p.x + Math.cos(turn), y: p.y + Math.sin(turn) };
    }));
  }

  // what may come to overlap within some rounds: each pair once, in order
  function neighbours(items) {
    const wide = Math.max(...items.map(it => it.r)), cell = 2 * wide + SLACK, cells = new Map(), pairs = [];
    items.forEach((it, i) => {
      const key = `${Math.floor(it.x / cell)}/${Math.floor(it.y / cell)}`;
      const held = cells.get(key);
      if (held) held.push(i); else cells.set(key, [i]);
    });
    items.forEach((it, i) => {
      const x = Math.floor(it.x / cell), y = Math.floor(it.y / cell), beside = [];
      for (let dx = -1; dx < 2; dx++) for (let dy = -1; dy < 2; dy++) beside.push(...(cells.get(`${x + dx}/${y + dy}`) || []));
      const near = j => j > i && Math.hypot(items[j].x - it.x, items[j].y - it.y) < items[j].r + it.r + SLACK;
      beside.filter(near).sort((a, b) => a - b).forEach(j => pairs.push([it, items[j], i + j]));
    });
    return pairs;
  }

  function relaxed(items, rounds) {
    let pairs = [];
    for (let round = 0; round < rounds; round++) {
      let moved = false;
      if (round % AGAIN === 0) pairs = neighbours(items);
      for (const [a, b, turn] of pairs) {
        const need = a.r + b.r + 2;
        let dx = b.x - a.x, dy = b.y - a.y;
        if (Math.abs(dx) >= need || Math.abs(dy) >= need) continue;
        let gap = Math.hypot(dx, dy);
        if (gap >= need) continue;
        if (gap < 0.01) { dx = Math.cos(turn); dy = Math.sin(turn); gap = 1; }
        // what stands for many hardly moves
        const share = weight(b) / (weight(a) + weight(b));
        const push = (need - gap) * 0.9;
        a.x -= dx / gap * push * share; a.y -= dy / gap * push * share;
        b.x += dx / gap * push * (1 - share); b.y += dy / gap * push * (1 - share);
        moved = true;
      }
      if (!moved) break;
    }
    return items;
  }

  const weight = it => it.n || it.members.length || 1;

  // points: [{x, y, exact, ...}] in world pixels; counted: items that stand for many already;
  // answers {x, y, r, members, anchor, badge}
  L.atlasLayout = (points, radius, tags, counted) => {
    const cells = grouped(points, CELL, radius);
    const items = points.length > SPARSE ? merged(cells, radius) : fanned(cells, radius);
    return relaxed(tags.concat(counted, items), 60);
  };
})();
