/** `<sg-pictures>`: a picture of a spectrogram as a sound, and what was assumed about it. */

import { ask, json, query } from "/page/api.js";
import { correctionRow } from "/page/corrections.js";
import { play } from "/page/player.js";
import { make, say, trying } from "/page/session.js";

const LEAST = 8; // pixels of a box that is meant

class Pictures extends HTMLElement {
  #facts = null;
  #known = {}; // corrections
  #from = null;
  #turn = 0;

  connectedCallback() {
    this.file = make("input", { type: "file", accept: "image/*", "aria-label": "Picture of a spectrogram",
      onchange: () => this.file.files[0] && this.#send(this.file.files[0]) });
    this.listen = make("button", { type: "button", className: "main", disabled: true, onclick: () => this.#play() }, "Play");
    this.link = make("a", { className: "button", hidden: true }, "WAV");
    this.whole = make("button", { type: "button", hidden: true, onclick: () => this.#correct("crop", "") }, "Find the plot again");
    this.image = make("img", { alt: "", draggable: false });
    this.box = make("span", { className: "box", hidden: true });
    this.sheet = make("div", { className: "sheet", hidden: true }, this.image, this.box);
    this.list = make("div", { className: "assumed" });
    this.help = make("p", {}, "Drop a picture of a spectrogram here, or choose one, and hear it.");
    this.append(make("div", { className: "controls" }, this.file, this.listen, this.link, this.whole), this.help, this.sheet, this.list);
    this.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      const [file] = event.dataTransfer.files;
      if (file) this.#send(file);
    });
    this.sheet.addEventListener("pointerdown", (event) => this.#begin(event));
    this.sheet.addEventListener("pointermove", (event) => this.#stretch(event));
    this.sheet.addEventListener("pointerup", (event) => this.#crop(event));
  }

  #send(file) {
    this.#known = {};
    if (this.image.src) URL.revokeObjectURL(this.image.src);
    this.image.src = URL.createObjectURL(file);
    this.image.alt = `The picture ${file.name}`;
    this.sheet.hidden = false;
    this.box.hidden = true;
    return this.#read(`Reading ${file.name}`, async () => {
      const headers = { "Content-Type": "application/octet-stream" };
      const answer = await ask(`/pictures${query({ name: file.name })}`, { method: "POST", headers, body: file });
      return answer.json();
    });
  }

  #correct(parameter, value) {
    if (!this.#facts) return undefined;
    if (value === "") delete this.#known[parameter];
    else this.#known[parameter] = value;
    const path = `/pictures/${this.#facts.id}${query(this.#known)}`;
    return this.#read("Reading it again", () => json(path));
  }

  async #read(text, work) {
    this.#turn += 1;
    const turn = this.#turn;
    this.listen.disabled = true;
    say(text);
    const facts = await trying(work);
    if (turn !== this.#turn) return;
    this.listen.disabled = (facts ?? this.#facts) === null;
    if (!facts) return;
    this.#facts = facts;
    this.#draw();
    say(`${(facts.n_samples / facts.sample_rate).toFixed(2)} seconds at ${facts.sample_rate} Hz`);
  }

  #draw() {
    const { wav, own_picture: own, assumed } = this.#facts;
    this.link.href = wav;
    this.link.download = "picture.wav";
    this.link.hidden = false;
    this.whole.hidden = !("crop" in this.#known);
    this.help.textContent = own
      ? "SoundGAN drew this picture: it holds what is needed, and nothing was assumed."
      : "Correct what was taken wrongly, and listen again. Draw a box around the plot to say where it is.";
    const focused = document.activeElement?.name;
    this.list.replaceChildren(...assumed.map((one) => correctionRow(one, this.#known, (...what) => this.#correct(...what))));
    if (focused) this.list.querySelector(`[name="${CSS.escape(focused)}"]`)?.focus();
  }

  #begin(event) {
    if (event.button !== 0 || !this.#facts || this.#facts.own_picture) return;
    this.#from = [event.clientX, event.clientY];
    this.sheet.setPointerCapture(event.pointerId);
  }

  #stretch(event) {
    if (!this.#from) return;
    const frame = this.sheet.getBoundingClientRect();
    const [left, top, right, bottom] = this.#corners(event);
    this.box.hidden = false;
    Object.assign(this.box.style, { left: `${left - frame.left}px`, top: `${top - frame.top}px`,
      width: `${right - left}px`, height: `${bottom - top}px` });
  }

  #crop(event) {
    if (!this.#from) return;
    const corners = this.#corners(event);
    this.#from = null;
    if (corners[2] - corners[0] < LEAST || corners[3] - corners[1] < LEAST) {
      this.box.hidden = true;
      return;
    }
    const frame = this.image.getBoundingClientRect();
    const across = this.image.naturalWidth / frame.width;
    const down = this.image.naturalHeight / frame.height;
    const place = (v, i) => Math.round(i % 2 ? (v - frame.top) * down : (v - frame.left) * across);
    this.#correct("crop", corners.map(place).join(","));
  }

  /** Left, top, right, bottom of the box, within the picture. */
  #corners({ clientX, clientY }) {
    const { left, top, right, bottom } = this.image.getBoundingClientRect();
    const within = (v, low, high) => Math.max(low, Math.min(high, v));
    const [x, y] = [within(clientX, left, right), within(clientY, top, bottom)];
    const [fromX, fromY] = this.#from;
    return [Math.min(x, fromX), Math.min(y, fromY), Math.max(x, fromX), Math.max(y, fromY)];
  }

  #play() {
    const { wav, sample_rate: rate } = this.#facts;
    return trying(() => play(wav, rate));
  }
}
customElements.define("sg-pictures", Pictures);
