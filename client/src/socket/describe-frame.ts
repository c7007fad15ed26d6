/** What the event log records of frames: those that open, leave and answer, without any text that a user wrote. */
import type { Log } from '../event-log.ts';

/** What happens many times a minute would drive everything else out of the log. */
const loggedTypes = new Set([
  'join',
  'leave',
  'history',
  'message',
  'auth',
  'ready',
  'left',
  'history_end',
  'ack',
  'error',
  'close',
]);

const loggedFields = new Set(['type', 'ref', 'room', 'room_id', 'seq', 'head', 'client_id', 'code', 'name']);

/** Records a frame that was sent or received. */
export function logFrame(
  log: Log,
  event: 'command.sent' | 'answer.received',
  frame: { type?: string },
): void {
  if (!loggedTypes.has(frame.type ?? '')) return;
  log('debug', event, Object.fromEntries(Object.entries(frame).filter(([name]) => loggedFields.has(name))));
}
