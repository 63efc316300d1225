/** A recording of one's own on a pad: the sound of the model that comes nearest. */

import { ask, json } from "/page/api.js";
import { board } from "/page/board.js";
import { playPad } from "/page/pad.js";
import { say, session, tell } from "/page/session.js";

/** Put what comes nearest to a recording on a pad. */
export async function project(place, file) {
  const { hash } = session.model;
  const before = board.pads[place];
  board.put([[place, { ...before, busy: true, note: `looking for ${file.name}` }]]);
  say(`Looking for what comes nearest to ${file.name}; some seconds`);
  try {
    const found = await finished(await begun(hash, file));
    const { address, label, distance_db: near, bank_db: bank } = found.sound;
    const note = `${file.name}: ${near.toFixed(1)} dB away${judged(near)}, nearest of 600 ${bank.toFixed(1)} dB`;
    board.put([[place, { address, label, note }]], { undoable: false });
    say(note);
    tell(null);
    if (board.chosen === place) playPad(board.pad);
  } catch (error) {
    board.put([[place, before]], { undoable: false });
    tell(error);
  }
}

async function begun(hash, file) {
  const type = file.type.startsWith("audio/") ? file.type : "application/octet-stream";
  const path = `/models/${hash}/projections?name=${encodeURIComponent(file.name)}`;
  return (await ask(path, { method: "POST", headers: { "Content-Type": type }, body: file })).json();
}

async function finished(job) {
  for (let now = job; ; now = await json(job.url.replace("/api/v1", ""))) {
    if (now.state === "done") return now;
    if (now.state === "failed" || now.state === "stopped") throw new Error(now.error ?? now.state);
    await new Promise((done) => setTimeout(done, 400));
  }
}

function judged(distance) {
  if (distance < 1) return ", nearly alike";
  return distance > 4 ? ", little in common" : "";
}
