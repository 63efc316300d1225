/** The one player: sounds are decoded before they are asked for, and starting one stops the rest. */

import { askPatiently } from "/page/api.js";

const MOST = 400; // decoded sounds that are remembered
const buffers = new Map(); // url → promise of an AudioBuffer
const context = new AudioContext({ latencyHint: "interactive" }); // making it takes long, so at once
let playing = null;

/** Tells `play` {url, seconds, late} and `stop` {url}. */
export const player = new EventTarget();

/** Fetch and decode a sound; `waiting` is called while the service is busy. */
export function prepare(url, rate, { signal, waiting } = {}) {
  const known = buffers.get(url);
  if (known) return known;
  const made = decode(url, rate, signal, waiting);
  buffers.set(url, made);
  made.catch(() => buffers.delete(url));
  for (const old of buffers.keys()) {
    if (buffers.size <= MOST) break;
    buffers.delete(old);
  }
  return made;
}

/** Play a sound now if it is decoded, otherwise as soon as it is, unless another came first. */
export async function play(url, rate) {
  const asked = performance.now();
  if (context.state === "suspended") context.resume();
  stop();
  const mine = { url, source: null };
  playing = mine;
  const buffer = await prepare(url, rate);
  if (playing !== mine) return;
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  source.onended = () => {
    if (playing === mine) stop();
  };
  source.start();
  mine.source = source;
  tell("play", { url, seconds: buffer.duration, late: performance.now() - asked });
}

/** Silence. */
export function stop() {
  if (playing === null) return;
  const { url, source } = playing;
  playing = null;
  if (source) {
    source.onended = null;
    source.stop();
    source.disconnect();
  }
  tell("stop", { url });
}

async function decode(url, rate, signal, waiting) {
  const answer = await askPatiently(url.replace("/api/v1", ""), { signal, waiting });
  const bytes = await answer.arrayBuffer();
  return new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes);
}

function tell(name, detail) {
  player.dispatchEvent(new CustomEvent(name, { detail }));
}
