// Which days does the map show? A window over the days of what matches the filter, moved by two
// handles or played. It narrows what is painted; the page changes only where it is asked to.
(function () {
  "use strict";
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  // the days are written when they are painted, in one picture with the map, or after so long
  const PACE = 700, TOLD_MS = 60, INK = "#3a4652", CHOSEN = "#2f6f95", REST = "#c3ccd3";
  const number = n => n.toLocaleString("en");
  const made = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  };
  // calendar days of the place: no time zone of a browser moves them
  const written = day => {
    const [year, month, number_] = day.split("-").map(Number);
    return `${number_} ${MONTHS[month - 1]} ${year}`;
  };
  const range = (from, to) => from === to ? written(from) : `${written(from)} – ${written(to)}`;

  // of all that a browser holds, the incidents that are named; everything else of it stays
  L.atlasNarrowed = (whole, named) => {
    const wanted = new Set(named.rows), uncertain = new Set(named.uncertain), place = new Map();
    const held = whole.incidents, kept = [];
    held.row.forEach((row, i) => { if (wanted.has(row)) { place.set(i, kept.length); kept.push(i); } });
    const taken = (columns, at) => Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, at.map(i => values[i])]));
    const incidents = taken(held, kept), at = [];
    incidents.uncertain = incidents.row.map(row => uncertain.has(row) ? 1 : 0);
    whole.marks.incident.forEach((i, mark) => { if (place.has(i)) at.push(mark); });
    const marks = taken(whole.marks, at);
    marks.incident = marks.incident.map(i => place.get(i));
    const signs = of => of.map(sign => ({ ...sign, incidents: sign.incidents.filter(i => place.has(i)).map(i => place.get(i)) })).filter(sign => sign.incidents.length);
    const units = signs(whole.units), countries = signs(whole.countries);
    const seen = new Set([...marks.incident, ...[...units, ...countries].flatMap(sign => sign.incidents)]);
    return { ...whole, incidents, marks, units, countries, unplaced: kept.length - seen.size, when: named.when };
  };

  L.atlasSlider = (map, layer, use, changed) => {
    const control = L.control({ position: "bottomleft" });
    const box = made("details", "atlas-days"), head = made("summary", "", "Days");
    const bars = made("canvas"), low = made("input"), high = made("input"), track = made("div", "track");
    const chosen = made("output", "chosen"), said = made("p", "said"), note = made("p", "note");
    const back = made("button", "", "‹"), play = made("button", "play", "▶"), on = made("button", "", "›");
    const all = made("button", "words", "All days"), take = made("button", "words", "Use these dates");
    let days = null, token = "", matched = 0, picked = null, window_ = null, when = null, playing = 0, held = false, telling = 0;

    for (const [input, label] of [[low, "First day"], [high, "Last day"]]) {
      input.type = "range"; input.min = 0; input.step = 1;
      input.setAttribute("aria-label", label);
    }
    [back, play, on, all, take].forEach(button => { button.type = "button"; });
    back.title = "Step back"; on.title = "Step on"; play.title = "Play";
    for (const button of [back, play, on]) button.setAttribute("aria-label", button.title);
    chosen.setAttribute("aria-live", "polite");
    track.append(bars, low, high);
    const line = made("div", "line"), foot = made("div", "line");
    line.append(back, play, on, chosen);
    foot.append(all, take);
    note.textContent = "The map alone: ledger, table and files follow the sidebar.";
    box.append(head, track, line, said, note, foot);

    const whole = () => !days || (Number(low.value) === 0 && Number(high.value) === days.starts.length - 1);
    const edges = () => [days.starts[Number(low.value)], days.ends[Number(high.value)]];

    function drawBars() {
      const width = track.clientWidth, height = 34, ratio = window.devicePixelRatio || 1;
      bars.width = width * ratio; bars.height = height * ratio;
      bars.style.width = width + "px"; bars.style.height = height + "px";
      const c = bars.getContext("2d"), n = days ? days.counts.length : 0;
      if (!width || !n) return;
      c.scale(ratio, ratio);
      // the middle of a handle stands over the middle of its bar
      const pad = 7, step = n > 1 ? (width - 2 * pad) / (n - 1) : 0, most = Math.max(...days.counts);
      days.counts.forEach((count, i) => {
        const inside = i >= Number(low.value) && i <= Number(high.value);
        const tall = count ? Math.max(1.5, count / most * (height - 2)) : 0;
        const wide = Math.max(1, Math.min(step || 14, 14) - (step > 3 ? 1 : 0));
        c.fillStyle = inside ? CHOSEN : REST;
        c.fillRect(pad + i * step - wide / 2, height - tall, wide, tall);
      });
      c.fillStyle = INK; c.fillRect(0, height - 0.5, width, 0.5);
    }

    function tell() {
      clearTimeout(telling); telling = 0;
      const any = days && days.starts.length;
      box.hidden = !any;
      if (!any) return;
      const [from, to] = edges();
      low.setAttribute("aria-valuetext", `from ${written(from)}`);
      high.setAttribute("aria-valuetext", `to ${written(to)}`);
      chosen.textContent = range(from, to);
      // the handle that has room to move lies on top
      low.style.zIndex = Number(low.value) > days.starts.length / 2 ? 3 : 2;
      head.textContent = whole() ? "Days" : `Days: ${range(from, to)}`;
      box.classList.toggle("narrowed", !whole());
      back.disabled = whole() || Number(low.value) === 0;
      on.disabled = !whole() && Number(high.value) === days.starts.length - 1;
      take.hidden = whole();
      all.hidden = whole() && !picked;
      const none = picked && !reached() ? `none in ${range(...picked)}` : "";
      if (none) head.textContent = `Days: all, ${none}`;
      if (whole()) said.textContent = `All ${number(matched)} matched incidents${none && `, ${none}`}. Each bar is a ${days.unit}.`;
      else counted();
      drawBars();
    }

    function counted() {
      if (!when || whole()) return;
      const n = when.within + when.ongoing + when.uncertain;
      const apart = [[when.ongoing, "ongoing"], [when.uncertain, "date uncertain"]].filter(([m]) => m).map(([m, text]) => `${number(m)} ${text}`);
      said.textContent = `${number(n)} of ${number(matched)} matched incidents in these days${apart.length ? `, of them ${apart.join(", ")}` : ""}.`;
    }

    // the page hears of days that rest: never while a handle is held or the days play
    function settle() { if (!held && !playing) changed(picked); }

    // asks for the window where it is another than before; the handles may go on by so many bars
    function narrow(by) {
      const next = whole() ? null : edges();
      if (String(next) === String(window_)) { tell(); return; }
      window_ = next;
      telling = setTimeout(tell, TOLD_MS);
      layer.setWindow(next, by && onward(by));
    }
    function onward(by) {
      const end = days.starts.length - 1, [first, last] = [low, high].map((input, i) => Number(input.value) + by[i]);
      return first >= 0 && last <= end && first <= last ? [days.starts[first], days.ends[last]] : undefined;
    }

    // what the visitor picked is kept through filters that leave less of it, or nothing
    function pick(by) {
      picked = whole() ? null : edges();
      narrow(by);
      settle();
    }

    function set(first, last, by) {
      low.value = first; high.value = last;
      pick(by);
    }

    function step(way) {
      const end = days.starts.length - 1;
      if (whole()) { const some = Math.max(1, Math.round((end + 1) / 12)); set(0, Math.min(some, end + 1) - 1, [1, 1]); return true; }
      const wide = Number(high.value) - Number(low.value), first = Number(low.value) + way;
      if (first < 0 || first + wide > end) return false;
      set(first, first + wide, [way, way]);
      return true;
    }

    function stop() {
      clearTimeout(playing); playing = 0;
      play.textContent = "▶"; play.title = "Play"; play.setAttribute("aria-label", "Play");
      settle();
    }
    function start() {
      // from the end, playing begins again
      if (!whole() && Number(high.value) === days.starts.length - 1) set(0, Number(high.value) - Number(low.value));
      play.textContent = "❚❚"; play.title = "Pause"; play.setAttribute("aria-label", "Pause");
      playing = setTimeout(() => { if (!step(1)) stop(); }, whole() ? 0 : PACE);
    }
    // the next step comes when this one is painted
    layer.on("drawn", ({ data }) => {
      when = data && data.when;
      if (telling) tell(); else if (days) counted();
      if (!playing || !data || !data.when || layer.isAsking()) return;
      clearTimeout(playing);
      playing = setTimeout(() => { if (!step(1)) stop(); }, PACE);
    });

    // whether any of the picked days is among these
    const reached = () => picked && picked[0] <= days.ends[days.ends.length - 1] && picked[1] >= days.starts[0];

    // puts the handles at the picked days, as far as these days go; where nothing matches, they wait
    function place() {
      const end = days.starts.length - 1;
      low.max = high.max = Math.max(end, 0); low.value = 0; high.value = Math.max(end, 0);
      if (end < 0) { tell(); return; }
      if (reached()) {
        low.value = Math.max(0, days.ends.findIndex(day => day >= picked[0]));
        const past = days.starts.findIndex(day => day > picked[1]);
        high.value = past < 0 ? end : Math.max(past - 1, Number(low.value));
      }
      narrow();
    }

    // goes on with the days of another view; what was picked stays, unless the page opens others
    function follow(next, opened) {
      if (opened !== undefined) { picked = window_ = opened; stop(); }
      if (next === token) { if (days && opened !== undefined) place(); return; }
      token = next; stop();
      if (!next) { days = null; window_ = null; tell(); return; }
      fetch(`${layer.url()}/days`).then(r => r.ok ? r.json() : null).then(found => {
        if (token !== next || !found) return;
        days = found; matched = found.matched;
        place();
      }).catch(() => {});
    }

    // a handle goes no further than the other, and may go on as far as it just went
    const drag = (input, limit) => () => {
      stop();
      input.value = limit();
      const stood = window_ ? [days.starts.indexOf(window_[0]), days.ends.indexOf(window_[1])] : [0, days.starts.length - 1];
      pick([low, high].map((handle, i) => Number(handle.value) - stood[i]));
    };
    low.oninput = drag(low, () => Math.min(Number(low.value), Number(high.value)));
    high.oninput = drag(high, () => Math.max(Number(low.value), Number(high.value)));
    track.addEventListener("pointerdown", () => { held = true; });
    for (const ended of ["pointerup", "pointercancel"]) track.addEventListener(ended, () => { held = false; settle(); });
    play.onclick = () => { if (playing) stop(); else start(); };
    back.onclick = () => { stop(); step(-1); };
    on.onclick = () => { stop(); step(1); };
    all.onclick = () => { stop(); set(0, days.starts.length - 1); play.focus(); };
    take.onclick = () => { const dates = edges(); picked = null; stop(); use(dates); };
    box.ontoggle = drawBars;
    box.hidden = true;
    control.onAdd = () => {
      L.DomEvent.disableClickPropagation(box).disableScrollPropagation(box);
      // the keys that move a handle must not move the map
      L.DomEvent.on(box, "keydown keypress", L.DomEvent.stopPropagation);
      return box;
    };
    control.addTo(map);
    return { follow };
  };
})();
