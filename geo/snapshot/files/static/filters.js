// Which incidents pass what the reader asks for, and why not the others?

const last = data.bins.length;
const asked = {
  from: 0, to: last, certain: false, types: null, country: "", text: "", precision: null,
  assessment: null,
};
const REASONS = [
  "dates", "uncertain", "types", "country", "text", "precision", "assessment",
];

for (const one of incidents) {
  const said = [
    one.title, one.summary, one.where, one.held, one.type.label,
    ...one.actors.map((actor) => actor[0]),
  ];
  one.search = fold(said.join(" "));
}

function days() {
  if (!last || (asked.from === 0 && asked.to === last)) return null;
  return [data.bins[asked.from][0], data.bins[asked.to - 1][1]];
}

// a coarse date that only partly overlaps the days asked for is uncertain
function uncertain(one, range) {
  const partly = range !== null && (one.start < range[0] || one.end > range[1]);
  return one.when === 2 || (partly && !one.daily);
}

function outside(one, range) {
  return range !== null && (one.end < range[0] || one.start > range[1]);
}

function failing(one, range, sought) {
  if (outside(one, range)) return "dates";
  if (asked.certain && uncertain(one, range)) return "uncertain";
  if (asked.types && !asked.types.has(one.kind)) return "types";
  if (asked.country && !one.countries.includes(asked.country)) return "country";
  if (sought.some((word) => !one.search.includes(word))) return "text";
  if (asked.precision && !asked.precision.has(one.precision)) return "precision";
  if (asked.assessment && !asked.assessment.has(one.assessment)) return "assessment";
  return "";
}

function passing() {
  const range = days();
  const sought = fold(asked.text).split(/\s+/).filter(Boolean);
  const hidden = Object.fromEntries(REASONS.map((reason) => [reason, 0]));
  const places = [0, 0, 0, 0];
  const kept = [];
  for (const one of incidents) {
    const reason = failing(one, range, sought);
    one.faint = uncertain(one, range);
    if (reason) {
      hidden[reason] += 1;
    } else {
      places[one.shown] += 1;
      kept.push(one);
    }
  }
  return { kept, hidden, places, range };
}

// all filters but the dates, for the histogram
function passingAnyDay() {
  const sought = fold(asked.text).split(/\s+/).filter(Boolean);
  return incidents.filter((one) => {
    const reason = failing(one, null, sought);
    return !reason;
  });
}

function box(label, checked, act) {
  const input = make("input", { type: "checkbox", on: { change: () => act(input.checked) } });
  input.checked = checked;
  return make("label", { class: "check" }, input, make("span", {}, label));
}

// a drop-down of boxes; `sections` are lists of [value, label, count] under an optional heading
function picker(id, name, everything, sections, changed) {
  const values = sections.flatMap((section) => section.rows.map((row) => row[0]));
  const chosen = new Set(values);
  const shown = make("span", { class: "pick-value" }, everything);
  const boxes = new Map();
  const tell = () => {
    const all = chosen.size === values.length;
    shown.textContent = all ? everything : say("some", { n: chosen.size, m: values.length });
    boxes.forEach((input, value) => (input.checked = chosen.has(value)));
    heads.forEach(([input, rows]) => {
      const held = rows.filter((row) => chosen.has(row[0])).length;
      input.checked = held === rows.length;
      input.indeterminate = held > 0 && held < rows.length;
    });
    changed(all ? null : new Set(chosen));
  };
  const heads = [];
  const lists = sections.map((section) => {
    const set = (rows, on) => {
      rows.forEach((row) => (on ? chosen.add(row[0]) : chosen.delete(row[0])));
      tell();
    };
    const lines = section.rows.map((row) => {
      const line = box(row[1], true, (on) => set([row], on));
      boxes.set(row[0], line.firstChild);
      line.append(make("span", { class: "n" }, number(row[2])));
      return make("li", {}, line);
    });
    if (!section.heading) return make("ul", {}, ...lines);
    const head = box(section.heading, true, (on) => set(section.rows, on));
    const swatch = make("span", { class: "swatch" });
    swatch.style.background = section.colour;
    head.insertBefore(swatch, head.lastChild);
    heads.push([head.firstChild, section.rows]);
    return make("div", { class: "pick-group", role: "group", "aria-label": section.heading },
      make("div", { class: "pick-head" }, head), make("ul", {}, ...lines));
  });
  const details = make("details", { class: "pick", id },
    make("summary", {}, make("span", { class: "label" }, name), shown),
    make("div", { class: "pick-list" }, ...lists));
  details.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      details.open = false;
      details.querySelector("summary").focus();
    }
  });
  const reset = () => {
    values.forEach((value) => chosen.add(value));
    tell();
  };
  return { details, reset };
}

function counted(values) {
  const counts = new Map();
  values.forEach((value) => counts.set(value, (counts.get(value) || 0) + 1));
  return counts;
}

function buildFilters(changed) {
  const kinds = counted(incidents.map((one) => one.kind));
  const types = data.groups
    .map((group, g) => ({
      heading: group.label,
      colour: group.colour,
      rows: data.types
        .map((type, n) => [n, type.label, kinds.get(n) || 0])
        .filter((row) => data.types[row[0]].group === g && row[2]),
    }))
    .filter((section) => section.rows.length);
  const plain = (names, part) => {
    const held = counted(incidents.map((one) => one[part]));
    return [{ rows: names.map((name, n) => [n, name, held.get(n) || 0]).filter((r) => r[2]) }];
  };
  let started = false;
  const set = (name) => (value) => {
    asked[name] = value;
    if (started) changed();
  };
  const pickers = [
    picker("pick-types", say("types"), say("every_type"), types, set("types")),
    picker("pick-precision", say("precision"), say("every_precision"),
      plain(data.precisions, "precision"), set("precision")),
    picker("pick-assessment", say("assessment"), say("every_assessment"),
      plain(data.assessments, "assessment"), set("assessment")),
  ];
  let waiting = 0;
  const search = make("input", {
    type: "search", id: "search", placeholder: say("search_hint"), autocomplete: "off",
    on: {
      input: () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => set("text")(search.value), 120);
      },
    },
  });
  const nations = counted(incidents.flatMap((one) => one.countries));
  const country = make("select", {
    id: "country", on: { change: () => set("country")(country.value) },
  }, make("option", { value: "" }, say("every_country")),
  ...data.countries.filter(([code]) => nations.has(code)).map(([code, name]) =>
    make("option", { value: code }, `${name} (${number(nations.get(code))})`)));
  const certain = box(say("certain"), false, set("certain"));
  certain.firstChild.id = "certain";
  const reset = make("button", { type: "button", id: "reset", on: {
    click: () => {
      started = false;
      pickers.forEach((one) => one.reset());
      Object.assign(asked, { from: 0, to: last, certain: false, country: "", text: "" });
      search.value = "";
      country.value = "";
      certain.firstChild.checked = false;
      started = true;
      changed();
    },
  } }, say("reset"));
  byId("filters").append(
    make("label", { class: "field grow" }, make("span", { class: "label" }, say("search")), search),
    pickers[0].details,
    make("label", { class: "field" }, make("span", { class: "label" }, say("country")), country),
    pickers[1].details, pickers[2].details,
    make("div", { class: "field end" }, certain, reset),
  );
  document.addEventListener("click", (event) => {
    pickers.forEach(({ details }) => {
      if (details.open && !details.contains(event.target)) details.open = false;
    });
  });
  started = true;
}

// the parts always add up to what is shown, and with what is hidden to what the file holds
function tellLedger(found) {
  const { kept, hidden, places } = found;
  const line = byId("shown");
  const parts = { on_map: places[0], off_frame: places[1], not_mappable: places[2] };
  const gone = REASONS.filter((reason) => hidden[reason]).map((reason) =>
    say(`hidden_${reason}`, { n: hidden[reason] }));
  line.replaceChildren(
    make("strong", {}, say("showing", { n: kept.length, m: incidents.length })),
    make("span", {}, ` = ${say("parts", parts)}`),
    places[3] ? make("span", {}, ` + ${say("part_aside", { n: places[3] })}`) : "",
    gone.length ? make("span", { class: "gone" }, say("hidden", { parts: gone.join(" + ") })) : "",
  );
  Object.assign(line.dataset, {
    shown: kept.length, matched: incidents.length, places: places.join(" "),
    hidden: REASONS.map((reason) => hidden[reason]).join(" "),
  });
}
