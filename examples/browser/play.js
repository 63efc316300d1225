// Plays an ONNX file made by: soundgan models export RUN model.onnx
import * as ort from "./node_modules/onnxruntime-web/dist/ort.wasm.min.mjs";
import { metadataOf } from "./metadata.js";
import { label, latent } from "./seeds.js";

ort.env.wasm.wasmPaths = new URL("./node_modules/onnxruntime-web/dist/", import.meta.url).href;
ort.env.wasm.numThreads = 1; // more need a server that isolates the page
const [seed, choice, button, canvas, said] =
  ["seed", "class", "play", "shape", "said"].map((id) => document.getElementById(id));

const bytes = await (await fetch("model.onnx")).arrayBuffer();
const about = metadataOf(bytes);
const labels = JSON.parse(about.labels);
const rate = Number(about.sample_rate);
const session = await ort.InferenceSession.create(bytes);
let audio = null;

choice.append(new Option("of the seed", "-1"), ...labels.map((name, i) => new Option(name, i)));
choice.parentElement.hidden = labels.length === 0;

/** The samples of a seed, those that `soundgan generate --seed` begins with. */
export async function make(number, chosen = -1) {
  const size = Number(about.latent_dim);
  const given = { latent: new ort.Tensor("float32", await latent(number, size), [1, size]) };
  if (labels.length) {
    const which = chosen < 0 ? await label(number, labels.length) : chosen;
    given.class = new ort.Tensor("int64", BigInt64Array.of(BigInt(which)), [1]);
  }
  return (await session.run(given)).waveform.data;
}

function draw(samples) {
  const { width, height } = canvas;
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, width, height);
  pen.beginPath();
  samples.forEach((value, i) =>
    pen.lineTo((i / samples.length) * width, ((1 - value) / 2) * height));
  pen.strokeStyle = "#3f51b5";
  pen.stroke();
}

button.onclick = async () => {
  button.disabled = true;
  const begun = performance.now();
  const samples = await make(Number(seed.value), Number(choice.value));
  const took = performance.now() - begun;
  draw(samples);
  audio ??= new AudioContext();
  const buffer = audio.createBuffer(1, samples.length, rate);
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(audio, { buffer });
  source.connect(audio.destination);
  source.start();
  said.textContent =
    `${(samples.length / rate).toFixed(2)} s of sound at ${rate} Hz, made in ${took.toFixed(0)} ms`;
  button.disabled = false;
};

globalThis.soundgan = { make, rate, labels };
button.disabled = false;
said.textContent = `Ready: model ${about.model_sha256.slice(0, 12)}, ${labels.join(", ")}`;
