/** One pad: a spectrogram that is the player. */

import { soundUrl } from "/page/api.js";
import { isKept } from "/page/kept-store.js";
import { play, player, prepare } from "/page/player.js";
import { dragOut, fileName, make, session, tell } from "/page/session.js";

export const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "Q", "W", "E", "R", "T", "Y", "U", "I"];
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** `<sg-picture>`: the spectrogram of a sound, with a line where it is heard. */
export class Picture extends HTMLElement {
  #url = null;

  connectedCallback() {
    if (this.image) return;
    this.image = make("img", { alt: "", draggable: false, onerror: () => this.#again() });
    this.line = make("span", { className: "line" });
    this.append(this.image, this.line);
    player.addEventListener("play", ({ detail }) => this.#hear(detail));
    player.addEventListener("stop", ({ detail }) => this.#end(detail));
  }

  /** Show a sound and have it ready. */
  show(model, address) {
    const url = address === null ? null : soundUrl(model.hash, address, "wav");
    if (url === this.#url) return;
    this.#leave?.abort();
    this.#url = url;
    this.classList.remove("playing", "ready");
    this.image.removeAttribute("src");
    if (url === null) return;
    this.#leave = new AbortController();
    this.image.src = soundUrl(model.hash, address, "png");
    const { signal } = this.#leave;
    prepare(url, model.sample_rate, { waiting: tell }).then(
      () => {
        if (signal.aborted) return;
        this.classList.add("ready");
        tell(null);
      },
      (error) => signal.aborted || tell(error),
    );
  }

  #leave = null;

  #again() {
    const { src } = this.image;
    if (src) setTimeout(() => this.image.src === src && (this.image.src = src), 2000);
  }

  #hear({ url, seconds }) {
    if (url !== this.#url) return;
    this.classList.add("playing");
    if (still.matches) return;
    this.line.animate([{ left: "0%" }, { left: "100%" }], { duration: 1000 * seconds });
  }

  #end({ url }) {
    if (url !== this.#url) return;
    this.classList.remove("playing");
    for (const animation of this.line.getAnimations()) animation.cancel();
  }
}
customElements.define("sg-picture", Picture);

/** A button for pad `place` that plays as soon as it is pressed. */
export function makePad(place, { chosen, dropped }) {
  const picture = make("sg-picture");
  const name = make("span", { className: "name" });
  const marks = make("span", { className: "marks", ariaHidden: "true" });
  const words = make("span", { className: "unseen" });
  const key = make("span", { className: "key" }, KEYS[place]);
  const button = make("button", { type: "button", className: "pad", draggable: true }, picture);
  button.append(make("span", { className: "foot" }, key, " ", name, words, marks));
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    chosen(place);
    playPad(button.pad);
  });
  button.addEventListener("click", (event) => {
    if (event.detail === 0) playPad(button.pad); // by keyboard or a screen reader
  });
  button.addEventListener("focus", () => chosen(place));
  button.addEventListener("dragstart", (event) => {
    const { address } = button.pad;
    dragOut(event, soundUrl(session.model.hash, address, "wav"), fileName(address));
  });
  button.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
  button.addEventListener("drop", (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (file) dropped(place, file);
  });
  button.parts = { picture, name, marks, words };
  return Object.assign(button, { place });
}

/** Draw what is on a pad. */
export function drawPad(button, pad, { isChosen, isMarked }) {
  const { model } = session;
  button.pad = pad;
  button.parts.picture.show(model, pad.address);
  const isKeptHere = pad.address !== null && isKept(model.hash, pad.address);
  button.classList.toggle("chosen", isChosen);
  button.classList.toggle("locked", pad.locked);
  button.tabIndex = isChosen ? 0 : -1;
  button.parts.name.textContent = pad.busy ? "…" : (pad.label ?? "");
  button.title = pad.note ?? pad.address ?? "";
  const marks = [isKeptHere && "★", isMarked && "◆", pad.locked && "lock"];
  button.parts.marks.textContent = marks.filter(Boolean).join(" ");
  const words = [isKeptHere && "kept", isMarked && "marked", pad.locked && "locked", pad.note];
  words.push(pad.address?.length < 40 && pad.address);
  button.parts.words.textContent = words.filter(Boolean).map((word) => `, ${word}`).join("");
}

/** Play what is on a pad. */
export function playPad(pad) {
  if (!pad || pad.address === null) return;
  const { hash, sample_rate: rate } = session.model;
  play(soundUrl(hash, pad.address, "wav"), rate).catch(tell);
}
