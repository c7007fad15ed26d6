/** Waits until a server is idle, so that no measurement includes work of the one before it. */

import type { ChatServer } from './chat-server.ts';

const sampleMs = 400;
/** Share of one core: more than an idle runtime takes for reading its stream. */
const restingCores = 0.12;
const patienceMs = 10_000;
/** The pause for a server whose processor time cannot be measured. */
const unseenMs = 1_000;

export async function settle({ cpuSeconds }: Pick<ChatServer, 'cpuSeconds'>): Promise<void> {
  const until = performance.now() + patienceMs;
  const first = cpuSeconds();
  if (first === undefined) return pause(unseenMs);
  for (let before = first; performance.now() < until;) {
    const sampledAtMs = performance.now();
    await pause(sampleMs);
    const after: number = cpuSeconds() ?? before;
    if ((after - before) / ((performance.now() - sampledAtMs) / 1_000) < restingCores) return;
    before = after;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
