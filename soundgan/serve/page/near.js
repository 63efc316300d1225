/** What can be done with the sounds on the pads. */

import { json, query, seedAddress } from "/page/api.js";
import { board, PADS } from "/page/board.js";
import { kept } from "/page/kept-store.js";
import { session, say } from "/page/session.js";

/** What the sliders say, as place.js finds it; `seed` is the next that was not heard yet. */
export const settings = {};

/** Sounds of seeds on all free pads; without a class, the classes take turns. */
export function roll({ next = true, undoable = true } = {}) {
  if (next) settings.start = settings.seed;
  settings.seed = settings.start + PADS;
  board.put(board.free.map((i) => [i, ofSeed(settings.start + i, i)]), { undoable });
  say(`New sounds of seeds ${settings.start} to ${settings.start + PADS - 1}`);
}

function ofSeed(seed, place) {
  const { labels } = session.model;
  const label = settings.label || (labels.length ? labels[place % labels.length] : null);
  return { address: seedAddress(seed, label, settings.truncation), label };
}

/** Another sound in the place of the chosen one, which counts as dropped. */
export function drop() {
  const { address } = board.pad;
  const label = board.pad.label ?? (session.model.labels[0] || null);
  const seed = settings.seed;
  settings.seed += 1;
  const fresh = { address: seedAddress(seed, label, settings.truncation), label };
  board.put([[board.chosen, fresh]]);
  if (address !== null) board.dropped.push(address);
  say(`Dropped; seed ${seed} in its place`);
}

/** Variations of the chosen sound on all other free pads. */
export async function vary() {
  const { address, label } = board.pad;
  const places = board.free.filter((i) => i !== board.chosen);
  if (!places.length) return say("All other pads are locked");
  const strength = settings.strength;
  const sounds = await near("variations", { of: address, n: places.length, strength });
  spread(places, sounds);
  return say(`${places.length} variations of ${label ?? address}, strength ${strength}`);
}

/** The next take of the chosen sound, on its pad. */
export async function take() {
  if (!session.model.takes) return say("This model has no takes: it draws no grain");
  const [, root, number] = /^(.*?)(?:~take(\d+))?(?:~trunc[\d.]+)?$/.exec(board.pad.address);
  const [rest] = /(?:~trunc[\d.]+)?$/.exec(board.pad.address);
  const first = Number(number ?? 0) + 1;
  const sounds = await near("variations", { of: root + rest, n: 1, first, kind: "take" });
  spread([board.chosen], sounds);
  return say(`Take ${first}`);
}

/** The way between the two marked sounds, over all free pads. */
export async function morph(ends = board.marked) {
  const places = board.free;
  if (ends.length < 2) return say("Mark two sounds first, each by m");
  if (places.length < 2) return say("Unlock two pads first");
  spread(places, await near("morphs", { of: ends, n: places.length }));
  board.clearMarks();
  return say(`A morph over ${places.length} pads`);
}

/** More sounds like those that are kept and unlike those that were dropped. */
export async function like() {
  const { hash } = session.model;
  const own = kept.sounds.filter((s) => s.model.startsWith(hash)).map((s) => s.address);
  if (!own.length) return say("Keep a sound first, by k");
  const places = board.free;
  const dropped = board.dropped.slice(-100);
  const wanted = { kept: own.slice(-100), dropped, n: places.length, seed: settings.seed };
  settings.seed += places.length;
  spread(places, await near("like", wanted));
  return say(`${places.length} sounds like the ${own.length} that you keep`);
}

/** The measured directions of a class. */
export async function directionsOf(label, signal) {
  const path = `/models/${session.model.hash}/directions${query({ label })}`;
  return (await json(path, { signal })).directions;
}

/** The chosen pad's sound, moved along directions from where it was. */
export async function move(place, base, amounts) {
  const [sound] = await near("variations", { of: base, n: 1, strength: 0, ...amounts });
  board.put([[place, { ...sound, base, amounts }]]);
}

async function near(kind, wanted) {
  return (await json(`/models/${session.model.hash}/${kind}${query(wanted)}`)).sounds;
}

function spread(places, sounds) {
  board.put(places.slice(0, sounds.length).map((i, n) => [i, plain(sounds[n])]));
}

function plain({ address, label }) {
  return { address, label };
}
