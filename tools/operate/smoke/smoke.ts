/** Runs the smoke test against the addresses of a stage and reports each step. */
import type { ChatAddresses } from '../../../functions/canary/chat-api.ts';
import type { Terminal } from '../command-line.ts';
import { cleanUp, steps, type Progress } from './steps.ts';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Returns whether every step succeeded. After the first one that fails, the others are not tried. */
export async function smoke(
  addresses: ChatAddresses,
  terminal: Terminal,
  { eventTimeoutMs = 10_000 } = {},
): Promise<boolean> {
  const progress: Progress = { addresses, eventTimeoutMs, users: [], sockets: [] };
  let failed: string | undefined;
  const report = (outcome: string, name: string, text: string): void =>
    terminal.print(`${outcome.padEnd(9)} ${name.padEnd(13)} ${text}`);

  async function attempt(name: string, run: () => Promise<string>): Promise<void> {
    const startedAt = performance.now();
    try {
      const text = await run();
      report('ok', name, `${text} (${Math.round(performance.now() - startedAt)} ms)`);
    } catch (error) {
      // The report is where the error goes: an operator reads which step failed, and why.
      report('FAILED', name, messageOf(error));
      failed ??= name;
    }
  }

  for (const { name, run } of steps) {
    if (failed === undefined) await attempt(name, () => run(progress));
    else report('not tried', name, `since "${failed}" failed`);
  }
  if (progress.users.length > 0) {
    await attempt('clean up', async () => {
      await cleanUp(progress);
      return 'the room and both users are deleted';
    });
  }
  terminal.print(failed === undefined ? 'The stage works.' : `The stage does not work: "${failed}" failed.`);
  return failed === undefined;
}
