/**
 * Runs CommonJS bundles with V8's compiled code of them, which the first environment of a bundle leaves in a file for the
 * later ones. It is plain JavaScript, as all code inside an environment is.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Module } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { threadId } from 'node:worker_threads';

const digestBytes = 32;

/** V8 does not compare the source with its code, except for the length, and does not notice damaged code. */
function digestOf(source, code) {
  return createHash('sha256')
    .update(process.version)
    .update(process.arch)
    .update(source)
    .update(code)
    .digest();
}

/**
 * Whether a bundle runs the same from its compiled code. Node resolves `import(…)` and applies source maps only in code
 * that it has compiled itself.
 */
export function mayCacheCode(source) {
  return !/\bimport\s*\(|\n\/\/# sourceMappingURL=/.test(source);
}

/**
 * Runs the source of a module, and returns a function that keeps its compiled code unless that is kept already. It keeps
 * what has been compiled when it is called, so it is best called when the module has done its work once.
 */
export function runWithCodeCache(module, source, directory) {
  const { filename } = module;
  // Named after the bundle alone, so that a new build replaces the code of the previous one.
  const file = join(directory, createHash('sha256').update(filename).digest('hex').slice(0, 32));
  const cachedData = readCode(file, source);
  const [opening, closing] = Module.wrapper;
  const script = new Script(opening + source + closing, {
    filename,
    // Positions in stack traces are those of the bundle without the wrapper.
    columnOffset: -opening.length,
    ...(cachedData && { cachedData }),
  });
  const wrapped = script.runInThisContext();
  wrapped.call(
    module.exports,
    module.exports,
    module.require.bind(module),
    module,
    filename,
    dirname(filename),
  );
  if (cachedData !== undefined && script.cachedDataRejected !== true) return () => {};
  return () => writeCode(file, source, script.createCachedData());
}

/** Returns the code that was kept for a source; undefined if there is none, or if it is damaged. */
function readCode(file, source) {
  try {
    const content = readFileSync(file);
    const code = content.subarray(digestBytes);
    return digestOf(source, code).equals(content.subarray(0, digestBytes)) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the code so that no other thread or process reads a part of it. */
function writeCode(file, source, code) {
  const draft = `${file}.${process.pid}.${threadId}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, Buffer.concat([digestOf(source, code), code]));
    renameSync(draft, file);
  } catch {
    // Without the file, later environments compile the bundle again, which only takes longer.
  }
}
