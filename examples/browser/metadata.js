// What an ONNX file says of itself. onnxruntime-web does not tell, so the file is read here: it is a
// protocol buffer, whose field 14 holds entries of a key (1) and a value (2).

/** Texts by key, of the bytes of an ONNX file. */
export function metadataOf(buffer) {
  const found = {};
  for (const [field, content] of fields(new Uint8Array(buffer))) {
    if (field !== 14) continue;
    const entry = Object.fromEntries(fields(content));
    found[text(entry[1])] = text(entry[2]);
  }
  return found;
}

const text = (bytes) => new TextDecoder().decode(bytes);

/** Number and content of every field that has a length; numbers are passed over. */
function* fields(bytes) {
  let at = 0;
  const number = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = number();
    if (tag % 8 === 2) {
      const length = number();
      yield [tag >> 3, bytes.subarray(at, at + length)];
      at += length;
    } else if (tag % 8 === 0) number();
    else at += tag % 8 === 1 ? 8 : 4;
  }
}
