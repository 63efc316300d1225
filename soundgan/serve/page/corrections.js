/** Fields that correct what was taken from a picture: by mouse and by keyboard. */

import { make } from "/page/session.js";

const CHOICES = {
  axis: ["linear", "log", "mel", "mel_htk", "librosa_log", "librosa_mel"],
  time: ["right", "left", "up", "down"],
  overlays: ["fill", "keep"],
};
const RATIO = 8; // of what was found, to both ends of a slider
const SLIDERS = { seconds: "ratio", f_max: "ratio", sample_rate: "ratio", f_min: [0, 2000], range_db: [20, 160] };

/** One row: what was found, why, and fields to say otherwise. `correct` is called with the new text. */
export function correctionRow({ name, value, parameter, why }, known, correct) {
  const shown = known[parameter] ?? "";
  const field = parameter in CHOICES
    ? choice(parameter, shown, value, correct)
    : make("input", { name: parameter, value: shown, placeholder: text(value), size: 14,
      onchange: () => correct(parameter, field.value.trim()) });
  const row = make("div", {}, make("label", {}, `${name} `, field));
  const number = Number(shown || value);
  if (parameter in SLIDERS && Number.isFinite(number)) row.append(slider(name, parameter, number, Number(value), field, correct));
  row.append(make("small", {}, why));
  return row;
}

function choice(parameter, shown, found, correct) {
  const options = CHOICES[parameter].map((one) => make("option", { value: one }, one));
  const select = make("select", { name: parameter, onchange: () => correct(parameter, select.value) },
    make("option", { value: "" }, `${found}, as found`), ...options);
  select.value = shown;
  return select;
}

/** A slider that writes into `field` as it moves, and corrects when it is let go. */
function slider(name, parameter, number, found, field, correct) {
  const kind = SLIDERS[parameter];
  const middle = Number.isFinite(found) && found > 0 ? found : number || 1;
  const at = kind === "ratio" ? Math.log(number / middle) / Math.log(RATIO) : number;
  const [min, max, step] = kind === "ratio" ? [-1, 1, 0.01] : [...kind, (kind[1] - kind[0]) / 200];
  const input = make("input", { type: "range", min, max, step, name: `${parameter}-slider`, "aria-label": `${name}, as a slider`,
    oninput: () => (field.value = said()), onchange: () => correct(parameter, said()) });
  const said = () => {
    const value = kind === "ratio" ? middle * RATIO ** Number(input.value) : Number(input.value);
    return parameter === "sample_rate" ? `${Math.round(value)}` : text(value.toPrecision(3));
  };
  input.value = at;
  return input;
}

function text(value) {
  const number = /^-?[\d.]+(e[+-]?\d+)?$/.test(value) ? Number(value) : NaN;
  return Number.isFinite(number) ? `${Number(number.toPrecision(6))}` : `${value}`;
}
