/** The kept sounds: a file in the working folder, changed only as its newest state allows. */

import { ask, sending } from "/page/api.js";

const others = new BroadcastChannel("soundgan-kept");

/** Tells `change` whenever `sounds` is new. */
export const kept = new EventTarget();
kept.sounds = [];
let document = { schema: 1, sounds: [] };
let etag = null;
let last = Promise.resolve();

others.onmessage = () => readKept().catch(() => {});

/** Read the list as it is now. */
export async function readKept() {
  take(await ask("/kept", { cache: "no-store" }));
  return last;
}

async function take(answer) {
  etag = answer.headers.get("ETag");
  last = answer.json().then((found) => {
    document = found;
    kept.sounds = found.sounds;
    kept.dispatchEvent(new Event("change"));
  });
}

/** Change the list by a function from sounds to sounds; again if another tab was first. */
let queue = Promise.resolve();
export function changeKept(change) {
  const mine = queue.then(() => changed(change));
  queue = mine.catch(() => {});
  return mine;
}

async function changed(change) {
  for (let left = 5; ; left -= 1) {
    if (etag === null) await readKept();
    await last;
    const wanted = { ...document, sounds: change(document.sounds) };
    try {
      await take(await ask("/kept", sending("PUT", wanted, { "If-Match": etag })));
      await last;
      others.postMessage("changed");
      return;
    } catch (error) {
      if (error.status !== 412 || left === 0) throw error;
      await readKept();
    }
  }
}

/** Whether a sound is kept. */
export function isKept(model, address) {
  return kept.sounds.some((s) => s.address === address && s.model.startsWith(model));
}

/** Keep a sound, or let go of it. */
export function toggleKept(model, address) {
  const is = (s) => s.address === address && s.model.startsWith(model);
  return changeKept((sounds) =>
    sounds.some(is) ? sounds.filter((s) => !is(s)) : [...sounds, { address, model }]);
}
