// The numbers that a seed stands for, as soundgan draws them: SHA-256 of a text seeds a Mersenne
// twister (MT19937), whose words become normal numbers by the method of Box and Muller.

/** The latent of a seed, float32 [size], for sizes from 16 on. */
export async function latent(seed, size) {
  const next = await words(`${seed}/latent`);
  const z = new Float32Array(size);
  const drawSixteen = (at) => {
    const u = Array.from({ length: 16 }, () => (next() & 0xffffff) / 2 ** 24);
    for (let i = 0; i < 8; i++) {
      const radius = Math.sqrt(-2 * Math.log(1 - u[i]));
      z[at + i] = radius * Math.cos(2 * Math.PI * u[i + 8]);
      z[at + i + 8] = radius * Math.sin(2 * Math.PI * u[i + 8]);
    }
  };
  // All numbers are drawn before any is used; where sixteen do not fit, the last are drawn anew.
  for (let at = 0; at + 16 <= size; at += 16) drawSixteen(at);
  if (size % 16) {
    for (let i = 0; i < size % 16; i++) next();
    drawSixteen(size - 16);
  }
  return z;
}

/** The class of a seed, of a number of classes. */
export async function label(seed, classes) {
  return (await words(`${seed}/label`))() % classes;
}

async function words(address) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(address));
  return twister(Number((new DataView(digest).getBigUint64(0) >> 1n) & 0xffffffffn));
}

function twister(seed) {
  const state = new Uint32Array(624);
  state[0] = seed;
  for (let i = 1; i < 624; i++) {
    const last = state[i - 1];
    state[i] = Math.imul(1812433253, last ^ (last >>> 30)) + i;
  }
  let at = 624;
  return () => {
    if (at === 624) {
      for (let i = 0; i < 624; i++) {
        const mixed = (state[i] & 0x80000000) | (state[(i + 1) % 624] & 0x7fffffff);
        state[i] = state[(i + 397) % 624] ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
      }
      at = 0;
    }
    let word = state[at++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  };
}
