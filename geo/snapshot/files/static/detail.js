// What is known of the chosen incident, according to whom, and how was it located?

function fact(name, ...values) {
  const kept = values.filter((value) => value !== "" && value !== null);
  if (!kept.length) return [];
  return [make("dt", {}, say(`facts.${name}`)), make("dd", {}, ...kept)];
}

// competing claims stand side by side: one table a field, never a sum
function claimTables(one) {
  const fields = [...new Set(one.claims.map((claim) => claim[0]))];
  const heads = ["claim_value", "claim_whom", "claim_scope", "claim_claimant", "claim_source"];
  return fields.map((field) => {
    const claims = one.claims.filter((claim) => claim[0] === field);
    const used = heads.map((head, n) => [head, n + 1]).filter(([, n]) => claims.some((c) => c[n]));
    return make("div", { class: "claims" }, make("table", {},
      make("caption", {}, say("claims", { field })),
      make("thead", {}, make("tr", {}, ...used.map(([head]) =>
        make("th", { scope: "col" }, say(head))))),
      make("tbody", {}, ...claims.map((claim) => make("tr", {}, ...used.map(([, n]) =>
        make("td", {}, /^https?:/i.test(claim[n]) ? link(claim[n], claim[n]) : own(claim[n]))))))));
  });
}

function sourceList(one) {
  const items = one.sources.map(([publisher, title, address, published, quote]) => {
    const name = title || publisher || address;
    const beside = [title ? publisher : "", published].filter(Boolean).join(", ");
    return make("li", {}, address ? link(address, name) : own(name),
      beside ? make("small", {}, own(beside)) : "", quote ? make("q", {}, own(quote)) : "");
  });
  return [
    make("h3", {}, say("sources")),
    items.length ? make("ul", { class: "sources" }, ...items) : make("p", {}, say("no_source")),
  ];
}

function showDetails() {
  const part = byId("details");
  const one = selected;
  part.classList.toggle("open", Boolean(one));
  if (!one) {
    part.replaceChildren(make("p", { class: "hint" }, say("choose")));
    return;
  }
  const icon = draw("svg", { width: 34, height: 34, viewBox: "-17 -17 34 34", "aria-hidden": "true" },
    symbol(one, { plain: true, r: 12 }));
  const actors = one.actors.map(([name, role]) =>
    role ? say("actor", { name, role }) : name).join(", ");
  const when = one.when === 1 ? say("ongoing_date") : one.faint ? say("uncertain_date") : "";
  part.replaceChildren(
    make("button", { type: "button", class: "close", "aria-label": say("close"),
      on: { click: () => select(null) } }, "×"),
    make("div", { class: "detail-head" }, icon, make("div", {},
      make("p", { class: "kicker" }, `${one.type.label} · ${number(one.number)}`),
      make("h2", { id: "detail-title", tabindex: "-1" }, own(one.title)))),
    one.shown ? "" : make("button", { type: "button", class: "to-map", on: {
      click: () => byId("map-part").scrollIntoView({ behavior: quietly ? "auto" : "smooth" }),
    } }, say("to_map")),
    one.shown ? make("p", { class: "notice" }, say(`not_on_map.${SHOWN[one.shown]}`)) : "",
    one.summary ? make("p", {}, own(one.summary)) : "",
    make("dl", {}, ...fact("when", one.day, when ? make("small", {}, when) : ""),
      ...fact("where", one.where && own(one.where)), ...fact("deaths", one.toll),
      ...fact("assessment", data.assessments[one.assessment]), ...fact("actors", actors && own(actors)),
      ...fact("located", one.located)),
    ...claimTables(one), ...sourceList(one),
    make("dl", { class: "quiet" }, ...fact("licence", one.licence), ...fact("id", one.id)),
  );
  part.scrollTop = 0;
}

// several incidents at one place or known to one area: a list to choose from
function showList(list) {
  selected = null;
  const part = byId("details");
  part.classList.add("open");
  part.replaceChildren(
    make("button", { type: "button", class: "close", "aria-label": say("close"),
      on: { click: () => select(null) } }, "×"),
    make("h2", {}, say("here", { n: list.length })),
    make("ol", { class: "here" }, ...list.slice(0, 200).map((one) => make("li", {},
      make("button", { type: "button", on: { click: () => select(one) } },
        draw("svg", { width: 26, height: 24, viewBox: "-13 -12 26 24", "aria-hidden": "true" },
          symbol(one, { plain: true, r: 9 })),
        make("span", {}, own(one.title), make("small", {}, `${one.day} · ${one.place}`)))))),
    list.length > 200 ? make("p", {}, say("more_on_paper", { n: list.length - 200 })) : "",
  );
  markRow(false);
  refresh();
  reveal(part);
}

// on a narrow screen the details stand elsewhere than what was chosen
function reveal(part) {
  if (matchMedia("(min-width: 64em)").matches) return;
  part.scrollIntoView({ behavior: quietly ? "auto" : "smooth", block: "nearest" });
}

function select(one, { fromTable = false } = {}) {
  selected = one === selected && fromTable ? null : one;
  showDetails();
  markRow(!fromTable);
  if (selected) {
    bring(selected);
    if (fromTable) reveal(byId("map-part"));
    else reveal(byId("details"));
  } else {
    refresh();
  }
}
