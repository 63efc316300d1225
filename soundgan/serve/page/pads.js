/** `<sg-pads>`: sixteen sounds at once. */

import { soundUrl } from "/page/api.js";
import { board, PADS } from "/page/board.js";
import { meaning } from "/page/keys.js";
import { isKept, kept, toggleKept } from "/page/kept-store.js";
import { project } from "/page/mine.js";
import * as near from "/page/near.js";
import { drawPad, makePad, playPad } from "/page/pad.js";
import { restored } from "/page/place.js";
import { stop } from "/page/player.js";
import { fileName, make, say, session, trying } from "/page/session.js";
import "/page/shape.js";

const ACTIONS = [
  ["keep", "Keep", "k"], ["drop", "Drop", "x"], ["vary", "Vary", "v"], ["take", "Take", "⇧t"],
  ["mark", "Mark", "m"], ["morph", "Morph", "b"], ["lock", "Lock", "l"], ["undo", "Undo", "ctrl z"],
];

class Pads extends HTMLElement {
  connectedCallback() {
    this.buttons = Array.from({ length: PADS }, (_, i) =>
      makePad(i, { chosen: (n) => n !== board.chosen && board.choose(n), dropped: project }));
    this.grid = make("div", { className: "grid", role: "group", "aria-label": "Pads" }, ...this.buttons);
    this.told = make("p", { className: "shown" });
    this.append(this.#top(), this.grid, this.#bar(), this.told, make("sg-shape"), keysHelp());
    board.addEventListener("change", () => this.draw());
    kept.addEventListener("change", () => this.draw());
    session.addEventListener("model", () => this.#begin());
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  /** The same as the command's key. */
  async do(command) {
    if (command === "silence") return stop();
    if (!session.model || board.pad.address === null) return undefined;
    const held = document.activeElement?.classList.contains("pad");
    await trying(() => this.#work(command));
    if (held) this.buttons[board.chosen].focus();
    return undefined;
  }

  draw() {
    if (!session.model) return;
    this.buttons.forEach((button, i) => {
      const pad = board.pads[i];
      const isMarked = board.marked.includes(pad.address);
      drawPad(button, pad, { isChosen: i === board.chosen, isMarked });
    });
    const { address, note, locked } = board.pad;
    this.told.textContent = note ? `${note} · ${address}` : (address ?? "");
    if (address === null) return;
    const { hash } = session.model;
    this.actions.keep.firstChild.textContent = isKept(hash, address) ? "Let go" : "Keep";
    this.actions.lock.firstChild.textContent = locked ? "Unlock" : "Lock";
    this.actions.undo.disabled = board.before.length === 0;
    this.actions.take.disabled = !session.model.takes;
    this.actions.morph.disabled = board.marked.length < 2;
    this.file.href = soundUrl(hash, address, "wav");
    this.file.download = fileName(address);
  }

  async #work(command) {
    const { hash } = session.model;
    const { address } = board.pad;
    if (command === "play") playPad(board.pad);
    else if (command === "keep") {
      await toggleKept(hash, address);
      say(isKept(hash, address) ? "Kept" : "No longer kept");
    } else if (command === "lock") board.toggleLock();
    else if (command === "mark") board.toggleMark();
    else if (command === "undo") say(board.undo() ? "Undone" : "Nothing to undo");
    else await near[command]();
    if (command === "take" || command === "drop") playPad(board.pad);
  }

  #begin() {
    const { labels, name } = session.model;
    const back = restored(session.model);
    if (!back) near.settings.seed = 1;
    if (!labels.includes(near.settings.label)) near.settings.label = "";
    this.label.replaceChildren(make("option", { value: "" }, "all in turn"));
    this.label.append(...labels.map((label) => make("option", { value: label }, label)));
    this.label.value = near.settings.label;
    this.label.disabled = labels.length === 0;
    if (back) return say(`${name} is on the pads, as it was`);
    board.forget();
    near.roll({ undoable: false });
    return say(`${name} is on the pads`);
  }

  #top() {
    const again = () => session.model && near.roll({ next: false });
    this.label = make("select", { onchange: () => {
      near.settings.label = this.label.value;
      again();
    } });
    const strength = slider("strength", { min: 0, max: 1, step: 0.05, value: near.settings.strength });
    const truncation = slider("truncation", { min: 0, max: 2, step: 0.05, value: near.settings.truncation, done: again });
    const fresh = make("button", { type: "button", className: "main", onclick: () => this.do("roll") },
      "New sounds ", make("kbd", {}, "n"));
    const like = make("button", { type: "button", onclick: () => this.do("like"),
      title: "New sounds towards those you keep, away from those you dropped" }, "More like kept ", make("kbd", {}, "j"));
    const file = make("input", { type: "file", accept: "audio/*,.flac,.aiff,.ogg", hidden: true,
      onchange: () => {
        if (file.files[0]) project(board.chosen, file.files[0]);
        file.value = "";
      } });
    const mine = make("button", { type: "button", onclick: () => file.click(),
      title: "The sound of the model that comes nearest to a recording; or drop a file on a pad" }, "Recording…");
    return make("div", { className: "controls" }, fresh, like,
      make("label", {}, "Class ", this.label), strength, truncation, mine, file);
  }

  #bar() {
    this.actions = {};
    const bar = make("div", { className: "bar", role: "toolbar", "aria-label": "The chosen sound" });
    for (const [command, text, key] of ACTIONS) {
      const button = make("button", { type: "button", onclick: () => this.do(command) },
        make("span", {}, text), " ", make("kbd", {}, key));
      this.actions[command] = button;
      bar.append(button);
    }
    this.file = make("a", { className: "button", draggable: true }, "WAV");
    bar.append(this.file);
    return bar;
  }

  #key(event) {
    if (this.closest("[hidden]") || event.defaultPrevented) return;
    const found = meaning(event);
    if (!found) return;
    event.preventDefault();
    if (event.repeat && found.step === undefined) return;
    if (found.command) this.do(found.command);
    else {
      board.choose(found.pad ?? this.#stepped(found.step));
      this.buttons[board.chosen].focus({ preventScroll: found.pad !== undefined });
      if (found.pad !== undefined) playPad(board.pad);
    }
  }

  #stepped(step) {
    const columns = getComputedStyle(this.grid).gridTemplateColumns.split(" ").length;
    const by = { left: -1, right: 1, up: -columns, down: columns }[step];
    const there = board.chosen + by;
    return there < 0 || there >= PADS ? board.chosen : there;
  }
}
customElements.define("sg-pads", Pads);

function slider(name, { min, max, step, value, done }) {
  const output = make("output", {}, value.toFixed(2));
  const input = make("input", { type: "range", min, max, step, oninput: () => {
    near.settings[name] = Number(input.value);
    output.textContent = Number(input.value).toFixed(2);
  }, onchange: () => done?.() });
  input.value = value;
  return make("label", {}, `${name[0].toUpperCase()}${name.slice(1)} `, input, output);
}

function keysHelp() {
  const rows = [["1 – 8, q – i", "play a pad"], ["arrows, space", "walk, play"], ["k", "keep, or let go"],
    ["x", "drop: another seed in its place"], ["v", "variations on the other pads"],
    ["shift t", "the next take: the same sound, struck again"], ["m, b", "mark two sounds, morph between them"],
    ["l", "lock: new sounds leave it alone"], ["n", "new sounds on all pads that are not locked"],
    ["j", "more like those you keep"], ["ctrl z", "undo"], ["escape", "silence"]];
  const list = make("dl", {}, ...rows.flatMap(([key, what]) => [make("dt", {}, key), make("dd", {}, what)]));
  return make("details", { className: "help" }, make("summary", {}, "Keys"), list);
}
