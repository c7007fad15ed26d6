/**
 * Replaces `createRequire` of `node:module` in the bundle, by which the image library loads its build for the platform. Here
 * it finds the WebAssembly build alone, which runs the same bytes on Lambda and locally.
 */

/** The modules that the library loads of its WebAssembly build. */
const modules: Record<string, () => unknown> = {
  '@img/sharp-wasm32/sharp.node': () => require('@img/sharp-wasm32/sharp.node') as unknown,
  '@img/sharp-wasm32/versions': () => require('@img/sharp-wasm32/versions') as unknown,
};

/** Returns a function that fails for other modules as `require` fails for those that are not installed. */
export function createRequire(): (name: string) => unknown {
  return (name) => {
    const load = modules[name];
    if (load !== undefined) return load();
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
  };
}
