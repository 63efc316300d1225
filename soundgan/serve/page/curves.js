/** Numbers of a training as lines. */

/** Columns that are drawn, where the log has them. */
const DRAWN = ["generator/loss", "discriminator/loss"];
const MOST = 600; // points a line

/** Draw the losses of `rows`, lines of the log of metrics. */
export function drawCurves(canvas, rows) {
  const { clientWidth: w, clientHeight: h } = canvas;
  const scale = devicePixelRatio;
  Object.assign(canvas, { width: w * scale, height: h * scale });
  const names = columns(rows);
  if (!names.length || rows.length < 2) return;
  const pen = canvas.getContext("2d");
  const style = getComputedStyle(canvas);
  pen.scale(scale, scale);
  pen.font = `12px ${style.fontFamily}`;
  const steps = rows.map((row) => row.step);
  const lines = names.map((name) => smoothed(rows.map((row) => row[name]).filter(Number.isFinite)));
  const all = lines.flat().filter(Number.isFinite);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  lines.forEach((line, n) => {
    const colour = style.getPropertyValue(n ? "--second" : "--accent");
    pen.strokeStyle = pen.fillStyle = colour;
    pen.lineWidth = 1.5;
    pen.beginPath();
    line.forEach((value, i) => {
      const x = 8 + (i / Math.max(line.length - 1, 1)) * (w - 16);
      const y = h - 22 - ((value - low) / (high - low || 1)) * (h - 46);
      if (Number.isFinite(value)) pen.lineTo(x, y);
    });
    pen.stroke();
    pen.fillText(names[n].replace("/", ", "), 8 + 150 * n, 14);
  });
  pen.fillStyle = style.getPropertyValue("--ink");
  pen.fillText(`step ${steps[0]}`, 8, h - 5);
  pen.textAlign = "right";
  pen.fillText(`step ${steps.at(-1)}`, w - 8, h - 5);
}

function columns(rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return DRAWN.filter((name) => names.includes(name));
}

/** Means of as many values as make at most `MOST` points. */
function smoothed(values) {
  const every = Math.max(1, Math.ceil(values.length / MOST));
  const found = [];
  for (let i = 0; i < values.length; i += every) {
    const part = values.slice(i, i + every);
    found.push(part.reduce((sum, v) => sum + v, 0) / part.length);
  }
  return found;
}
