/**
 * A small assembler for WebAssembly (core specification 2.0, binary format): instructions are functions
 * that give bytes, with their operands before them. It knows what the kernel of `kernel.ts` needs.
 */

/** Instructions that leave one value, or none. */
export type Code = readonly number[];

const I32 = 0x7f;
const F64 = 0x7c;
const V128 = 0x7b;
const NO_VALUE = 0x40;

/** A variable of a function. */
export interface Local {
  readonly get: Code;
  set(value: Code): Code;
}

/** Collects the variables of one function; parameters are 32-bit integers. */
export class Locals {
  readonly #types: number[] = [];
  readonly #parameters: number;

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  parameter(index: number): Local {
    return { get: [0x20, ...unsigned(index)], set: (value) => [...value, 0x21, ...unsigned(index)] };
  }

  i32(): Local {
    return this.#declare(I32);
  }

  f64(): Local {
    return this.#declare(F64);
  }

  v128(): Local {
    return this.#declare(V128);
  }

  /** Parameter types and declarations of variables, as the binary format wants them. */
  get signature(): { readonly parameters: Code; readonly declarations: Code } {
    return {
      parameters: vector(Array.from({ length: this.#parameters }, () => [I32])),
      declarations: vector(this.#types.map((type) => [1, type])),
    };
  }

  #declare(type: number): Local {
    this.#types.push(type);
    return this.parameter(this.#parameters + this.#types.length - 1);
  }
}

const infix =
  (...operation: readonly number[]) =>
  (left: Code, right: Code): Code => [...left, ...right, ...operation];

export const i32 = {
  constant: (value: number): Code => [0x41, ...signed(value)],
  load: (address: Code, offset: number): Code => [...address, 0x28, 2, ...unsigned(offset)],
  store: (address: Code, offset: number, value: Code): Code => [
    ...address,
    ...value,
    0x36,
    2,
    ...unsigned(offset),
  ],
  add: infix(0x6a),
  subtract: infix(0x6b),
  and: infix(0x71),
  or: infix(0x72),
  multiply: infix(0x6c),
  shiftLeft: infix(0x74),
  shiftRight: infix(0x76),
  equal: infix(0x46),
  isBelow: infix(0x49),
  isZero: (value: Code): Code => [...value, 0x45],
  /** Toward zero; numbers out of range become the nearest one in range. */
  fromF64: (value: Code): Code => [...value, 0xfc, 2],
} as const;

export const f64 = {
  load: (address: Code, offset: number): Code => [...address, 0x2b, 3, ...unsigned(offset)],
  store: (address: Code, offset: number, value: Code): Code => [
    ...address,
    ...value,
    0x39,
    3,
    ...unsigned(offset),
  ],
  add: infix(0xa0),
  differs: infix(0x62),
  isAtMost: infix(0x65),
} as const;

/** Two doubles side by side. */
export const f64x2 = {
  load: (address: Code, offset: number): Code => [...address, 0xfd, 0, 4, ...unsigned(offset)],
  store: (address: Code, offset: number, value: Code): Code => [
    ...address,
    ...value,
    0xfd,
    0x0b,
    4,
    ...unsigned(offset),
  ],
  add: infix(0xfd, 0xf0, 0x01),
  multiply: infix(0xfd, 0xf2, 0x01),
} as const;

/** `whenTrue` if the condition is not 0, else `whenFalse`; both are computed. */
export function select(whenTrue: Code, whenFalse: Code, condition: Code): Code {
  return [...whenTrue, ...whenFalse, ...condition, 0x1b];
}

/** One of two 32-bit integers; only the chosen one is computed. */
export function ifElse(condition: Code, whenTrue: Code, whenFalse: Code): Code {
  return [...condition, 0x04, I32, ...whenTrue, 0x05, ...whenFalse, 0x0b];
}

/** Runs the body `count` times, counting the variable down to 0. */
export function repeat(count: Local, body: Code): Code {
  const next = count.set(i32.subtract(count.get, i32.constant(1)));
  const isOver = [...i32.isZero(count.get), 0x0d, 1];
  return [0x02, NO_VALUE, 0x03, NO_VALUE, ...isOver, ...body, ...next, 0x0c, 0, 0x0b, 0x0b];
}

/** A function without result. */
export interface AssembledFunction {
  readonly name: string;
  readonly locals: Locals;
  readonly body: Code;
}

/**
 * The bytes of a module that imports the shared memory `host.memory`, of exactly `pages` pages of 64 KiB,
 * and exports the functions by their names.
 */
export function assembleModule(
  functions: readonly AssembledFunction[],
  pages: number,
): Uint8Array<ArrayBuffer> {
  const signatures = functions.map(({ locals }) => locals.signature);
  const memory = [...text('host'), ...text('memory'), 0x02, 0x03, ...unsigned(pages), ...unsigned(pages)];
  const bodies = functions.map(({ body }, index) => {
    const bytes = [...(signatures[index]?.declarations ?? []), ...body, 0x0b];
    return [...unsigned(bytes.length), ...bytes];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(signatures.map(({ parameters }) => [0x60, ...parameters, 0]))),
    ...section(2, vector([memory])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(functions.map(({ name }, index) => [...text(name), 0, ...unsigned(index)]))),
    ...section(10, vector(bodies)),
  ]);
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): Code {
  return vector([...Buffer.from(value, 'utf8')].map((byte) => [byte]));
}

/** LEB128, the variable-length integers of the format. */
function unsigned(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >>> 7;
  return rest === 0 ? [low] : [low | 0x80, ...unsigned(rest)];
}

function signed(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  const isLast = rest === ((low & 0x40) === 0 ? 0 : -1);
  return isLast ? [low] : [low | 0x80, ...signed(rest)];
}
