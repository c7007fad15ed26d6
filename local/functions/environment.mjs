/**
 * The code inside a function's execution environment: loads the bundle and answers invocations, like the
 * runtime that Lambda provides. It is plain JavaScript, so that a worker starts without compiling anything.
 */

import { readFileSync, existsSync } from 'node:fs';
import { Module } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { mayCacheCode, runWithCodeCache } from './code-cache.mjs';
import { activeResources, freeze, leftWork } from './freeze.mjs';

const {
  codeDirectory,
  codeCache,
  handler: handlerName,
  functionName,
  memoryMb,
  functionArn,
  guard,
  begun,
  reportsCalls,
} = workerData;

/** Keeps the compiled code of the bundle, if there is a folder for it. */
let keepCode = () => {};

try {
  if (guard !== undefined) {
    const { guardRequests } = await import('../permissions/guard.mjs');
    guardRequests(guard, reportsCalls ? (call, verdict) => send({ kind: 'call', call, verdict }) : undefined);
  }
  const handler = await loadHandler();
  parentPort.on('message', (invocation) => void answer(handler, invocation));
  send({ kind: 'ready' });
} catch (error) {
  send({ kind: 'initFailed', error: describe(error) });
}

function send(message) {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port, not a window
  parentPort.postMessage(message);
}

async function loadHandler() {
  const dot = handlerName.lastIndexOf('.');
  const file = ['.js', '.cjs', '.mjs']
    .map((extension) => join(codeDirectory, handlerName.slice(0, dot) + extension))
    .find((candidate) => existsSync(candidate));
  if (file === undefined)
    throw named(
      'Runtime.ImportModuleError',
      `There is no file for the handler ${handlerName} in ${codeDirectory}`,
    );
  const exported = isModule(file) ? await import(pathToFileURL(file).href) : loadCommonJs(file);
  const handler = exported[handlerName.slice(dot + 1)];
  if (typeof handler !== 'function')
    throw named('Runtime.HandlerNotFound', `${handlerName} is not a function`);
  return handler;
}

/** Only a package.json in the bundle counts: AWS has none above it, but here is the project's. */
function isModule(file) {
  if (file.endsWith('.mjs')) return true;
  const packageFile = join(codeDirectory, 'package.json');
  return (
    file.endsWith('.js') &&
    existsSync(packageFile) &&
    JSON.parse(readFileSync(packageFile, 'utf8')).type === 'module'
  );
}

function loadCommonJs(file) {
  const source = readFileSync(file, 'utf8');
  const loaded = new Module(file);
  loaded.filename = file;
  // Only packages beside the bundle are found: AWS has none above it, but here are the project's.
  loaded.paths = [join(codeDirectory, 'node_modules')];
  if (codeCache !== undefined && mayCacheCode(source)) {
    keepCode = runWithCodeCache(loaded, source, codeCache);
  } else {
    // oxlint-disable-next-line no-underscore-dangle -- the only way to load a file as CommonJS regardless of the package.json above it
    loaded._compile(source, file);
  }
  return loaded.exports;
}

let received = 0;

async function answer(handler, { requestId, event, deadlineMs, freezes }) {
  received += 1;
  const activeBefore = freezes ? activeResources() : [];
  let ok = true;
  let payload;
  try {
    payload = stringify(await handler(JSON.parse(event), contextOf(requestId, deadlineMs)));
  } catch (error) {
    ok = false;
    payload = JSON.stringify(describe(error));
  }
  if (!freezes) {
    send({ kind: 'answer', requestId, ok, payload });
    if (received === 1) keepCode();
    return;
  }
  const resources = await leftWork(activeBefore);
  if (resources.length > 0) send({ kind: 'leftWork', resources });
  send({ kind: 'answer', requestId, ok, payload });
  await freeze(begun, received);
}

function contextOf(requestId, deadlineMs) {
  return {
    awsRequestId: requestId,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(memoryMb),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
}

function stringify(value) {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch (error) {
    throw named('Runtime.MarshalError', `Unable to stringify response body: ${error.message}`);
  }
}

function describe(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

function named(name, message) {
  const error = new Error(message);
  error.name = name;
  return error;
}
