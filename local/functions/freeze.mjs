/**
 * Freezes an environment between invocations, as Lambda does: its thread stops, and with it its timers and everything that
 * waits for the network, until the next invocation. Before that, it finds what is still running.
 */

/** How long log lines that are on their way may hold up the freezing. */
const maxFlushMs = 50;

const nextTurn = () => new Promise(setImmediate);

/** The ports of the thread itself, over which it answers and writes its log. */
const ownResource = 'MessagePort';

/** Returns the names of what keeps this thread busy: timers, requests, sockets in use, files. Idle sockets do not. */
export function activeResources() {
  return process.getActiveResourcesInfo().filter((name) => name !== ownResource);
}

/** Node 26 begins to read a file some turns of the event loop after the call. */
const observedTurns = 6;

/** Returns the names of what the invocation has started and not ended, from one turn of the event loop after its answer. */
export async function leftWork(activeBefore) {
  for (let turn = 0; turn < observedTurns; turn += 1) {
    // A socket returns to its pool one turn after the last byte of a response.
    await nextTurn();
    const left = newlyActive(activeBefore);
    if (left.length > 0) return left;
  }
  return [];
}

function newlyActive(activeBefore) {
  const earlier = [...activeBefore];
  return activeResources().filter((name) => {
    const index = earlier.indexOf(name);
    if (index >= 0) earlier.splice(index, 1);
    return index < 0;
  });
}

/** Stops the thread until another invocation has begun than the last one that was received. */
export async function freeze(begun, received) {
  const endsAt = Date.now() + maxFlushMs;
  // A worker hands over its log lines one after the other, and Lambda's are written at once.
  while (process.stdout.writableLength + process.stderr.writableLength > 0 && Date.now() < endsAt)
    await nextTurn();
  // Repeated, since the wake-up for the invocation that was just answered may come late.
  while (Atomics.load(begun, 0) === received) Atomics.wait(begun, 0, received);
}
