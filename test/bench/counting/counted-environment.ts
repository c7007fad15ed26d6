/**
 * Injected into every counted bundle: reports each invocation of the environment, and its posts and asynchronous
 * invocations. It observes outgoing requests, so it does not depend on the code that makes them.
 */

import http, { type ClientRequest } from 'node:http';
import https from 'node:https';
import { getHeapStatistics } from 'node:v8';
import { callMark, type Beginning, type Call } from './calls.ts';

/** Defined by the build; empty for the runtime's own gateway. */
declare const COUNTED_CONNECTIONS_URL: string;
if (COUNTED_CONNECTIONS_URL !== '') {
  process.env['AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI'] = COUNTED_CONNECTIONS_URL;
}

const heapSampledEveryMs = 5;
const environment = Math.random().toString(36).slice(2);
let invocation = 0;
let posts = { count: 0, start: 0, end: 0 };

/** Reports a call of the present invocation: an environment runs one at a time. */
export function reportCall(call: Omit<Call, 'environment' | 'invocation'>): void {
  write({ ...call, environment, invocation });
}

function write(line: Call | Beginning): void {
  process.stdout.write(`${callMark}${JSON.stringify(line)}\n`);
}

function watch(request: ClientRequest): void {
  const start = performance.now();
  if (/(@|%40)connections\//.test(request.path)) {
    if (posts.count === 0) posts.start = start;
    posts.count += 1;
    request.once('close', () => (posts.end = performance.now()));
  } else if (request.path.startsWith('/2015-03-31/functions/')) {
    request.once('close', () =>
      reportCall({ kind: 'invoke', name: 'Invoke', start, end: performance.now() }),
    );
  }
}

for (const protocol of [http, https]) {
  const plain = protocol.request as (...args: unknown[]) => ClientRequest;
  Object.assign(protocol, {
    request: (...args: unknown[]): ClientRequest => {
      const request = plain(...args);
      watch(request);
      return request;
    },
  });
}

function heapInUse(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}

interface Exports {
  handler: (...args: unknown[]) => Promise<unknown>;
}

/** Called by the last line of the bundle with the bundle's exports. */
function countInvocations({ handler }: Exports): Exports {
  return {
    async handler(...args) {
      invocation += 1;
      posts = { count: 0, start: 0, end: 0 };
      write({ kind: 'beginning', environment, invocation });
      const start = performance.now();
      let heapBytes = heapInUse();
      const sampling = setInterval(() => (heapBytes = Math.max(heapBytes, heapInUse())), heapSampledEveryMs);
      try {
        return await handler(...args);
      } finally {
        clearInterval(sampling);
        heapBytes = Math.max(heapBytes, heapInUse());
        if (posts.count > 0) reportCall({ kind: 'post', name: 'POST', ...posts });
        reportCall({ kind: 'invocation', name: 'invocation', start, end: performance.now(), heapBytes });
      }
    },
  };
}

Object.assign(globalThis, { countInvocations });
