/** Sixteen pads as data: what is on them, which are locked, and what was there before. */

export const PADS = 16;
const MOST_UNDONE = 100;

/** Tells `change`. A pad is {address, label, note, locked}. */
export class Board extends EventTarget {
  constructor() {
    super();
    this.pads = Array.from({ length: PADS }, () => ({ address: null, label: null, locked: false }));
    this.chosen = 0;
    this.marked = [];
    this.dropped = [];
    this.before = [];
  }

  /** The chosen pad. */
  get pad() {
    return this.pads[this.chosen];
  }

  /** Numbers of the pads that may be changed. */
  get free() {
    return this.pads.flatMap((pad, i) => (pad.locked ? [] : [i]));
  }

  /** Put sounds on pads: pairs of number and {address, label}. */
  put(changes, { undoable = true } = {}) {
    if (undoable) this.#remember();
    for (const [i, sound] of changes) {
      this.pads[i] = { ...sound, locked: this.pads[i].locked };
    }
    this.#tell();
  }

  choose(i) {
    this.chosen = Math.max(0, Math.min(PADS - 1, i));
    this.#tell();
  }

  toggleLock(i = this.chosen) {
    this.pads[i] = { ...this.pads[i], locked: !this.pads[i].locked };
    this.#tell();
  }

  /** Mark a pad's sound for a morph; a third mark takes the place of the first. */
  toggleMark(i = this.chosen) {
    const { address } = this.pads[i];
    if (address === null) return;
    const others = this.marked.filter((a) => a !== address);
    this.marked = others.length < this.marked.length ? others : [...others, address].slice(-2);
    this.#tell();
  }

  clearMarks() {
    this.marked = [];
    this.#tell();
  }

  undo() {
    const last = this.before.pop();
    if (!last) return false;
    this.pads = last.pads.map((pad, i) => ({ ...pad, locked: this.pads[i].locked }));
    this.dropped = last.dropped;
    this.#tell();
    return true;
  }

  forget() {
    this.marked = [];
    this.dropped = [];
    this.before = [];
    this.pads = this.pads.map(() => ({ address: null, label: null, locked: false }));
    this.#tell();
  }

  #remember() {
    this.before.push({ pads: [...this.pads], dropped: [...this.dropped] });
    if (this.before.length > MOST_UNDONE) this.before.shift();
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}

export const board = new Board();
