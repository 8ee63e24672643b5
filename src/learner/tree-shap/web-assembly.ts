/** The part of WebAssembly's interface that is used here; TypeScript declares it with the browser alone. */

export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
}

declare const moduleBrand: unique symbol;

/** A compiled module; it and a shared memory can be sent to a worker. */
export interface WasmModule {
  readonly [moduleBrand]: true;
}

interface WebAssemblyInterface {
  readonly Memory: new (limits: { initial: number; maximum: number; shared: true }) => WasmMemory;
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, WasmMemory>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
  compile(bytes: Uint8Array): Promise<WasmModule>;
}

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface })
  .WebAssembly;
