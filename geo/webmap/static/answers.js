// Which answers about a view are at hand, and which of them shows the view that is looked at? One
// answer reaches beyond its view and others are fetched ahead, so that a map that moves finds what
// it shows. What an answer counts is true wherever it is shown: a cell is the same in every view.
(function () {
  "use strict";
  const MOST = 8, WINDOWS = 6, ZOOMS = [0, 14], HEX = 46, { across, down, latlng } = L.atlasSquare;
  const sum = counts => counts.reduce((all, n) => all + n, 0);

  // a sign of a cell or a hexagon: where it stands in the map's square, and what it counts
  function signs(columns, kind, level, place) {
    const one = new Set(columns.one);
    return columns.column.map((column, i) => {
      const [x, y] = place(column, columns.line[i], i), groups = columns.groups.map(of => of[i]);
      return { kind, key: `${level}-${column}-${columns.line[i]}`, x, y, groups, n: sum(groups), one: one.has(i) };
    });
  }
  const cells = (columns, kind, level) => signs(columns, kind, level, (column, line, i) =>
    [(column + (columns.east[i] + 0.5) / 256) / 2 ** level, (line + (columns.south[i] + 0.5) / 256) / 2 ** level]);
  function hexagons(columns, level) {
    const dx = HEX / (256 * 2 ** level), dy = dx * Math.sqrt(3) / 2;
    return signs(columns, "hex", level, (column, line) => [(column + line % 2 / 2) * dx, line * dy]);
  }

  // an answer as the layers paint it: every place in the map's square, counts beside it
  function unpacked(answer, looks) {
    const m = answer.marks, placed = place => ({
      ...place, x: across(place.lon), y: down(place.lat), n: place.groups ? sum(place.groups) : place.incidents.length,
      shape: place.rings && L.atlasExtents.shaped(place.rings),
    });
    const made = {
      ...answer, ...looks, cells: [],
      marks: { ...m, x: m.lon.map(across), y: m.lat.map(down) },
      units: answer.units.map(placed), countries: answer.countries.map(placed),
    };
    if (answer.hexagons) {
      made.hexagons = hexagons(answer.hexagons, answer.level);
      made.about = cells(answer.about, "about", answer.about.level);
    } else if (answer.level) {
      made.cells = [...cells(answer.exact, "exact", answer.level), ...cells(answer.about, "about", answer.level)];
    }
    return made;
  }

  // a part of the map at a zoom, of the map and of the server: in degrees, beyond 180 in the copies of the world beside it
  function view(map, center = map.getCenter(), zoom = map.getZoom(), share = 1) {
    const around = map.getPixelBounds(center, zoom), middle = around.getCenter(), half = around.getSize().multiplyBy(share / 2);
    const bounds = L.latLngBounds(map.unproject(middle.subtract(half), zoom), map.unproject(middle.add(half), zoom));
    return { bounds, zoom: Math.max(0, Math.min(18, Math.round(zoom))), scale: zoom };
  }
  const asked = ({ bounds, zoom }) => `bbox=${L.atlasBox(bounds, 4, 85)}&zoom=${zoom}`;

  function covers([west, south, east, north], { bounds }) {
    if (Math.max(bounds.getSouth(), -85) < south || Math.min(bounds.getNorth(), 85) > north) return false;
    const wide = east > west ? east - west : east - west + 360;
    // to the hundredth of a pixel that rounding takes
    const from = ((bounds.getWest() - west) % 360 + 360) % 360, past = from > 360 - 1e-6 ? 0 : from;
    return wide >= 360 || past + bounds.getEast() - bounds.getWest() <= wide + 1e-6;
  }

  const shows = (answer, view) => answer.whole || answer.asked === asked(view)
    || (answer.each || answer.zoom === view.zoom) && covers(answer.held, view);

  L.atlasAnswers = () => {
    const wanted = new Set();
    let held = [];
    const find = view => held.find(answer => shows(answer, view));
    return {
      find,
      any: () => held.length > 0,
      add: (answer, view) => {
        held = [Object.assign(answer, { asked: asked(view), zoom: view.zoom }), ...held].slice(0, MOST);
        return answer;
      },
      // the next view to fetch ahead, each once: this one where it is due to change its form, what
      // lies around it, and at rest the next zooms in and out
      ahead: (map, resting, due) => {
        const zoom = map.getZoom(), here = view(map), wishes = [];
        if (due || !find(view(map, map.getCenter(), zoom, 1.5))) wishes.push(here);
        if (resting) wishes.push(...[zoom + 1, zoom - 1].map(next => view(map, map.getCenter(), next)).filter(next => !find(next)));
        const wish = wishes.find(one => one.zoom >= ZOOMS[0] && one.zoom <= ZOOMS[1] && !wanted.has(asked(one)));
        if (wish) wanted.add(asked(wish));
        return wish;
      },
    };
  };
  // answers about the days that were looked at last, or may be next
  L.atlasWindows = () => {
    const held = new Map();
    return {
      of: days => {
        const answers = held.get(days) || L.atlasAnswers();
        held.delete(days);
        held.set(days, answers);
        if (held.size > WINDOWS) held.delete(held.keys().next().value);
        return answers;
      },
      clear: () => held.clear(),
    };
  };
  L.atlasView = view;
  L.atlasShows = shows;
  L.atlasAsked = asked;
  L.atlasUnpacked = unpacked;
  L.atlasPlace = sign => latlng(sign.x, sign.y);
})();
