/** `<sg-map>`: sounds of the model in two dimensions, and the clips it learned from as grey dots. */

import { json, soundUrl } from "/page/api.js";
import * as near from "/page/near.js";
import { play } from "/page/player.js";
import { make, say, session, tell, trying } from "/page/session.js";

const REACH = 24; // pixels

class SoundMap extends HTMLElement {
  #sounds = [];
  #clips = [];
  #shown = null;
  #at = -1;
  #from = -1;

  connectedCallback() {
    this.canvas = make("canvas", { tabIndex: 0, role: "application",
      "aria-label": "Map of sounds. Arrows walk and play, m begins a morph and ends it." });
    this.key = make("p", { className: "legend" });
    this.append(make("p", {}, "Near in sound is near here. Point at a dot to hear it; drag from one to another to morph between them on the pads."),
      this.canvas, this.key);
    this.canvas.addEventListener("pointermove", (event) => this.#point(event));
    this.canvas.addEventListener("pointerdown", (event) => {
      this.#point(event);
      this.#from = this.#at;
    });
    this.canvas.addEventListener("pointerup", () => this.#morph());
    this.canvas.addEventListener("keydown", (event) => this.#key(event));
    session.addEventListener("model", () => this.shown());
    new ResizeObserver(() => this.#draw()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
  }

  /** Read the map, if it is looked at. */
  shown() {
    const { model } = session;
    if (this.closest("[hidden]") || !model || this.#shown === model.hash) return;
    this.#shown = model.hash;
    this.#sounds = [];
    this.#clips = [];
    say("Making the map; some seconds");
    trying(async () => {
      try {
        const found = await json(`/models/${model.hash}/map?n=300`);
        if (this.#shown !== model.hash) return;
        this.#sounds = found.sounds;
        this.#clips = found.clips;
        this.#at = -1;
        say(`${found.sounds.length} sounds, ${found.clips.length} clips`);
        this.#draw();
      } catch (error) {
        this.#shown = null;
        throw error;
      }
    });
  }

  #place(point) {
    const all = [...this.#sounds, ...this.#clips];
    const span = (axis) => [Math.min(...all.map((p) => p[axis])), Math.max(...all.map((p) => p[axis]))];
    this.#span ??= { of: all.length, x: span("x"), y: span("y") };
    if (this.#span.of !== all.length) this.#span = { of: all.length, x: span("x"), y: span("y") };
    const { clientWidth: w, clientHeight: h } = this.canvas;
    const on = (v, [low, high], size) => 14 + ((v - low) / (high - low || 1)) * (size - 28);
    return [on(point.x, this.#span.x, w), h - on(point.y, this.#span.y, h)];
  }

  #span = null;

  #draw() {
    const { clientWidth: w, clientHeight: h } = this.canvas;
    const scale = devicePixelRatio;
    Object.assign(this.canvas, { width: w * scale, height: h * scale });
    if (!this.#sounds.length) return;
    const pen = this.canvas.getContext("2d");
    const style = getComputedStyle(this);
    const labels = session.model.labels;
    pen.scale(scale, scale);
    for (const clip of this.#clips) this.#dot(pen, clip, style.getPropertyValue("--dim"), 1.5);
    for (const sound of this.#sounds) this.#dot(pen, sound, hue(labels, sound.label, style), 4);
    const chosen = this.#sounds[this.#at];
    if (chosen) this.#ring(pen, chosen, style.getPropertyValue("--ink"));
    if (this.#from >= 0 && chosen) {
      pen.beginPath();
      pen.moveTo(...this.#place(this.#sounds[this.#from]));
      pen.lineTo(...this.#place(chosen));
      pen.stroke();
    }
    this.key.replaceChildren(...labels.map((label) => {
      const dot = make("span", { className: "dot" });
      dot.style.background = hue(labels, label, style);
      return make("span", {}, dot, label);
    }));
  }

  #dot(pen, point, colour, radius) {
    const [x, y] = this.#place(point);
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
  }

  #ring(pen, point, colour) {
    const [x, y] = this.#place(point);
    pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(x, y, 8, 0, 2 * Math.PI);
    pen.stroke();
  }

  #point({ offsetX, offsetY }) {
    let best = REACH;
    let found = -1;
    this.#sounds.forEach((sound, i) => {
      const [x, y] = this.#place(sound);
      const far = Math.hypot(x - offsetX, y - offsetY);
      if (far < best) [best, found] = [far, i];
    });
    this.#choose(found);
  }

  #choose(i) {
    if (i === this.#at) return;
    this.#at = i;
    this.#draw();
    if (i < 0) return;
    const { address, label } = this.#sounds[i];
    say(`${label ?? "sound"} ${address}`);
    play(soundUrl(session.model.hash, address, "wav"), session.model.sample_rate).catch(tell);
  }

  #morph() {
    const [from, to] = [this.#from, this.#at];
    this.#from = -1;
    this.#draw();
    if (from < 0 || to < 0 || from === to) return;
    const ends = [this.#sounds[from].address, this.#sounds[to].address];
    trying(async () => {
      document.getElementById("tab-pads").click();
      await near.morph(ends);
    });
  }

  #key(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) {
      event.preventDefault();
      this.#choose(this.#at < 0 ? 0 : this.#next(way));
    } else if (event.key === "m" && this.#at >= 0) {
      if (this.#from < 0) {
        this.#from = this.#at;
        say("A morph begins here; walk on, and m again");
      } else this.#morph();
    } else if (event.key === " " && this.#at >= 0) {
      event.preventDefault();
      const i = this.#at;
      this.#at = -1;
      this.#choose(i);
    }
  }

  #next([dx, dy]) {
    const [x, y] = this.#place(this.#sounds[this.#at]);
    let best = Infinity;
    let found = this.#at;
    this.#sounds.forEach((sound, i) => {
      const [px, py] = this.#place(sound);
      const along = (px - x) * dx + (py - y) * dy;
      const across = Math.abs((px - x) * dy) + Math.abs((py - y) * dx);
      if (along > 0.5 && along + 3 * across < best) [best, found] = [along + 3 * across, i];
    });
    return found;
  }
}
customElements.define("sg-map", SoundMap);

function hue(labels, label, style) {
  const light = style.getPropertyValue("--dot-light");
  const turn = (labels.indexOf(label) * 360) / Math.max(labels.length, 1) + 35;
  return `oklch(${light} 0.13 ${turn})`;
}
