// What does the file hold, and how is it said? Data, words, and elements made of text alone.

const data = JSON.parse(document.getElementById("data").textContent);
const { words, texts } = data;
const SVG = "http://www.w3.org/2000/svg";
const INK = "#1f2933";
const SLATE = "#3a4652";
const SHOWN = ["on_map", "off_frame", "not_mappable", "set_aside"];
const PARTS = [
  "number", "title", "summary", "kind", "start", "end", "daily", "when", "day", "iso", "place",
  "where", "countries", "precision", "assessment", "shown", "toll", "deaths", "radius", "callout",
  "located", "actors", "claims", "sources", "licence", "id", "held",
];
const AS_TEXT = [
  "title", "summary", "day", "iso", "place", "where", "toll", "callout", "located", "licence",
  "id", "held",
];

const incidents = data.incidents.map((parts, at) => {
  const one = { at };
  PARTS.forEach((name, n) => (one[name] = parts[n]));
  AS_TEXT.forEach((name) => (one[name] = texts[one[name]]));
  one.countries = one.countries.map((n) => texts[n]);
  for (const name of ["actors", "claims", "sources"]) {
    one[name] = one[name].map((row) => row.map((n) => texts[n]));
  }
  one.type = data.types[one.kind];
  one.group = data.groups[one.type.group];
  return one;
});

const byId = (id) => document.getElementById(id);
const quietly = matchMedia("(prefers-reduced-motion: reduce)").matches;

function number(value) {
  const grouped = String(value).replace(/\B(?=(\d{3})+(?!\d))/g, data.numbers.group);
  return grouped.replace(/\d/g, (digit) => data.numbers.digits[digit]);
}

function say(key, values = {}) {
  const text = key.split(".").reduce((held, part) => held[part], words);
  return text.replace(/\{(\w+)\}/g, (_, name) =>
    typeof values[name] === "number" ? number(values[name]) : String(values[name]),
  );
}

function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function put(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

// strings among the children become text, never markup
const make = (tag, attributes = {}, ...children) =>
  put(document.createElement(tag), attributes, children);
const draw = (tag, attributes = {}, ...children) =>
  put(document.createElementNS(SVG, tag), attributes, children);

// text from the data keeps its own direction within a page of another
const own = (text) => make("bdi", {}, text);

function link(address, text) {
  if (!/^https?:\/\/[^\s/?#]/i.test(address)) return own(text);
  return make("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, own(text));
}
