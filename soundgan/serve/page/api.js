/** Asking the service. */

export const API = "/api/v1";

/** A refusal; `status` is 0 where nothing answered. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** The answer to a request, which must be a success. */
export async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path.startsWith("/") ? API + path : path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "the service does not answer; is soundgan serve still running?");
  }
  if (answer.ok) return answer;
  let detail = `${answer.status} ${answer.statusText}`;
  try {
    detail = (await answer.json()).detail ?? detail;
  } catch {
    // Not JSON: the status has to do.
  }
  const problem = new Problem(answer.status, detail);
  problem.wait = Number(answer.headers.get("Retry-After")) || 1;
  throw problem;
}

/** As `ask`, but asks again while the service is busy or away. */
export async function askPatiently(path, { waiting, ...options } = {}) {
  for (;;) {
    try {
      return await ask(path, options);
    } catch (error) {
      if (!(error instanceof Problem) || ![0, 429, 503].includes(error.status)) throw error;
      waiting?.(error);
      await sleep(1000 * (error.wait ?? 1), options.signal);
    }
  }
}

/** What a request answers, as JSON. */
export async function json(path, options) {
  return (await ask(path, options)).json();
}

/** Send JSON. */
export function sending(method, body, headers = {}) {
  const type = { "Content-Type": "application/json", ...headers };
  return { method, headers: type, body: JSON.stringify(body) };
}

/** Where a file of a sound is. */
export function soundUrl(model, address, ending) {
  return `${API}/models/${model}/sounds/${encodeURIComponent(address)}.${ending}`;
}

/** A query string; arrays repeat their name, and what is null is left out. */
export function query(values) {
  const found = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const one of [value].flat()) if (one !== null && one !== undefined) found.append(name, one);
  }
  return `?${found}`;
}

/** The address of a seed. */
export function seedAddress(seed, label, truncation = 1) {
  const text = label === null ? `${seed}` : `${seed}:${spelled(label)}`;
  return truncation === 1 ? text : `${text}~trunc${truncation}`;
}

function spelled(label) {
  const bytes = (c) => Array.from(new TextEncoder().encode(c));
  const escape = (c) => bytes(c).map((b) => `%${b.toString(16).toUpperCase().padStart(2, "0")}`).join("");
  return label.replace(/[^\p{L}\p{N}_.-]/gu, escape);
}

function sleep(ms, signal) {
  return new Promise((done, failed) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      failed(new DOMException("no longer wanted", "AbortError"));
    });
  });
}
