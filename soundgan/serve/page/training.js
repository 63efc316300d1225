/** `<sg-training>`: trainings as they go on. */

import { API, ask, json, sending } from "/page/api.js";
import { drawCurves } from "/page/curves.js";
import { make, readModels, say, session, tell, trying } from "/page/session.js";

class Training extends HTMLElement {
  #source = null;
  #rows = [];
  #previews = [];

  connectedCallback() {
    this.choice = make("select", { onchange: () => this.#open(this.choice.value) });
    this.stopper = make("button", { type: "button", onclick: () => this.#stop() }, "Stop");
    this.player = make("button", { type: "button", onclick: () => this.#play() }, "On the pads");
    this.health = make("p", { className: "health" });
    this.state = make("p", {});
    this.curves = make("canvas", { role: "img", "aria-label": "Losses of the training, by steps" });
    this.preview = make("img", { alt: "Spectrograms of the same seeds", hidden: true });
    this.when = make("input", { type: "range", min: 0, max: 0, oninput: () => this.#show() });
    this.whenText = make("output");
    this.steps = make("label", { hidden: true }, "Preview ", this.when, this.whenText);
    this.reports = make("p", { className: "reports" });
    this.frame = make("iframe", { hidden: true, title: "Report" });
    const top = make("div", { className: "controls" }, make("label", {}, "Training ", this.choice), this.player, this.stopper);
    this.append(top, this.health, this.state, this.curves, this.steps, this.preview, this.reports, this.frame, this.#starter());
    session.addEventListener("model", () => this.#models());
  }

  /** Read what there is; called when the view is looked at. */
  shown() {
    return trying(async () => {
      const [{ runs }, sets] = await Promise.all([json("/runs"), json("/datasets")]);
      const before = this.choice.value;
      this.choice.replaceChildren(...runs.map(({ name }) => make("option", { value: name }, name)));
      this.choice.disabled = runs.length === 0;
      if (runs.some((r) => r.name === before)) this.choice.value = before;
      const ready = sets.datasets.filter((d) => d.clips !== null);
      this.data.replaceChildren(...ready.map(({ name }) => make("option", { value: name }, name)));
      this.begin.disabled = ready.length === 0;
      this.note.textContent = ready.length ? "" : "First prepare a folder of sounds: soundgan prepare SOUNDS";
      if (runs.length) this.#open(this.choice.value);
      else {
        this.health.textContent = "No training yet.";
        this.stopper.disabled = this.player.disabled = true;
      }
    });
  }

  /** Let go of the stream; called when another view is looked at. */
  left() {
    this.#source?.close();
    this.#source = null;
  }

  #open(name) {
    this.left();
    this.#rows = [];
    this.frame.hidden = true;
    this.reports.replaceChildren();
    const source = new EventSource(`${API}/runs/${encodeURIComponent(name)}/events`);
    this.#source = source;
    let drawing = 0;
    const later = () => {
      drawing ||= requestAnimationFrame(() => {
        drawing = 0;
        drawCurves(this.curves, this.#rows);
      });
    };
    source.addEventListener("metrics", ({ data }) => {
      this.#rows.push(JSON.parse(data));
      later();
    });
    source.addEventListener("event", ({ data }) => {
      const { sentence } = JSON.parse(data);
      if (sentence) this.health.textContent = sentence;
    });
    source.addEventListener("reset", () => {
      this.#rows = [];
    });
    source.addEventListener("state", ({ data }) => this.#facts(JSON.parse(data)));
    trying(async () => this.#facts(await json(`/runs/${encodeURIComponent(name)}`)));
  }

  async #facts(run) {
    this.run = run;
    const steps = run.steps ? `${run.step} of ${run.steps} steps` : `${run.step} steps`;
    this.state.textContent = [run.state, steps, run.message].filter(Boolean).join(" · ");
    this.health.textContent = run.error ?? run.health ?? "";
    this.stopper.disabled = !["waiting", "training"].includes(run.state);
    this.player.disabled = run.model === null;
    const links = (run.reports ?? []).map((url) => make("button", { type: "button", onclick: () => {
      this.frame.src = url;
      this.frame.hidden = false;
    } }, `Report ${url.split("/").pop()}`));
    this.reports.replaceChildren(...links);
    if (run.previews === this.#previews.length) return;
    const { previews } = await json(`/runs/${encodeURIComponent(run.name)}/previews`);
    const newest = Number(this.when.value) >= this.#previews.length - 1;
    this.#previews = previews;
    this.when.max = Math.max(0, previews.length - 1);
    if (newest) this.when.value = this.when.max;
    this.#show();
  }

  #show() {
    const shown = this.#previews[Number(this.when.value)];
    this.preview.hidden = this.steps.hidden = !shown;
    if (!shown) return;
    this.preview.src = shown.url;
    this.preview.alt = `Spectrograms of the same seeds after ${shown.step} steps`;
    this.whenText.textContent = `step ${shown.step}`;
  }

  #stop() {
    say("Stopping; what was done is saved");
    return trying(() => ask(`/runs/${encodeURIComponent(this.run.name)}/process`, { method: "DELETE" }));
  }

  #play() {
    return trying(async () => {
      await readModels();
      const found = session.models.find((m) => m.hash === this.run.model?.slice(0, 16));
      if (!found) throw new Error(`${this.run.name}: no model of it is listed yet`);
      const select = document.getElementById("model");
      select.value = found.hash;
      select.dispatchEvent(new Event("change"));
      document.getElementById("tab-pads").click();
    });
  }

  #models() {
    tell(null);
  }

  #starter() {
    this.data = make("select", { name: "data" });
    this.begin = make("button", { type: "submit", className: "main" }, "Begin");
    this.note = make("span", {});
    const name = make("input", { value: "mine", size: 12, required: true });
    const minutes = make("input", { type: "number", value: 20, min: 1, max: 10000, step: 1 });
    const form = make("form", { className: "controls", onsubmit: (event) => {
      event.preventDefault();
      trying(async () => {
        const wanted = { name: name.value, data: this.data.value, max_minutes: Number(minutes.value) };
        await ask("/runs", sending("POST", wanted));
        say(`The training ${name.value} begins`);
        await this.shown();
        this.choice.value = name.value;
        this.#open(name.value);
      });
    } }, make("label", {}, "Name ", name), make("label", {}, "Data ", this.data),
    make("label", {}, "Minutes ", minutes), this.begin, this.note);
    return make("details", {}, make("summary", {}, "Begin a training"), form);
  }
}
customElements.define("sg-training", Training);
