// What happened where? One row an incident; a row and its symbol are chosen together.

const STEP = 100;
let listed = STEP;
const rows = new Map();

function cell(name, ...children) {
  return make("td", { class: name, role: "cell" }, ...children);
}

function rowOf(one) {
  const chosen = one === selected;
  const title = make("button", { type: "button", class: "title", "aria-pressed": String(chosen) },
    own(one.title));
  const icon = draw("svg", { width: 30, height: 26, viewBox: "-15 -13 30 26", class: "icon",
    "aria-hidden": "true" }, symbol(one, { plain: true, r: 9 }));
  const when = one.when === 1 ? say("ongoing_date") : one.faint ? say("uncertain_date") : "";
  const publishers = [...new Set(one.sources.map((source) => source[0]).filter(Boolean))];
  const made = make("tr", { role: "row", "data-id": one.at, class: chosen ? "chosen" : null },
    cell("number", number(one.number)),
    cell("date", make("time", { datetime: one.iso }, one.day),
      when ? make("small", {}, when) : ""),
    cell("what", make("div", { class: "both" }, icon, make("div", {}, title, make("small", {}, one.type.label),
      one.callout ? make("small", { class: "callout" }, own(one.callout)) : ""))),
    cell("where", own(one.place), make("small", {}, data.precisions[one.precision])),
    cell("deaths", one.toll),
    cell("status", data.assessments[one.assessment]),
    cell("sources", own(publishers.join(", "))));
  const heads = ["number", "date", "what", "where", "deaths", "status", "sources"];
  [...made.children].forEach((each, n) => (each.dataset.label = say(heads[n])));
  made.addEventListener("click", () => select(one, { fromTable: true }));
  rows.set(one, made);
  return made;
}

function drawTable() {
  const { kept } = current;
  const shown = kept.slice(0, listed);
  rows.clear();
  byId("rows").replaceChildren(...shown.map(rowOf));
  const more = byId("more");
  more.hidden = kept.length <= listed;
  more.textContent = say("more", { n: Math.min(STEP, kept.length - listed) });
  byId("row-count").textContent = kept.length
    ? say("rows", { first: 1, last: shown.length, n: kept.length }) : say("none_left");
  byId("on-paper").textContent = kept.length > listed
    ? say("more_on_paper", { n: kept.length - listed }) : "";
}

// mark the row of the chosen incident; `follow` also scrolls the table, never the page, to it
function markRow(follow) {
  if (selected && follow && !rows.has(selected)) {
    const at = current.kept.indexOf(selected);
    if (at >= listed) {
      listed = Math.ceil((at + 1) / STEP) * STEP;
      drawTable();
    }
  }
  for (const [one, made] of rows) {
    const chosen = one === selected;
    made.classList.toggle("chosen", chosen);
    made.querySelector("button.title").setAttribute("aria-pressed", String(chosen));
  }
  const made = selected && rows.get(selected);
  if (made && follow) {
    const wrap = byId("table-wrap");
    wrap.scrollTop = made.offsetTop - wrap.clientHeight / 3;
  }
}

function buildTable() {
  byId("more").addEventListener("click", () => {
    listed += STEP;
    drawTable();
  });
  let before = listed;
  addEventListener("beforeprint", () => {
    before = listed;
    listed = Math.max(listed, 500);
    drawTable();
  });
  addEventListener("afterprint", () => {
    listed = before;
    drawTable();
  });
}
