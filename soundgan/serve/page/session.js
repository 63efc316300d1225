/** What all views share: the model that is played, and the lines for the user. */

import { json } from "/page/api.js";

export const session = new EventTarget();
session.models = [];
session.model = null;

/** Ask for the models again; keep the chosen one, by hash or name, where it is still there. */
export async function readModels(before = session.model) {
  session.models = (await json("/models")).models;
  const same = (m) => m.hash === before?.hash;
  const named = (m) => m.name === before?.name;
  choose(session.models.find(same) ?? session.models.find(named) ?? session.models[0] ?? null);
}

/** Play another model. */
export function choose(model) {
  const other = model?.hash !== session.model?.hash;
  session.model = model;
  session.dispatchEvent(new Event("models"));
  if (other) session.dispatchEvent(new Event("model"));
}

/** A line that screen readers read, too. */
export function say(text) {
  document.getElementById("said").textContent = text;
}

/** Tell what went wrong; nothing takes it away. */
export function tell(error) {
  if (error?.name === "AbortError") return;
  const line = document.getElementById("problem");
  line.textContent = error ? error.message : "";
  line.hidden = !error;
  if (error && error.name !== "Error") console.info(error);
}

/** Work that may fail: a failure is told, and a model that was replaced is looked for. */
export async function trying(work) {
  try {
    const result = await work();
    tell(null);
    return result;
  } catch (error) {
    tell(error);
    if (error.status === 404) await readModels().catch(() => {});
    return undefined;
  }
}

/** An element with attributes, listeners and children. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== "list" && name !== "form") element[name] = value;
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Let a thing be dragged out of the browser as a file, where the browser can. */
export function dragOut(event, url, name) {
  const whole = new URL(url, location.href).href;
  event.dataTransfer.setData("DownloadURL", `audio/wav:${name}:${whole}`);
  event.dataTransfer.setData("text/uri-list", whole);
}

/** An address as a file's name. */
export function fileName(address) {
  return `${address.replace(/[^\p{L}\p{N}_.@=+-]+/gu, "-").replace(/^-|-$/g, "").slice(0, 100)}.wav`;
}
