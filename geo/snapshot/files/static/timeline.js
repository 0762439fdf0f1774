// How many a day, week, month or year, and which part of that is asked for?

const THUMB = 20;
let handles = [];

function buildTimeline(changed) {
  const part = byId("time");
  if (last < 2) {
    part.hidden = true;
    return;
  }
  const handle = (name, value) => make("input", {
    type: "range", min: 0, max: last, step: 1, value, id: name, "aria-label": say(name),
    on: {
      input: () => {
        const [from, to] = handles.map((each) => Number(each.value));
        if (name === "from") asked.from = Math.min(from, asked.to - 1);
        else asked.to = Math.max(to, asked.from + 1);
        tellHandles();
        changed();
      },
    },
  });
  handles = [handle("from", 0), handle("to", last)];
  byId("chart").append(
    draw("svg", { id: "bars", viewBox: `0 0 ${last} 100`, preserveAspectRatio: "none",
      "aria-hidden": "true" }),
    make("div", { id: "track" }, make("div", { id: "span" }), ...handles),
  );
  const ticks = byId("ticks");
  const most = Math.min(6, last);
  for (let n = 0; n < most; n += 1) {
    const at = Math.round((n * (last - 1)) / Math.max(most - 1, 1));
    const tick = make("span", {}, data.bins[at][3]);
    tick.style.left = `${((at + 0.5) / last) * 100}%`;
    ticks.append(tick);
  }
  tellHandles();
}

function tellHandles() {
  if (!handles.length) return;
  handles[0].value = asked.from;
  handles[1].value = asked.to;
  const [first, end] = [data.bins[asked.from][2], data.bins[asked.to - 1][2]];
  handles[0].setAttribute("aria-valuetext", first);
  handles[1].setAttribute("aria-valuetext", end);
  byId("range").textContent = first === end ? first : say("range", { first, last: end });
  const span = byId("span");
  span.style.left = `${(asked.from / last) * 100}%`;
  span.style.width = `${((asked.to - asked.from) / last) * 100}%`;
}

function binOf(day) {
  let [low, high] = [0, last - 1];
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if (data.bins[mid][0] <= day) low = mid;
    else high = mid - 1;
  }
  return low;
}

// an incident counts once, on its first day inside what is asked for
function drawBars(range) {
  const chart = byId("bars");
  if (!chart) return;
  const stacks = data.bins.map(() => data.groups.map(() => 0));
  for (const one of passingAnyDay()) {
    let day = Math.max(one.start, data.first_day);
    if (range && !outside(one, range)) {
      if (asked.certain && uncertain(one, range)) continue;
      day = Math.max(day, range[0]);
    }
    stacks[binOf(day)][one.type.group] += 1;
  }
  const sums = stacks.map((stack) => stack.reduce((sum, n) => sum + n, 0));
  const most = Math.max(1, ...sums);
  const gap = last > 120 ? 0.04 : 0.12;
  chart.replaceChildren();
  stacks.forEach((stack, at) => {
    let top = 100;
    const dim = at < asked.from || at >= asked.to;
    stack.forEach((n, g) => {
      if (!n) return;
      const height = (n / most) * 96;
      top -= height;
      chart.append(draw("rect", { x: at + gap / 2, y: top, width: 1 - gap, height,
        fill: data.groups[g].colour, opacity: dim ? 0.22 : 1 }));
    });
  });
  byId("most").textContent = number(most);
  const shown = sums.slice(asked.from, asked.to).reduce((sum, n) => sum + n, 0);
  chart.dataset.inRange = shown;
}
