/** `<sg-shape>`: more or less of what was measured of the chosen sound's class. */

import { board } from "/page/board.js";
import * as near from "/page/near.js";
import { playPad } from "/page/pad.js";
import { make, session, trying } from "/page/session.js";

class Shape extends HTMLElement {
  #known = new Map(); // model and class → promise of directions
  #drawn = null;

  connectedCallback() {
    this.list = make("div", { className: "shape" });
    this.box = make("details", { ontoggle: () => this.#draw() },
      make("summary", {}, "Brighter, longer, sharper…"), this.list);
    this.append(this.box);
    board.addEventListener("change", () => this.#draw());
  }

  async #draw() {
    const { pad } = board;
    if (!this.box.open || !session.model || pad.address === null) return;
    const what = `${session.model.hash} ${pad.label}`;
    const whole = `${what} ${board.chosen} ${pad.address}`;
    if (whole === this.#drawn) return;
    this.#drawn = whole;
    if (session.model.directions?.length === 0) {
      this.list.replaceChildren("This model has no directions.");
      return;
    }
    if (!this.#known.has(what)) {
      this.list.replaceChildren(`Measuring a thousand sounds of ${pad.label ?? "the model"} once…`);
      this.#known.set(what, near.directionsOf(pad.label));
    }
    const found = await trying(() => this.#known.get(what));
    if (!found) this.#known.delete(what);
    else if (this.#drawn === whole) this.#sliders(found, pad);
  }

  #sliders(directions, pad) {
    const offered = directions.filter((d) => d.offered);
    const refused = directions.filter((d) => !d.offered).map((d) => d.name);
    const base = pad.base ?? pad.address;
    const place = board.chosen;
    const amounts = { ...pad.amounts };
    const focused = this.list.contains(document.activeElement) ? document.activeElement.name : null;
    const rows = offered.map(({ name, r2 }) => {
      const output = make("output", {}, (amounts[name] ?? 0).toFixed(1));
      const input = make("input", { type: "range", min: -3, max: 3, step: 0.1, name,
        title: `foretells ${Math.round(100 * r2)} % of the differences`,
        oninput: () => (output.textContent = Number(input.value).toFixed(1)),
        onchange: () => trying(async () => {
          amounts[name] = Number(input.value);
          await near.move(place, base, amounts);
          playPad(board.pads[place]);
        }) });
      input.value = amounts[name] ?? 0;
      return make("label", {}, `${name} `, input, output);
    });
    this.list.replaceChildren(...rows);
    if (refused.length) {
      this.list.append(make("p", {}, `Not to be steered in this class: ${refused.join(", ")}`));
    }
    if (focused) this.list.querySelector(`[name="${focused}"]`)?.focus();
  }
}
customElements.define("sg-shape", Shape);
