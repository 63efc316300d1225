/** Where the page is, written into its address: view, model, pads. A reload, or a bookmark, brings it back. */

import { board } from "/page/board.js";
import { settings } from "/page/near.js";
import { session } from "/page/session.js";

const LATER = 200; // milliseconds; browsers allow few changes a second
const NUMBERS = { seed: 1, start: 1, strength: 0.3, truncation: 1 };

const [view, rest = ""] = location.hash.slice(1).split("?");
let given = new URLSearchParams(rest);
let shown = view;
let timer = 0;

/** What the address said when the page was opened. */
export const opened = { view, model: given.get("model") };
for (const [name, usual] of Object.entries(NUMBERS)) settings[name] = finite(given.get(name)) ?? usual;
settings.label = given.get("class") ?? "";

/** Put on the pads what the address holds for this model; whether it does. Once. */
export function restored(model) {
  const was = given;
  given = new URLSearchParams();
  if (was.get("model") !== model.hash || was.get("1") === null) return false;
  const locked = (was.get("locked") ?? "").split(".");
  board.pads.forEach((pad, i) => {
    const address = was.get(`${i + 1}`);
    if (address === null) return;
    const label = was.get(`class${i + 1}`) ?? labelIn(address);
    const note = was.get(`note${i + 1}`) ?? undefined;
    board.pads[i] = { address, label, note, locked: locked.includes(`${i + 1}`) };
  });
  board.choose((finite(was.get("chosen")) ?? 1) - 1);
  return true;
}

/** Another view is shown. */
export function moved(to) {
  shown = to;
  write();
}

board.addEventListener("change", () => {
  if (!timer) timer = setTimeout(write, LATER);
});
addEventListener("pagehide", write);

function write() {
  clearTimeout(timer);
  timer = 0;
  if (!session.model || board.pads[0].address === null) return;
  const said = new URLSearchParams({ model: session.model.hash, chosen: board.chosen + 1 });
  for (const [name, usual] of Object.entries(NUMBERS)) if (settings[name] !== usual) said.set(name, settings[name]);
  if (settings.label) said.set("class", settings.label);
  const locked = board.pads.flatMap((pad, i) => (pad.locked ? [i + 1] : []));
  if (locked.length) said.set("locked", locked.join("."));
  board.pads.forEach(({ address, label, note, busy }, i) => {
    if (address === null) return;
    said.set(`${i + 1}`, address);
    if (label !== labelIn(address) && label !== null) said.set(`class${i + 1}`, label);
    if (note && !busy) said.set(`note${i + 1}`, note);
  });
  const text = `${said}`.replaceAll("%3A", ":").replaceAll("%40", "@");
  history.replaceState(null, "", `#${shown || "pads"}?${text}`);
}

/** The class that an address names, if it names one. */
function labelIn(address) {
  const found = /^\d+:([^~+@]+)(~|$)/.exec(address);
  return found && decodeURIComponent(found[1]);
}

function finite(text) {
  return text !== null && text !== "" && Number.isFinite(Number(text)) ? Number(text) : null;
}
