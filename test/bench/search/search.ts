/** The section of the bench on searching a room of 10,000 messages from its end to its beginning. */
import { startTestRuntime } from '../../kit/runtime.ts';
import type { BenchContext } from '../section.ts';
import { rounded } from '../statistics.ts';
import { measureSearch } from './measure-search.ts';

const messages = 10_000;

export async function measureSearching({ report, progress }: BenchContext): Promise<void> {
  const started = await startTestRuntime({ startsFunctionsOnDemand: false });
  try {
    progress(`a search of ${messages} messages`);
    const { requestsMs } = await measureSearch(started.runtime, messages);
    const together = requestsMs.reduce((sum, time) => sum + time, 0);
    report.heading('Searching a room for a word that does not occur');
    report.table(
      ['messages', 'requests', 'first request in ms', 'together in ms'],
      [[messages, requestsMs.length, rounded(requestsMs[0] ?? 0), rounded(together)]],
    );
    report.figure('search.10000.seconds', together / 1_000);
  } finally {
    await started.stop();
  }
}
