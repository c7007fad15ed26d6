/** What a client records about itself, and what it passes on to a logger. */
import { describe, expect, test, vi } from 'vitest';
import type { LogEntry, Logger, LogLevel } from '../../client/src/index.ts';
import { createFakeSystem, openRoom, settle, welcome } from './fake-system.ts';
import { ack, refusal, roomId } from './server-events.ts';

/** A logger that keeps its messages, as `level message`. */
function createLogger() {
  const lines: string[] = [];
  const line =
    (level: string) =>
    (message: string): void =>
      void lines.push(`${level} ${message}`);
  const logger: Logger = {
    error: line('error'),
    warn: line('warn'),
    info: line('info'),
    debug: line('debug'),
  };
  return { lines, logger };
}

async function converse(logLevel: LogLevel) {
  const { lines, logger } = createLogger();
  const system = createFakeSystem({ logLevel, logger });
  const room = await openRoom(system);
  room.send('a secret plan');
  system.socket().push(ack(system.socket().ofType('message')[0], 1));
  room.send('another secret');
  system.socket().push(refusal(system.socket().ofType('message')[1], 4_003, 'forbidden'));
  system.socket().cut();
  await system.clock.advance(1_000);
  system.socket().accept();
  welcome(system.socket(), 1);
  await settle();
  return { ...system, lines };
}

const names = (entries: readonly LogEntry[]): string[] => entries.map(({ event }) => event);

describe('the event log', () => {
  test('has the events of session, connection, room and outbox in their order, with ids and problems', async () => {
    const { client } = await converse('silent');
    const entries = client.eventLog();
    const story = names(entries).filter(
      (name) => name !== 'command.sent' && name !== 'answer.received' && name !== 'room.opening',
    );
    expect(story).toEqual([
      'session.started',
      'connection.opening',
      'connection.open',
      'room.live',
      'outbox.added',
      'outbox.stored',
      'outbox.added',
      'outbox.refused',
      'connection.lost',
      'room.recovering',
      'connection.paused',
      'connection.opening',
      'connection.open',
      'room.live',
    ]);
    expect(entries.find(({ event }) => event === 'room.live')).toMatchObject({
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      level: 'info',
      room: 'general',
      room_id: roomId,
    });
    expect(entries.find(({ event }) => event === 'outbox.refused')).toMatchObject({
      level: 'warn',
      code: 'forbidden',
      problem: 'because of forbidden',
      room_id: roomId,
    });
    expect(entries.filter(({ event }) => event === 'command.sent').map(({ type }) => type)).toEqual([
      'join',
      'message',
      'message',
      'join',
    ]);
  });

  test('holds no text of a message and no token', async () => {
    const { client, clock } = await converse('silent');
    await clock.advance(280_000);
    expect(names(client.eventLog())).toContain('session.renewed');
    const text = JSON.stringify(client.eventLog());
    expect(text).toContain('"message"');
    expect(text).not.toMatch(/secret|signature|refresh \d|ticket\.|"t\d+"/);
  });

  test('keeps the newest 500 events', async () => {
    const { client } = await converse('silent');
    const room = client.room('general');
    for (let count = 0; count < 600; count += 1) room.send(`text ${count}`);
    const entries = client.eventLog();
    expect(entries).toHaveLength(500);
    expect(names(entries)).not.toContain('session.started');
    expect(client.eventLog()).not.toBe(entries);
  });
});

describe('the logger', () => {
  test.each<[LogLevel, string[]]>([
    ['silent', []],
    ['error', []],
    ['warn', ['warn chat: outbox.refused']],
  ])('receives the events of the level %s and above', async (level, expected) => {
    const { lines } = await converse(level);
    expect(lines).toEqual(expected);
  });

  test('receives the states at info, and everything at debug', async () => {
    const info = (await converse('info')).lines;
    expect(info).toContain('info chat: connection.open');
    expect(info.some((line) => line.startsWith('debug'))).toBe(false);
    expect((await converse('debug')).lines).toContain('debug chat: command.sent');
  });

  test('receives an error when the server ends the connection for good', async () => {
    const { lines, logger } = createLogger();
    const system = createFakeSystem({ logLevel: 'error', logger });
    await openRoom(system);
    system.socket().push({ type: 'close', code: 4003, reason: 'Not you', reconnect: false, resume: false });
    system.socket().cut();
    expect(lines).toEqual(['error chat: connection.stopped']);
  });

  test('may throw without an effect on the client', async () => {
    const fail = (): never => {
      throw new Error('The logger is closed');
    };
    const logger: Logger = { error: fail, warn: fail, info: fail, debug: fail };
    const room = await openRoom(createFakeSystem({ logLevel: 'debug', logger }));
    expect(room.status).toBe('live');
  });

  test('is the console by default, which stays silent when the client works or is signed out', async () => {
    const spies = (['error', 'warn', 'info', 'debug'] as const).map((name) => vi.spyOn(console, name));
    const system = createFakeSystem({ logLevel: undefined });
    await openRoom(system);
    await system.client.signOut();
    expect(spies.flatMap(({ mock }) => mock.calls)).toEqual([]);
  });
});
