/** Defect: a client that knows a seq above the head is not told which of its entries do not exist. */
import * as original from '../../../shared/realtime/send-history.ts';

export * from '../../../shared/realtime/send-history.ts';

export const historyEvents: typeof original.historyEvents = async (...input) => {
  const events = await original.historyEvents(...input);
  return events.map((event) => {
    if (event.type !== 'history_end') return event;
    const { gap: _hidden, ...end } = event;
    return { ...end, recovered: true };
  });
};
