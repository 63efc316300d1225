/** Which key does what on the pads. */

const ROWS = ["Digit1", "Digit2", "Digit3", "Digit4", "Digit5", "Digit6", "Digit7", "Digit8",
  "KeyQ", "KeyW", "KeyE", "KeyR", "KeyT", "KeyY", "KeyU", "KeyI"];

const COMMANDS = {
  k: "keep", x: "drop", v: "vary", m: "mark", l: "lock", n: "roll", b: "morph", j: "like", T: "take",
};

const STEPS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

/** Whether a key is meant for a field, or for the browser. */
export function typing(event) {
  return inField(event) || event.altKey || event.ctrlKey || event.metaKey || event.isComposing;
}

function inField({ target: { tagName: tag, type } }) {
  return tag === "SELECT" || tag === "TEXTAREA" || (tag === "INPUT" && type !== "range");
}

/** What a key means: {pad}, {command}, {step}, or null where it is not for the pads. */
export function meaning(event) {
  if (typing(event)) {
    const undo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
    return undo && !inField(event) ? { command: "undo" } : null;
  }
  if (event.key in COMMANDS && (event.key === "T" || !ROWS.includes(event.code))) {
    return { command: COMMANDS[event.key] };
  }
  const pad = event.shiftKey ? -1 : ROWS.indexOf(event.code);
  if (pad >= 0) return { pad };
  const onPad = event.target.classList?.contains("pad");
  if (event.key in STEPS && onPad) return { step: STEPS[event.key] };
  const free = onPad || event.target === document.body;
  if (event.key === " " && free) return { command: "play" };
  if (event.key === "Escape") return { command: "silence" };
  return null;
}
