/** `<sg-training>`: trainings as they go on, and their beginning. */

import { API, ask, json, sending } from "/page/api.js";
import { drawCurves } from "/page/curves.js";
import "/page/prepare.js";
import "/page/previews.js";
import { choose, make, readModels, say, session, trying } from "/page/session.js";

class Training extends HTMLElement {
  #source = null;
  #rows = [];

  connectedCallback() {
    this.choice = make("select", { onchange: () => this.#open(this.choice.value) });
    this.stopper = make("button", { type: "button", onclick: () => this.#stop() }, "Stop");
    this.further = make("button", { type: "button", onclick: () => this.#begin({ name: this.run.name }) }, "Go on");
    this.player = make("button", { type: "button", onclick: () => this.#play() }, "On the pads");
    this.health = make("p", { className: "health" });
    this.state = make("p", {});
    this.curves = make("canvas", { role: "img", "aria-label": "Losses of the training, by steps" });
    this.previews = make("sg-previews");
    this.reports = make("p", { className: "reports" });
    this.frame = make("iframe", { title: "Report" });
    const close = make("button", { type: "button", onclick: () => this.#closeReport() }, "Close the report");
    this.opened = make("div", { className: "opened", hidden: true }, close, this.frame);
    this.preparing = make("sg-prepare");
    this.preparing.addEventListener("datasets", ({ detail }) => this.#offer(detail));
    this.preparing.addEventListener("report", ({ detail }) => this.#openReport(detail));
    const top = make("div", { className: "controls" }, make("label", {}, "Training ", this.choice), this.player, this.stopper, this.further);
    this.append(top, this.health, this.state, this.curves, this.previews, this.reports, this.#starter(), this.preparing, this.opened);
  }

  /** Read what there is; called when the view is looked at. */
  shown() {
    return trying(async () => {
      const [{ runs }] = await Promise.all([json("/runs"), this.preparing.shown()]);
      const before = this.choice.value;
      this.choice.replaceChildren(...runs.map(({ name }) => make("option", { value: name }, name)));
      this.choice.disabled = this.curves.hidden = runs.length === 0;
      if (runs.some((r) => r.name === before)) this.choice.value = before;
      if (runs.length) this.#open(this.choice.value);
      else {
        this.health.textContent = "No training yet.";
        this.stopper.disabled = this.player.disabled = this.further.disabled = true;
      }
    });
  }

  /** Let go of the stream; called when another view is looked at. */
  left() {
    this.preparing.left();
    this.#source?.close();
    this.#source = null;
  }

  #open(name) {
    this.#source?.close();
    this.#rows = [];
    this.#closeReport();
    const source = new EventSource(`${API}/runs/${encodeURIComponent(name)}/events`);
    this.#source = source;
    let drawing = 0;
    const later = () => {
      drawing ||= requestAnimationFrame(() => {
        drawing = 0;
        drawCurves(this.curves, this.#rows);
      });
    };
    later();
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
    const told = (run) => source === this.#source && trying(() => this.#facts(run));
    source.addEventListener("state", ({ data }) => told(JSON.parse(data)));
    trying(async () => told(await json(`/runs/${encodeURIComponent(name)}`)));
  }

  async #facts(run) {
    this.run = run;
    const steps = run.steps ? `${run.step} of ${run.steps} steps` : `${run.step} steps`;
    const best = run.best && `best so far at step ${run.best.step}, kernel distance ${run.best.kernel_distance.toPrecision(3)}`;
    this.state.textContent = [run.state, steps, best, run.message].filter(Boolean).join(" · ");
    this.health.textContent = run.error ?? run.health ?? "";
    this.stopper.disabled = !["waiting", "training"].includes(run.state);
    this.further.disabled = !["stopped", "failed"].includes(run.state);
    this.player.disabled = run.model === null;
    const links = run.reports.map((url) => {
      const title = decodeURIComponent(url.split("/").pop()).replace(/\.html$/, "");
      return make("button", { type: "button", onclick: () => this.#openReport({ url, title }) }, `Report: ${title}`);
    });
    if (links.length !== this.reports.children.length) this.reports.replaceChildren(...links);
    await this.previews.show(run);
  }

  #openReport({ url, title }) {
    this.frame.src = url;
    this.frame.title = title;
    this.opened.hidden = false;
    this.opened.scrollIntoView({ block: "nearest" });
    this.opened.firstChild.focus();
  }

  #closeReport() {
    this.opened.hidden = true;
    this.frame.removeAttribute("src");
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
      document.getElementById("tab-pads").click();
      choose(found);
      say(`${found.name} is on the pads`);
    });
  }

  /** Data that can be trained on. */
  #offer(datasets) {
    const ready = datasets.filter((d) => d.clips !== null);
    const before = this.data.value;
    this.data.replaceChildren(...ready.map(({ name }) => make("option", { value: name }, name)));
    if (ready.some((d) => d.name === before)) this.data.value = before;
    this.begin.disabled = ready.length === 0;
    this.note.textContent = ready.length ? "" : "First prepare a folder of sounds, below.";
  }

  #begin(wanted) {
    return trying(async () => {
      await ask("/runs", sending("POST", { ...wanted, max_minutes: Number(this.minutes.value) }));
      say(`The training ${wanted.name} begins`);
      await this.shown();
      this.choice.value = wanted.name;
      this.#open(wanted.name);
    });
  }

  #starter() {
    this.data = make("select", { name: "data" });
    this.begin = make("button", { type: "submit", className: "main", disabled: true }, "Begin");
    this.note = make("span", {});
    this.minutes = make("input", { type: "number", value: 20, min: 1, max: 10000, step: 1 });
    const name = make("input", { value: "mine", size: 12, required: true });
    const form = make("form", { className: "controls", onsubmit: (event) => {
      event.preventDefault();
      this.#begin({ name: name.value, data: this.data.value });
    } }, make("label", {}, "Name ", name), make("label", {}, "Data ", this.data),
    make("label", {}, "Minutes ", this.minutes), this.begin, this.note);
    return make("details", {}, make("summary", {}, "Begin a training"), form);
  }
}
customElements.define("sg-training", Training);
