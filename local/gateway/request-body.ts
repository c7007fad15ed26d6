/** Collects the body of a request up to a limit; what it means is not known here. */
import type { IncomingMessage } from 'node:http';

/** Calls back with the body, or with undefined as soon as it exceeds `maximumBytes`; never, if the client goes away. */
export function readBody(
  incoming: IncomingMessage,
  maximumBytes: number,
  done: (body: Buffer | undefined) => void,
): void {
  let first: Buffer | undefined;
  let rest: Buffer[] | undefined;
  let length = 0;
  incoming.on('data', (chunk: Buffer) => {
    const before = length;
    length += chunk.length;
    if (length > maximumBytes) {
      // What still comes is read and forgotten, so that the client reaches the answer instead of a broken pipe.
      if (before <= maximumBytes) done(undefined);
      first = rest = undefined;
    } else if (!first) first = chunk;
    else (rest ??= [first]).push(chunk);
  });
  incoming.on('end', () => {
    if (length <= maximumBytes) done(rest ? Buffer.concat(rest, length) : (first ?? Buffer.alloc(0)));
  });
}
