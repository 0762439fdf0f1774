// Within which area is asked? A rectangle or a polygon drawn on the map is handed to the page,
// which makes it its filter; the area that the page filters by is outlined here.
(function () {
  "use strict";
  const MOST = 100, NEAR = 9, SVG = "http://www.w3.org/2000/svg";
  const ICONS = {
    rectangle: "M4 6h16v12H4z",
    polygon: "M5 17l2-11 7 3 6-4 0 13-9 1z",
    remove: "M6 6l12 12M18 6L6 18",
  };
  const HINTS = {
    rectangle: "Drag from corner to corner. Escape cancels.",
    polygon: "Click the corners; the first one, Enter or a double click closes. Backspace takes one back, Escape cancels.",
  };
  const round = n => Math.round(n * 1e5) / 1e5;
  const drawn = (name, attributes) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };

  // whether two stretches have more in common than an end
  const side = (a, b, c) => Math.sign((b.lng - a.lng) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lng - a.lng));
  const within = (a, b, p) => Math.min(a.lng, b.lng) <= p.lng && p.lng <= Math.max(a.lng, b.lng) && Math.min(a.lat, b.lat) <= p.lat && p.lat <= Math.max(a.lat, b.lat);
  function cross(a, b, c, d) {
    const [one, two, three, four] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
    if (one !== two && three !== four && one * two < 0 && three * four < 0) return true;
    return (one === 0 && within(a, b, c)) || (two === 0 && within(a, b, d)) || (three === 0 && within(c, d, a)) || (four === 0 && within(c, d, b));
  }
  // whether a stretch meets the sides of an open line; the sides beside it share an end
  const meets = (corners, from, to, first, last) => {
    for (let i = first; i < last; i++) if (cross(corners[i], corners[i + 1], from, to)) return true;
    return false;
  };

  L.atlasDrawing = (map, layer, use) => {
    const control = L.control({ position: "topleft" }), container = map.getContainer();
    const bar = L.DomUtil.create("div", "leaflet-bar atlas-tool"), hint = L.DomUtil.create("div", "atlas-hint", container);
    const sheet = L.DomUtil.create("div", "atlas-sheet", container), svg = drawn("svg", { width: "100%", height: "100%" });
    const shape = drawn("path", { class: "shape" }), dots = drawn("g", {});
    let tool = "", corners = [], pointer = null, held = null;
    hint.setAttribute("role", "status"); hint.hidden = sheet.hidden = true;
    svg.append(shape, dots); sheet.append(svg);

    const buttons = {};
    for (const [name, title] of [["rectangle", "Filter by a rectangle"], ["polygon", "Filter by a polygon"], ["remove", "Remove the area from the filter"]]) {
      const button = buttons[name] = L.DomUtil.create("button", "", bar), icon = drawn("svg", { viewBox: "0 0 24 24", width: 16, height: 16 });
      icon.append(drawn("path", { d: ICONS[name], fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linejoin": "round" }));
      button.type = "button"; button.title = title; button.setAttribute("aria-label", title);
      button.append(icon);
      button.onclick = () => { if (name === "remove") { stop(); use({ area: null }); } else if (tool === name) stop(); else start(name); };
    }
    buttons.remove.hidden = true;

    const say = text => { hint.textContent = text; hint.hidden = !text; };
    const told = () => say(corners.length && tool === "polygon" ? `${corners.length} of ${MOST} corners. ${HINTS.polygon}` : HINTS[tool] || "");

    function start(name) {
      stop();
      tool = name; sheet.hidden = false;
      buttons[name].classList.add("on"); buttons[name].setAttribute("aria-pressed", "true");
      map.dragging.disable(); map.doubleClickZoom.disable(); map.boxZoom.disable();
      told();
    }
    function stop() {
      if (!tool) return;
      buttons[tool].classList.remove("on"); buttons[tool].setAttribute("aria-pressed", "false");
      tool = ""; corners = []; pointer = held = null; sheet.hidden = true;
      map.dragging.enable(); map.doubleClickZoom.enable(); map.boxZoom.enable();
      say(""); paint();
    }
    function paint() {
      const at = corner => map.latLngToContainerPoint(corner);
      let line = [];
      if (tool === "rectangle" && held && pointer) line = [held, L.latLng(held.lat, pointer.lng), pointer, L.latLng(pointer.lat, held.lng), held];
      if (tool === "polygon" && corners.length) line = pointer ? [...corners, pointer] : corners;
      shape.setAttribute("d", line.length ? `M${line.map(at).map(p => `${p.x} ${p.y}`).join("L")}` : "");
      dots.replaceChildren(...(tool === "polygon" ? corners : []).map((corner, i) => {
        const p = at(corner);
        return drawn("circle", { cx: p.x, cy: p.y, r: i ? 3.5 : 5.5, class: "corner" });
      }));
    }
    const here = event => map.mouseEventToLatLng(event);
    const clear = latlng => L.latLng(Math.max(-85, Math.min(85, latlng.lat)), latlng.lng);

    // an area in the copy of the world that is the real one
    const turned = lngs => { const middle = (Math.min(...lngs) + Math.max(...lngs)) / 2; return Math.floor((middle + 180) / 360) * 360; };
    const wrapped = lng => { const n = ((lng + 180) % 360 + 360) % 360 - 180; return round(n); };

    function rectangle(a, b) {
      const points = [a, b].map(corner => map.latLngToContainerPoint(corner));
      if (Math.abs(points[0].x - points[1].x) < 4 || Math.abs(points[0].y - points[1].y) < 4) { say("Too small for a rectangle: drag from corner to corner. Escape cancels."); return; }
      const [west, east] = [Math.min(a.lng, b.lng), Math.max(a.lng, b.lng)], wide = east - west >= 360;
      const bbox = [wide ? -180 : wrapped(west), round(Math.min(a.lat, b.lat)), wide ? 180 : wrapped(east), round(Math.max(a.lat, b.lat))];
      stop();
      use({ area: { bbox } });
    }
    function close() {
      const n = corners.length;
      if (n < 3) { say("A polygon has three corners or more. Escape cancels."); return; }
      if (meets(corners, corners[n - 1], corners[0], 1, n - 2)) { say("The last side would cross another: take a corner back (Backspace) or place more."); return; }
      const turn = turned(corners.map(corner => corner.lng));
      const ring = corners.map(corner => [round(corner.lng - turn), round(corner.lat)]);
      if (ring.some(([lng]) => Math.abs(lng) > 180)) { say("A polygon cannot cross the 180th meridian: draw a rectangle there."); return; }
      stop();
      use({ area: { ring: [...ring, ring[0]] } });
    }
    function add(corner) {
      const n = corners.length;
      if (n >= MOST) { say(`A polygon has at most ${MOST} corners: Enter closes it.`); return; }
      if (n && map.latLngToContainerPoint(corners[n - 1]).distanceTo(map.latLngToContainerPoint(corner)) < 3) return;
      if (n > 1 && meets(corners, corners[n - 1], corner, 0, n - 2)) { say("This side would cross another: place the corner elsewhere."); return; }
      corners.push(corner);
      told(); paint();
    }

    sheet.addEventListener("pointerdown", event => {
      if (event.button || tool !== "rectangle") return;
      held = pointer = clear(here(event));
      sheet.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    sheet.addEventListener("pointermove", event => { pointer = clear(here(event)); paint(); });
    sheet.addEventListener("pointerup", event => {
      if (tool !== "rectangle" || !held) return;
      const from = held;
      held = null; rectangle(from, clear(here(event))); paint();
    });
    sheet.addEventListener("pointercancel", () => { held = null; paint(); });
    sheet.addEventListener("click", event => {
      if (tool !== "polygon" || event.detail > 1) return;
      const first = corners.length > 2 && map.latLngToContainerPoint(corners[0]);
      if (first && first.distanceTo(map.mouseEventToContainerPoint(event)) <= NEAR) close(); else add(clear(here(event)));
    });
    sheet.addEventListener("dblclick", event => { event.preventDefault(); if (tool === "polygon") close(); });
    for (const name of ["click", "dblclick", "mousedown", "mousemove", "mouseup", "pointerdown"]) L.DomEvent.on(sheet, name, L.DomEvent.stopPropagation);
    document.addEventListener("keydown", event => {
      if (!tool) return;
      if (event.key === "Escape") stop();
      else if (tool !== "polygon") return;
      else if (event.key === "Enter" && event.target.tagName !== "BUTTON") close();
      else if (event.key === "Backspace") { corners.pop(); told(); paint(); } else return;
      event.preventDefault();
    });
    map.on("move zoom viewreset zoomend", paint);

    control.onAdd = () => { L.DomEvent.disableClickPropagation(bar); return bar; };
    control.addTo(map);

    // what the page filters by
    const style = { color: "#1d4e6b", weight: 2, dashArray: "6 4", fill: false, interactive: false };
    let outline = null;
    const show = area => {
      const before = layer.outlined;
      if (outline) outline.remove();
      outline = null; layer.outlined = Boolean(area && (area.ring || area.centre));
      buttons.remove.hidden = !area;
      // the legend names it
      if (layer.outlined !== before) layer._again();
      if (!area) return;
      if (area.ring) outline = L.polygon(area.ring.map(([lng, lat]) => [lat, lng]), style);
      if (area.centre) outline = L.circle([area.centre[1], area.centre[0]], { ...style, radius: area.km * 1000 });
      if (outline) outline.addTo(map);
    };
    return { show };
  };
})();
