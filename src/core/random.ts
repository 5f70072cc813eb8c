/**
 * Seeded random streams. Named forks are independent of each other and of the order in which they are drawn, so that adding a
 * draw in one part of a detector does not change another part. State is four 32-bit words, small enough for every checkpoint.
 */
export interface Random {
  /** Uniform in [0, 1), 32 random bits. */
  next(): number;
  /** Uniform integer in [0, below). */
  int(below: number): number;
  /** Standard normal (Box and Muller 1958, both values used). */
  normal(): number;
  /** Permutation of 0..n-1 (Fisher and Yates). */
  permutation(n: number): Int32Array;
  /** A stream of its own, decided by this stream's seed and the name alone. */
  fork(name: string): Random;
  /** Seed for a TensorFlow initialiser: an integer of at least 1, because tfjs takes 0 as "no seed". */
  tensorSeed(): number;
  /** State of this stream; feed it to `restore` to go on bit-equal. */
  state(): RandomState;
  restore(state: RandomState): void;
}

export interface RandomState {
  readonly words: readonly [number, number, number, number];
  readonly spare: number | null;
}

/** 32-bit string hash (FNV-1a), used to derive the seed of a named fork. */
function hashName(seed: number, name: string): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < name.length; i++) {
    h ^= name.charCodeAt(i);
    h = Math.imul(h, 0x01000193) >>> 0;
  }
  return h >>> 0;
}

/** SplitMix32, used only to spread a seed over the generator's words. */
function splitMix(seed: number): () => number {
  let a = seed | 0;
  return () => {
    a = (a + 0x9e3779b9) | 0;
    let t = a ^ (a >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return (t ^ (t >>> 15)) >>> 0;
  };
}

/** @see Blackman and Vigna, "Scrambled linear pseudorandom number generators", xoshiro128**. */
class Xoshiro implements Random {
  private readonly s = new Uint32Array(4);
  private spare: number | null = null;

  constructor(private readonly seed: number) {
    const mix = splitMix(seed);
    for (let i = 0; i < 4; i++) this.s[i] = mix();
  }

  private word(): number {
    const s = this.s;
    const x = Math.imul(s[1]!, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }

  next(): number {
    return this.word() / 4294967296;
  }

  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  normal(): number {
    if (this.spare !== null) {
      const value = this.spare;
      this.spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    const angle = 2 * Math.PI * this.next();
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const held = order[i]!;
      order[i] = order[j]!;
      order[j] = held;
    }
    return order;
  }

  fork(name: string): Random {
    return new Xoshiro(hashName(this.seed, name));
  }

  tensorSeed(): number {
    return 1 + this.int(2147483646);
  }

  state(): RandomState {
    return { words: [this.s[0]!, this.s[1]!, this.s[2]!, this.s[3]!], spare: this.spare };
  }

  restore(state: RandomState): void {
    this.s.set(state.words);
    this.spare = state.spare;
  }
}

/** A stream from a seed (any safe integer). */
export function randomFrom(seed: number): Random {
  return new Xoshiro((Math.floor(seed) ^ Math.floor(seed / 4294967296)) >>> 0);
}
