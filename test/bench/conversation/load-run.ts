/**
 * Sends messages at a steady rate, whether or not earlier ones have arrived, and times each arrival from when its
 * message was due. A slow server can therefore neither slow down the load nor hide the delay.
 */

import { percentile } from '../statistics.ts';
import type { RunRequest, RunResult } from './load-messages.ts';
import type { LoadSocket } from './load-sockets.ts';

const filler = 'and some more words, so that the message has the usual length';

let runs = 0;

export async function runLoad(
  { messagesPerSecond, seconds, drainSeconds }: RunRequest,
  sockets: readonly LoadSocket[],
): Promise<RunResult> {
  runs += 1;
  const cpuBefore = process.cpuUsage();
  const rooms = roomsOf(sockets);
  const total = Math.round(messagesPerSecond * seconds);
  const largest = Math.max(...rooms.map((room) => room.length));
  const seen = new Uint8Array(total * largest);
  const latencies: number[] = [];
  const marker = `bench:${process.pid}.${runs}:`;
  const intervalMs = 1_000 / messagesPerSecond;
  const startsAtMs = performance.now() + 20;
  let [expected, repeated, errors, sent] = [0, 0, 0, 0];
  let lastAtMs = startsAtMs;

  function receive(frame: Buffer, place: number): void {
    const from = frame.indexOf(marker);
    if (from < 0) {
      if (frame.includes('"error"')) errors += 1;
      return;
    }
    if (!frame.includes('"chat_message"')) return;
    const number = Number.parseInt(
      frame.toString('latin1', from + marker.length, from + marker.length + 8),
      10,
    );
    const slot = number * largest + place;
    if (seen[slot] === 1) {
      repeated += 1;
      return;
    }
    seen[slot] = 1;
    lastAtMs = performance.now();
    latencies.push(lastAtMs - (startsAtMs + number * intervalMs));
  }

  const closed = (): void => void (errors += 1);
  for (const one of sockets) {
    one.receive = (frame) => receive(frame, one.place);
    one.socket.once('close', closed);
  }

  /** The rooms take turns, and in each room its sockets. */
  function send(number: number): void {
    const room = rooms[number % rooms.length] as LoadSocket[];
    const sender = room[Math.floor(number / rooms.length) % room.length] as LoadSocket;
    expected += room.length;
    sender.socket.send(JSON.stringify({ type: 'message', content: `${marker}${number}: ${filler}` }));
  }

  while (sent < total) {
    const due = Math.min(total, Math.floor((performance.now() - startsAtMs) / intervalMs) + 1);
    while (sent < due) send(sent++);
    if (sent < total) await pause(Math.max(0, startsAtMs + sent * intervalMs - performance.now()));
  }
  const drainedAtMs = performance.now() + drainSeconds * 1_000;
  while (latencies.length < expected && performance.now() < drainedAtMs) await pause(20);

  for (const one of sockets) {
    one.receive = () => {};
    one.socket.removeListener('close', closed);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    sent,
    expected,
    received: latencies.length,
    repeated,
    errors,
    seconds: (lastAtMs - startsAtMs) / 1_000,
    latencies: {
      p50: percentile(latencies, 50),
      p95: percentile(latencies, 95),
      p99: percentile(latencies, 99),
      max: percentile(latencies, 100),
    },
    cpuSeconds: (user + system) / 1_000_000,
  };
}

function roomsOf(sockets: readonly LoadSocket[]): LoadSocket[][] {
  const rooms = new Map<string, LoadSocket[]>();
  for (const one of sockets) {
    const room = rooms.get(one.room);
    if (room === undefined) rooms.set(one.room, [one]);
    else room.push(one);
  }
  return [...rooms.values()];
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
