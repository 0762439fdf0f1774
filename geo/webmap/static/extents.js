// How much ground does a place cover that is not known exactly? Discs of their true radius, and
// hatched provinces.
(function () {
  "use strict";
  const S = L.atlasSymbols, PRECISIONS = ["exact", "near", "district", "province", "area", "country", "none"];
  const INK = "#3a4652", EQUATOR = 6378137, FLATTENING = 1 / 298.257223563, E2 = FLATTENING * (2 - FLATTENING);
  const SMALLEST = 7;

  // a disc of a true ground radius: its edges in degrees, from the ellipsoid's two curvatures
  function reach(lat, metres) {
    const sin = Math.sin(lat * Math.PI / 180), w = 1 - E2 * sin * sin;
    const meridian = EQUATOR * (1 - E2) / Math.pow(w, 1.5), normal = EQUATOR / Math.sqrt(w);
    const degrees = 180 / Math.PI;
    return {
      lat: metres / meridian * degrees,
      lon: metres / (normal * Math.max(Math.cos(lat * Math.PI / 180), 0.01)) * degrees,
    };
  }

  // rings in degrees, as they are painted: in the map's square, with the box of each
  const shaped = rings => rings.map(ring => {
    const at = new Float64Array(ring.length), box = [1, 1, 0, 0], { across, down } = L.atlasSquare;
    for (let i = 0; i < ring.length; i += 2) {
      const x = at[i] = across(ring[i]), y = at[i + 1] = down(ring[i + 1]);
      box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y); box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
    }
    return { at, box };
  });

  // provinces, hatched in the colour of their incidents' group, or in ink where several meet
  function units(frame, data, outlines) {
    const { c, size } = frame;
    for (const unit of data.units) {
      const turn = frame.turn(unit.x), rings = (unit.shape || outlines.get(unit.key) || []).filter(({ box: [west, north, east, south] }) =>
        frame.x(east) + turn > 0 && frame.x(west) + turn < size.x && frame.y(south) > 0 && frame.y(north) < size.y);
      if (!rings.length) continue;
      const groups = unit.groups ? data.groups.filter((_, at) => unit.groups[at]) : unit.incidents.map(i => data.types[data.incidents.type[i]]);
      const colours = new Set(groups.map(of => of.colour)), colour = colours.size === 1 ? [...colours][0] : INK;
      c.beginPath();
      for (const { at } of rings) {
        for (let i = 0; i < at.length; i += 2) {
          const x = frame.x(at[i]) + turn, y = frame.y(at[i + 1]);
          if (i) c.lineTo(x, y); else c.moveTo(x, y);
        }
      }
      c.fillStyle = S.hatch(c, colour); c.fill("evenodd");
      c.lineWidth = 1; c.strokeStyle = colour; c.globalAlpha = 0.7; c.stroke(); c.globalAlpha = 1;
    }
  }

  // discs of one kind are filled together, so that many do not add up to a solid colour
  function discs(frame, data) {
    const { c, size } = frame, m = data.marks, seen = new Set(), piles = new Map();
    for (let i = 0; i < m.lon.length; i++) {
      if (!m.radius[i]) continue;
      const colour = data.types[data.incidents.type[m.incident[i]]].colour, key = `${m.lon[i]},${m.lat[i]},${m.radius[i]},${colour}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const edge = reach(m.lat[i], m.radius[i]), rx = edge.lon / 360 * frame.width;
      if (rx < SMALLEST) continue;
      const x = frame.x(m.x[i]) + frame.turn(m.x[i]), top = frame.lat(m.lat[i] + edge.lat), bottom = frame.lat(m.lat[i] - edge.lat);
      if (x + rx < 0 || x - rx > size.x || bottom < 0 || top > size.y) continue;
      const near = PRECISIONS[m.precision[i]] === "near", pile = `${near ? "near" : "area"}${colour}`;
      if (!piles.has(pile)) piles.set(pile, { near, colour, path: new Path2D() });
      const path = piles.get(pile).path;
      path.moveTo(x + rx, (top + bottom) / 2);
      path.ellipse(x, (top + bottom) / 2, rx, (bottom - top) / 2, 0, 0, 2 * Math.PI);
    }
    for (const { near, colour, path } of piles.values()) {
      c.globalAlpha = near ? 0.1 : 1;
      c.fillStyle = near ? colour : S.hatch(c, colour);
      c.fill(path);
      c.globalAlpha = 0.7;
      outline(c, path, colour);
      c.globalAlpha = 1;
    }
  }

  const rim = document.createElement("canvas");
  // the rim of all discs together: every rim is drawn, then what lies inside any is taken out
  function outline(c, path, colour) {
    const { width, height } = c.canvas, r = rim.getContext("2d");
    if (rim.width !== width || rim.height !== height) { rim.width = width; rim.height = height; }
    r.setTransform(1, 0, 0, 1, 0, 0);
    r.globalCompositeOperation = "source-over";
    r.clearRect(0, 0, width, height);
    r.setTransform(c.getTransform());
    r.lineWidth = 2.4; r.strokeStyle = colour; r.stroke(path);
    r.globalCompositeOperation = "destination-out";
    r.fill(path);
    c.save(); c.setTransform(1, 0, 0, 1, 0, 0); c.drawImage(rim, 0, 0); c.restore();
  }

  L.atlasExtents = { units, discs, reach, shaped };
})();
