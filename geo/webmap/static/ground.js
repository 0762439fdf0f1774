// How is the ground drawn: land, water, lines and names?
(function () {
  "use strict";
  const SEA = "#dbe8f0", LAND = "#f4f2ed", WATER = "#c4dae6", RIVER = "#a9c8da";
  const UNIT = "#d3cec4", LINE = "#7b8289", INK = "#3a4652", SOFT = "#7d868e";
  const FONT = '"Source Sans 3", sans-serif';

  function land(c, answer, trace) {
    // the coast first: the fill then covers it along every inner border
    trace(answer.land);
    c.lineWidth = 2; c.strokeStyle = "#b9c6cf"; c.stroke();
    c.fillStyle = LAND; c.fill("nonzero");
    c.lineWidth = 0.8; c.strokeStyle = LAND; c.stroke();
    c.lineWidth = 0.9; c.strokeStyle = RIVER; trace(answer.rivers); c.stroke();
    trace(answer.lakes); c.fillStyle = WATER; c.fill("evenodd");
    c.lineWidth = 0.7; c.strokeStyle = UNIT; trace(answer.units); c.stroke();
  }

  function names(c, answer, x, y, size) {
    const taken = [];
    const place = (text, px, py, font, colour, options) => {
      c.font = font;
      const width = c.measureText(text).width + (options.pad || 4), height = options.height || 14;
      const left = options.align === "left" ? px : px - width / 2;
      const box = [left, py - height / 2, left + width, py + height / 2];
      if (box[0] < 2 || box[1] < 2 || box[2] > size.x - 2 || box[3] > size.y - 2) return false;
      if (taken.some(t => t[0] < box[2] && t[2] > box[0] && t[1] < box[3] && t[3] > box[1])) return false;
      taken.push(box);
      c.textAlign = options.align || "center";
      c.textBaseline = "middle";
      c.lineWidth = 3; c.strokeStyle = "rgba(255,255,255,.88)"; c.lineJoin = "round";
      c.strokeText(text, px, py);
      c.fillStyle = colour; c.fillText(text, px, py);
      return true;
    };
    for (const [text, lon, lat] of answer.names.countries) {
      if ("letterSpacing" in c) c.letterSpacing = "2px";
      place(text.toUpperCase(), x(lon), y(lat), `600 12px ${FONT}`, "#8a9299", { height: 18, pad: 10 });
      if ("letterSpacing" in c) c.letterSpacing = "0px";
    }
    for (const [text, lon, lat, angle] of answer.names.lines) {
      c.save();
      c.translate(x(lon), y(lat)); c.rotate(angle);
      c.font = `italic 11px ${FONT}`; c.textAlign = "center"; c.textBaseline = "bottom";
      c.lineWidth = 3; c.strokeStyle = "rgba(255,255,255,.9)"; c.strokeText(text, 0, -4);
      c.fillStyle = INK; c.fillText(text, 0, -4);
      c.restore();
      taken.push([x(lon) - 40, y(lat) - 20, x(lon) + 40, y(lat) + 8]);
    }
    for (const [text, lon, lat, kind] of answer.names.towns) {
      const px = x(lon), py = y(lat);
      if (px < 0 || py < 0 || px > size.x || py > size.y) continue;
      const font = kind === 0 ? `600 12.5px ${FONT}` : `400 11.5px ${FONT}`;
      if (!place(text, px + 6, py, font, INK, { align: "left" })) continue;
      c.beginPath(); c.arc(px, py, kind === 0 ? 2.8 : 2, 0, 7);
      c.fillStyle = kind === 2 ? "#fff" : INK; c.fill();
      c.lineWidth = 1; c.strokeStyle = INK; c.stroke();
    }
    for (const [text, lon, lat] of answer.names.units) {
      place(text, x(lon), y(lat), `italic 11px ${FONT}`, SOFT, {});
    }
  }

  // draws an answer of the server; over online tiles only our boundary lines, and their notes
  function draw(c, answer, { x, y, size, over }) {
    const trace = parts => {
      c.beginPath();
      for (const part of parts) {
        for (let i = 0; i < part.length; i += 2) {
          if (i) c.lineTo(x(part[i]), y(part[i + 1])); else c.moveTo(x(part[i]), y(part[i + 1]));
        }
      }
    };
    if (!over) { c.fillStyle = SEA; c.fillRect(0, 0, size.x, size.y); }
    c.lineJoin = c.lineCap = "round";
    if (!over) land(c, answer, trace);
    c.lineCap = "butt";
    for (const [name, parts] of Object.entries(answer.lines)) {
      const style = answer.classes[name];
      trace(parts);
      c.setLineDash([]); c.lineWidth = 3; c.strokeStyle = "rgba(255,255,255,.85)"; c.stroke();
      c.setLineDash(style.dash.map(n => n * 1.4)); c.lineWidth = style.width * 1.15;
      c.strokeStyle = LINE; c.stroke();
    }
    c.setLineDash([]);
    if (!over) names(c, answer, x, y, size);
  }

  L.atlasGround = { draw, SEA };
})();
