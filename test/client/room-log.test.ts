import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyEvent,
  applyHistoryEnd,
  emptyLog,
  missing,
  raiseHead,
  shownMessages,
  type HistoryRequest,
  type LogEvent,
  type RoomLog,
} from '../../client/src/room-log.ts';
import { ServerLog, type Step } from './server-log.ts';

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Step>({ kind: 'message' }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('edit' as const), target: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), target: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'member' }, { kind: 'void' }, { kind: 'unknown' }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('gap' as const), becomesMessage: fc.boolean() }) },
);

/** How the network delivers one event: not at all, once or twice, each time with a delay. */
const delivery = fc.record({ copies: fc.constantFrom(0, 1, 1, 2), delay: fc.nat(20) });

/** Applies an answer to the log, with live events between its events. */
function answerInto(
  log: RoomLog,
  server: ServerLog,
  request: HistoryRequest,
  live: LogEvent[] = [],
): RoomLog {
  const { events, end } = server.answer(request);
  const mixed = [...events];
  live.forEach((event, index) => mixed.splice((index * 7) % (mixed.length + 1), 0, event));
  return applyHistoryEnd(mixed.reduce(applyEvent, log), request, end);
}

/** Requests history until nothing is missing, as a client does, or until a gap stops the progress. */
function catchUp(start: RoomLog, server: ServerLog, limit: number): RoomLog {
  let log = start;
  for (let asked = 0; asked <= server.head + 1; asked += 1) {
    const range = missing(log);
    if (range === undefined) return log;
    const before = log.frontier;
    log = answerInto(log, server, { ...range, limit });
    if (log.frontier === before) return log;
  }
  throw new Error('the log was requested more often than it has entries');
}

function loadEverything(start: RoomLog, server: ServerLog): RoomLog {
  let log = start;
  while (log.hasOlder) log = answerInto(log, server, { kind: 'before', before: log.floor, limit: 3 });
  return log;
}

describe('a room’s log', () => {
  test('shows the server’s messages in the end, however events were shuffled, doubled and dropped', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.array(step, { maxLength: 60 }),
        fc.array(delivery, { minLength: 60, maxLength: 60 }),
        fc.integer({ min: 1, max: 7 }),
        fc.option(fc.integer({ min: 1, max: 9 }), { nil: Number.POSITIVE_INFINITY }),
        (before, after, deliveries, limit, entriesPerAnswer) => {
          const server = new ServerLog();
          server.entriesPerAnswer = entriesPerAnswer;
          for (const one of before) server.write(one);
          let log = answerInto(emptyLog, server, { kind: 'newest', limit });
          const deliveriesInOrder = after.flatMap((one, index) => {
            const event = server.write(one);
            const { copies, delay } = deliveries[index] as { copies: number; delay: number };
            return event === undefined
              ? []
              : Array.from({ length: copies }, (_, copy) => ({ event, time: index + delay * (copy + 1) }));
          });
          const received = deliveriesInOrder.sort((a, b) => a.time - b.time).map(({ event }) => event);
          log = received.slice(0, received.length / 2).reduce(applyEvent, log);
          const range = missing(log);
          // The other half arrives between the events of an answer.
          if (range !== undefined)
            log = answerInto(log, server, { ...range, limit }, received.slice(received.length / 2));
          log = catchUp(raiseHead(log, server.head), server, limit);
          server.fillGaps();
          log = catchUp(log, server, limit);
          log = loadEverything(log, server);
          expect(missing(log)).toBeUndefined();
          expect(shownMessages(log)).toEqual(server.shown());
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('reports a missing seq as soon as a later one is known, until an answer shows that it is void', () => {
    const server = new ServerLog();
    const first = server.write({ kind: 'message' }) as LogEvent;
    let log = answerInto(emptyLog, server, { kind: 'newest', limit: 50 });
    expect(missing(log)).toBeUndefined();
    server.write({ kind: 'gap', becomesMessage: false });
    log = applyEvent(log, server.write({ kind: 'message' }) as LogEvent);
    expect(missing(log)).toEqual({ kind: 'after', after: first.seq });
    log = answerInto(log, server, { kind: 'after', after: 1, limit: 50 });
    expect(missing(log)).toEqual({ kind: 'after', after: 1 });
    server.fillGaps();
    log = answerInto(log, server, { kind: 'after', after: 1, limit: 50 });
    expect(missing(log)).toBeUndefined();
  });

  test('is emptied when the server could not send everything that was missed', () => {
    const server = new ServerLog();
    server.write({ kind: 'message' });
    const log = answerInto(emptyLog, server, { kind: 'newest', limit: 50 });
    const end = {
      ...server.answer({ kind: 'newest', limit: 50 }).end,
      recovered: false,
      gap: { from: 2, to: 9 },
    };
    const anew = applyHistoryEnd(log, { kind: 'after', after: 9, limit: 50 }, end);
    expect(missing(anew)).toEqual({ kind: 'newest' });
    expect(shownMessages(anew)).toEqual([]);
  });

  test('does not show messages older than a gap in the history', () => {
    const server = new ServerLog();
    for (let count = 0; count < 10; count += 1) server.write({ kind: 'message' });
    const early = server.answer({ kind: 'after', after: 0, limit: 1 }).events[0] as LogEvent;
    const log = applyEvent(answerInto(emptyLog, server, { kind: 'newest', limit: 3 }), early);
    expect(shownMessages(log).map(({ seq }) => seq)).toEqual([8, 9, 10]);
    expect(shownMessages(loadEverything(log, server))).toHaveLength(10);
  });

  test('applies an edit that arrives before the page with its message', () => {
    const server = new ServerLog();
    for (let count = 0; count < 5; count += 1) server.write({ kind: 'message' });
    let log = answerInto(emptyLog, server, { kind: 'newest', limit: 2 });
    const stale = server.answer({ kind: 'before', before: 4, limit: 50 });
    log = applyEvent(log, server.write({ kind: 'edit', target: 0 }) as LogEvent);
    log = applyHistoryEnd(
      stale.events.reduce(applyEvent, log),
      { kind: 'before', before: 4, limit: 50 },
      stale.end,
    );
    expect(shownMessages(log)[0]).toMatchObject({ seq: 1, content: 'edited at 6' });
  });

  test('keeps a message deleted, whatever arrives later', () => {
    const server = new ServerLog();
    server.write({ kind: 'message' });
    const edited = server.write({ kind: 'edit', target: 0 }) as LogEvent;
    const stale = server.answer({ kind: 'newest', limit: 50 }).events[0] as LogEvent;
    server.write({ kind: 'delete', target: 0 });
    const log = [stale, edited].reduce(
      applyEvent,
      answerInto(emptyLog, server, { kind: 'newest', limit: 50 }),
    );
    expect(shownMessages(log)).toEqual(server.shown());
  });

  test('counts an event of a later release as known, and shows what it had', () => {
    const server = new ServerLog();
    server.write({ kind: 'message' });
    const log = answerInto(emptyLog, server, { kind: 'newest', limit: 50 });
    const extended = applyEvent(log, server.write({ kind: 'unknown' }) as LogEvent);
    expect(missing(extended)).toBeUndefined();
    expect(extended.frontier).toBe(2);
    expect(shownMessages(extended)).toEqual(server.shown());
  });

  test('stays the same object when an event changes nothing', () => {
    const server = new ServerLog();
    const event = server.write({ kind: 'message' }) as LogEvent;
    const log = answerInto(emptyLog, server, { kind: 'newest', limit: 50 });
    expect(applyEvent(log, event)).toBe(log);
  });
});
