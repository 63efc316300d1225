/** `<sg-prepare>`: folders of sounds become data to train on. Tells `datasets` whenever there are others. */

import { ask, json, sending } from "/page/api.js";
import { make, say, trying } from "/page/session.js";

const LOOK = 700; // milliseconds

class Prepare extends HTMLElement {
  #timer = 0;
  #before = "";

  connectedCallback() {
    this.source = make("select", { name: "source" });
    this.name = make("input", { value: "prepared", size: 12, required: true });
    this.begin = make("button", { type: "submit", className: "main" }, "Prepare");
    this.note = make("span", {});
    this.list = make("ul", { className: "datasets" });
    const form = make("form", { className: "controls", onsubmit: (event) => this.#start(event) },
      make("label", {}, "Folder of sounds ", this.source), make("label", {}, "Name of the result ", this.name),
      this.begin, this.note);
    this.box = make("details", {}, make("summary", {}, "Prepare sounds"), form, this.list);
    this.append(this.box);
  }

  /** Read what there is, and watch what is being prepared. */
  async shown() {
    this.left();
    const { datasets, sources } = await json("/datasets");
    const chosen = this.source.value;
    this.source.replaceChildren(...sources.map((name) => make("option", { value: name }, name)));
    if (sources.includes(chosen)) this.source.value = chosen;
    this.begin.disabled = sources.length === 0;
    this.note.textContent = sources.length ? "" : "No folder here holds sounds; put one beside the models.";
    const now = JSON.stringify(datasets);
    if (now !== this.#before) {
      this.#before = now;
      const focused = document.activeElement?.dataset?.focus;
      this.list.replaceChildren(...datasets.map((one) => this.#row(one)));
      if (focused) this.list.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
      this.dispatchEvent(new CustomEvent("datasets", { detail: datasets }));
    }
    if (datasets.some(isBusy)) {
      this.box.open = true;
      this.#timer = setTimeout(() => trying(() => this.shown()), LOOK);
    }
  }

  /** Look no more. */
  left() {
    clearTimeout(this.#timer);
  }

  #row(one) {
    const facts = one.clips === null ? [] : [`${one.clips} clips`, `${one.sample_rate} Hz`, one.labels.join(", ")];
    const state = isBusy(one) ? [one.state, one.message] : [one.state === "done" ? null : one.state, ...facts];
    const text = [...state, one.error].filter(Boolean).join(" · ");
    const row = make("li", {}, make("b", {}, one.name), " ", make("span", {}, text), " ");
    if (isBusy(one)) row.append(this.#button("Stop", one, () => this.#stop(one)));
    else if (one.report) row.append(this.#button("Report", one, () => this.#open(one)));
    return row;
  }

  #button(text, one, onclick) {
    return make("button", { type: "button", "aria-label": `${text} of ${one.name}`, "data-focus": `${text} ${one.name}`, onclick }, text);
  }

  #open({ name, report }) {
    const detail = { url: report, title: `Report of ${name}` };
    this.dispatchEvent(new CustomEvent("report", { detail, bubbles: true }));
  }

  #stop({ name, url }) {
    say(`Stopping; preparing ${name} again goes on where it was`);
    return trying(async () => {
      await ask(url.replace("/api/v1", "") + "/process", { method: "DELETE" });
      await this.shown();
    });
  }

  #start(event) {
    event.preventDefault();
    return trying(async () => {
      await ask("/datasets", sending("POST", { source: this.source.value, name: this.name.value }));
      say(`${this.source.value} is being prepared`);
      await this.shown();
    });
  }
}
customElements.define("sg-prepare", Prepare);

function isBusy({ state }) {
  return state === "waiting" || state === "running";
}
