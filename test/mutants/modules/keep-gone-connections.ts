/** Defect: a fan-out does not learn that a socket is gone, so its connection visits until its lease ends. */
import * as original from '../../../shared/realtime/send-events.ts';

export * from '../../../shared/realtime/send-events.ts';

export const sendFrames: typeof original.sendFrames = async (...input) => {
  const outcome = await original.sendFrames(...input);
  return outcome === 'gone' ? 'failed' : outcome;
};
