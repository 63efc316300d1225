/** `<sg-kept>`: the sounds that are kept, in order, and kits of them. */

import { ask, sending, soundUrl } from "/page/api.js";
import { changeKept, kept, readKept } from "/page/kept-store.js";
import { play } from "/page/player.js";
import { dragOut, fileName, make, say, session, tell, trying } from "/page/session.js";
import "/page/pad.js";

const ROW = "application/x-soundgan-row";

class Kept extends HTMLElement {
  connectedCallback() {
    this.list = make("ol", { className: "kept" });
    this.name = make("input", { value: "kit", size: 12, required: true });
    this.kit = make("button", { type: "submit", className: "main" }, "Make a kit");
    const form = make("form", { className: "controls", onsubmit: (event) => this.#kit(event) },
      make("label", {}, "Name of the kit ", this.name), this.kit);
    this.empty = make("p", {}, "Nothing is kept yet. On the pads, k keeps the chosen sound.");
    this.append(form, this.empty, this.list);
    kept.addEventListener("change", () => this.draw());
    session.addEventListener("models", () => this.draw());
  }

  draw() {
    const focused = document.activeElement?.dataset?.focus;
    this.list.replaceChildren(...kept.sounds.map((sound, i) => this.#row(sound, i)));
    this.empty.hidden = kept.sounds.length > 0;
    this.kit.disabled = kept.sounds.length === 0;
    document.getElementById("kept-count").textContent = kept.sounds.length || "";
    if (focused) this.list.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  }

  #row(sound, place) {
    const model = session.models.find((m) => sound.model.startsWith(m.hash));
    const shown = sound.name || sound.address;
    const name = make("input", { value: sound.name ?? "", placeholder: sound.address,
      "aria-label": `Name of ${sound.address}`, "data-focus": `name ${sound.address}`,
      onchange: () => this.#change(sound, (s) => ({ ...s, name: name.value.trim() || null })) });
    const row = make("li", { draggable: true, ondragover: (event) => {
      if (event.dataTransfer.types.includes(ROW)) event.preventDefault();
    }, ondrop: (event) => {
      event.preventDefault();
      this.#move(Number(event.dataTransfer.getData(ROW)), place);
    } });
    row.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData(ROW, place);
      if (model) dragOut(event, soundUrl(model.hash, sound.address, "wav"), fileName(sound.address));
    });
    const picture = make("sg-picture");
    const start = make("button", { type: "button", className: "thumb", "aria-label": `Play ${shown}`,
      "data-focus": `play ${sound.address}`, disabled: !model,
      onclick: () => play(soundUrl(model.hash, sound.address, "wav"), model.sample_rate).catch(tell) }, picture);
    row.append(start, name, make("small", {}, model ? model.name : "its model is not here"));
    row.append(this.#button("↑", `Move ${shown} up`, sound, () => this.#move(place, place - 1), place === 0),
      this.#button("↓", `Move ${shown} down`, sound, () => this.#move(place, place + 1), place === kept.sounds.length - 1));
    if (model) {
      row.append(make("a", { className: "button", download: fileName(sound.name || sound.address),
        href: soundUrl(model.hash, sound.address, "wav"), "aria-label": `${shown} as WAV` }, "WAV"));
      queueMicrotask(() => picture.show(model, sound.address));
    }
    row.append(this.#button("✕", `Let go of ${shown}`, sound, () => this.#remove(sound), false));
    return row;
  }

  #button(text, label, sound, onclick, disabled) {
    return make("button", { type: "button", "aria-label": label, title: label, disabled, onclick,
      "data-focus": `${text} ${sound.address}` }, text);
  }

  #change(sound, how) {
    return trying(() => changeKept((sounds) => sounds.map((s) => (same(s, sound) ? how(s) : s))));
  }

  #remove(sound) {
    say(`Let go of ${sound.name || sound.address}`);
    return trying(() => changeKept((sounds) => sounds.filter((s) => !same(s, sound))));
  }

  #move(from, to) {
    const sound = kept.sounds[from];
    if (!sound || from === to) return undefined;
    return trying(() => changeKept((sounds) => {
      const rest = sounds.filter((s) => !same(s, sound));
      rest.splice(to, 0, sounds.find((s) => same(s, sound)) ?? sound);
      return rest;
    }));
  }

  #kit(event) {
    event.preventDefault();
    say("Making the kit");
    return trying(async () => {
      await readKept();
      const answer = await ask("/kits", sending("POST", { name: this.name.value }));
      const href = URL.createObjectURL(await answer.blob());
      make("a", { href, download: `${this.name.value}.zip` }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60000);
      say(`${this.name.value}.zip is made`);
    });
  }
}
customElements.define("sg-kept", Kept);

function same(a, b) {
  return a.address === b.address && a.model === b.model;
}
