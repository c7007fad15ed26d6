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
} from '../../client/room-log.ts';
import { ServerLog, type Step } from './server-log.ts';

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Step>({ kind: 'message' }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('edit' as const), target: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), target: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'member' }, { kind: 'void' }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hole' as const), becomesMessage: fc.boolean() }) },
);

/** What the network makes of the events: each lost, or delivered once or twice, in an order of its own. */
const delivery = fc.record({ copies: fc.constantFrom(0, 1, 1, 2), delay: fc.nat(20) });

/** Events that are told while an answer is on its way, between its events. */
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

/** Asks until nothing is missing, as a client does; a hole that is being written ends it too. */
function catchUp(start: RoomLog, server: ServerLog, limit: number): RoomLog {
  let log = start;
  for (let asked = 0; asked <= server.head + 1; asked += 1) {
    const wanted = missing(log);
    if (wanted === undefined) return log;
    const before = log.frontier;
    log = answerInto(log, server, { ...wanted, limit });
    if (log.frontier === before) return log;
  }
  throw new Error('asked more often than there are entries');
}

function loadEverything(start: RoomLog, server: ServerLog): RoomLog {
  let log = start;
  while (log.hasOlder) log = answerInto(log, server, { kind: 'before', before: log.floor, limit: 3 });
  return log;
}

describe('a room’s log', () => {
  test('is the server’s in the end, however events were shuffled, doubled and dropped', () => {
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
          const onTheWay = after.flatMap((one, index) => {
            const event = server.write(one);
            const { copies, delay } = deliveries[index] as { copies: number; delay: number };
            return event === undefined
              ? []
              : Array.from({ length: copies }, (_, copy) => ({ event, at: index + delay * (copy + 1) }));
          });
          const told = onTheWay.sort((a, b) => a.at - b.at).map(({ event }) => event);
          log = told.slice(0, told.length / 2).reduce(applyEvent, log);
          const wanted = missing(log);
          // The other half comes while an answer does.
          if (wanted !== undefined)
            log = answerInto(log, server, { ...wanted, limit }, told.slice(told.length / 2));
          log = catchUp(raiseHead(log, server.head), server, limit);
          server.fillHoles();
          log = catchUp(log, server, limit);
          log = loadEverything(log, server);
          expect(missing(log)).toBeUndefined();
          expect(shownMessages(log)).toEqual(server.shown());
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('says that a seq is missing as soon as a later one is known, and asks no more once it is void', () => {
    const server = new ServerLog();
    const first = server.write({ kind: 'message' }) as LogEvent;
    let log = answerInto(emptyLog, server, { kind: 'newest', limit: 50 });
    expect(missing(log)).toBeUndefined();
    server.write({ kind: 'hole', becomesMessage: false });
    log = applyEvent(log, server.write({ kind: 'message' }) as LogEvent);
    expect(missing(log)).toEqual({ kind: 'after', after: first.seq });
    log = answerInto(log, server, { kind: 'after', after: 1, limit: 50 });
    expect(missing(log)).toEqual({ kind: 'after', after: 1 });
    server.fillHoles();
    log = answerInto(log, server, { kind: 'after', after: 1, limit: 50 });
    expect(missing(log)).toBeUndefined();
  });

  test('starts anew when the server could not bring everything', () => {
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

  test('shows no message that is older than a gap in the history', () => {
    const server = new ServerLog();
    for (let count = 0; count < 10; count += 1) server.write({ kind: 'message' });
    const early = server.answer({ kind: 'after', after: 0, limit: 1 }).events[0] as LogEvent;
    const log = applyEvent(answerInto(emptyLog, server, { kind: 'newest', limit: 3 }), early);
    expect(shownMessages(log).map(({ seq }) => seq)).toEqual([8, 9, 10]);
    expect(shownMessages(loadEverything(log, server))).toHaveLength(10);
  });

  test('keeps an edit that overtakes the older page with its message', () => {
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

  test('never shows again what was deleted, whatever arrives later', () => {
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

  test('keeps the object of a message that did not change', () => {
    const server = new ServerLog();
    const event = server.write({ kind: 'message' }) as LogEvent;
    const log = answerInto(emptyLog, server, { kind: 'newest', limit: 50 });
    expect(applyEvent(log, event)).toBe(log);
  });
});
