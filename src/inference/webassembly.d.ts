/** The part of WebAssembly's JavaScript interface that Flite uses; TypeScript declares it for browsers alone. */
declare namespace WebAssembly {
  class Module {
    private constructor();
  }
  class Instance {
    constructor(module: Module, imports: Record<string, ModuleImports>);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  // biome-ignore lint/suspicious/noExplicitAny: a WebAssembly function may take any numbers
  type ModuleImports = Record<string, (...values: any[]) => unknown>;
  function compile(bytes: Uint8Array): Promise<Module>;
}
