/** `<sg-previews>`: a training's pictures of the same seeds one after another, and two of them by turns. */

import { json } from "/page/api.js";
import { typing } from "/page/keys.js";
import { play, prepare } from "/page/player.js";
import { make, say, session, trying } from "/page/session.js";

class Previews extends HTMLElement {
  #run = null;
  #asked = 0; // how often the service was
  #found = [];
  #at = 0;
  #sound = null; // number of the one heard last
  #sides = { a: null, b: null }; // steps that were chosen; the first and the newest until then

  connectedCallback() {
    this.hidden = true;
    this.image = make("img", { alt: "" });
    this.slider = make("input", { type: "range", min: 0, max: 0, oninput: () => this.#show(Number(this.slider.value)) });
    this.told = make("output");
    this.sounds = make("span", { className: "bar", role: "group", "aria-label": "Sounds of this preview" });
    const side = (name) => [
      this.#button(name.toUpperCase(), name, `Show and play ${name.toUpperCase()}`, () => this.#turn(name)),
      this.#button(`Make it ${name.toUpperCase()}`, `⇧${name}`, "", () => this.#choose(name)),
    ];
    const steps = [this.#button("‹", ",", "The preview before", () => this.#step(-1)),
      make("label", {}, "Preview ", this.slider, this.told),
      this.#button("›", ".", "The next preview", () => this.#step(1))];
    this.append(make("div", { className: "controls" }, ...steps, ...side("a"), ...side("b"), this.sounds), this.image);
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Show those of a run; the newest where the newest was shown. */
  async show(run) {
    if (run.name === this.#run?.name && run.previews === this.#found.length) return;
    const asked = ++this.#asked;
    const { previews } = run.previews ? await json(`/runs/${encodeURIComponent(run.name)}/previews`) : { previews: [] };
    if (asked !== this.#asked) return; // a later question has the newer answer
    const other = run.name !== this.#run?.name;
    const newest = other || this.#at >= this.#found.length - 1;
    if (other) {
      this.#sides = { a: null, b: null };
      this.#sound = null;
    }
    this.#run = run;
    this.#found = previews;
    this.hidden = previews.length === 0;
    this.slider.max = Math.max(0, previews.length - 1);
    if (previews.length) this.#show(newest ? previews.length - 1 : Math.min(this.#at, previews.length - 1));
  }

  #show(at) {
    const shown = this.#found[at];
    this.#at = at;
    this.slider.value = at;
    this.image.src = shown.url;
    this.image.alt = `Spectrograms of the same seeds after ${shown.step} steps`;
    const sides = ["a", "b"].filter((name) => this.#place(name) === at);
    const named = sides.length ? ` (${sides.join(" and ").toUpperCase()})` : "";
    this.told.textContent = `step ${shown.step.toLocaleString("en")}${named}`;
    for (const place of [at, this.#place("a"), this.#place("b")]) {
      for (const { url } of this.#found[place].sounds) prepare(url, this.#rate).catch(() => {}); // told when it is played
    }
    const held = this.sounds.contains(document.activeElement) ? this.#sound : null;
    this.sounds.replaceChildren(...shown.sounds.map(({ name }, i) =>
      this.#button(name, `${i + 1}`, `Play ${name}`, () => this.#hear(i))));
    if (held !== null) this.sounds.children[held]?.focus();
  }

  #place(name) {
    const found = this.#found.findIndex(({ step }) => step === this.#sides[name]);
    if (found >= 0) return found;
    return name === "a" ? 0 : this.#found.length - 1;
  }

  #turn(name) {
    this.#show(this.#place(name));
    say(`${name.toUpperCase()}: step ${this.#found[this.#at].step}`);
    if (this.#sound !== null) this.#hear(this.#sound);
  }

  #choose(name) {
    this.#sides[name] = this.#found[this.#at].step;
    this.#show(this.#at);
    say(`Step ${this.#sides[name]} is ${name.toUpperCase()}`);
  }

  #step(by) {
    const at = this.#at + by;
    if (at >= 0 && at < this.#found.length) this.#show(at);
  }

  #hear(i) {
    const sound = this.#found[this.#at].sounds[i];
    if (!sound) return;
    this.#sound = i;
    trying(() => play(sound.url, this.#rate));
  }

  get #rate() {
    return session.models.find((m) => m.hash === this.#run.model)?.sample_rate ?? 44100;
  }

  #key(event) {
    if (this.closest("[hidden]") || event.defaultPrevented || typing(event)) return;
    const { key } = event;
    const side = ["a", "b"].find((name) => name === key.toLowerCase());
    if (side) (event.shiftKey ? this.#choose(side) : this.#turn(side));
    else if (key === "," || key === ".") this.#step(key === "," ? -1 : 1);
    else if (/^[1-4]$/.test(key)) this.#hear(Number(key) - 1);
    else return;
    event.preventDefault();
  }

  #button(text, key, title, onclick) {
    return make("button", { type: "button", title, onclick }, text, " ", make("kbd", {}, key));
  }
}
customElements.define("sg-previews", Previews);
