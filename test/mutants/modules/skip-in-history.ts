/** Defect: every third entry is missing from the history that a socket receives. */
import * as original from '../../../shared/realtime/send-history.ts';

export * from '../../../shared/realtime/send-history.ts';

export const historyEvents: typeof original.historyEvents = async (...input) => {
  const events = await original.historyEvents(...input);
  return events.filter((event) => !('seq' in event) || event.seq % 3 !== 0);
};
