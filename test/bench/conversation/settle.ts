/** Waits for a server to have done what it was asked before, so that no measurement pays for the one before it. */

import type { ChatServer } from './chat-server.ts';

const sampleMs = 400;
/** Of one core: more than a runtime at rest takes for reading its stream. */
const restingCores = 0.12;
const patienceMs = 10_000;
/** For a server whose processor time cannot be seen. */
const unseenMs = 1_000;

export async function settle({ cpuSeconds }: Pick<ChatServer, 'cpuSeconds'>): Promise<void> {
  const until = performance.now() + patienceMs;
  const first = cpuSeconds();
  if (first === undefined) return pause(unseenMs);
  for (let before = first; performance.now() < until;) {
    const sampledAt = performance.now();
    await pause(sampleMs);
    const after: number = cpuSeconds() ?? before;
    if ((after - before) / ((performance.now() - sampledAt) / 1_000) < restingCores) return;
    before = after;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
