/** Reads the body of a request up to a limit. */
import type { IncomingMessage } from 'node:http';

/** Calls back with the body, or with undefined once it exceeds `maxBytes`; never if the client aborts. */
export function readBody(
  incoming: IncomingMessage,
  maxBytes: number,
  done: (body: Buffer | undefined) => void,
): void {
  let first: Buffer | undefined;
  let rest: Buffer[] | undefined;
  let length = 0;
  incoming.on('data', (chunk: Buffer) => {
    const lengthBefore = length;
    length += chunk.length;
    if (length > maxBytes) {
      // The rest is read and discarded, so that the client can read the answer instead of failing with EPIPE.
      if (lengthBefore <= maxBytes) done(undefined);
      first = rest = undefined;
    } else if (!first) first = chunk;
    else (rest ??= [first]).push(chunk);
  });
  incoming.on('end', () => {
    if (length <= maxBytes) done(rest ? Buffer.concat(rest, length) : (first ?? Buffer.alloc(0)));
  });
}
