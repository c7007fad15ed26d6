/** Measures how long sockets wait for their welcome while a large room is purged. */

import { WebSocket } from 'ws';
import type { LocalRuntime } from '../../../local/start.ts';
import { logBuilder, voidEntry } from '../../attacks/log-builder.ts';

export interface MeasuringOptions {
  /** The entries of the room that is deleted. */
  entries: number;
  /** Sockets that are opened one after the other from the deletion on. */
  sockets: number;
  pauseMs: number;
}

export interface MeasuredWelcomes {
  /** Milliseconds from opening each socket to the end of its history. */
  waits: number[];
  /** How many of the welcomes ended before the last entry of the deleted room was gone. */
  duringPurge: number;
}

const maxWaitMs = 60_000;

/** Deletes a room of that many entries, and opens sockets in another room of the same user. */
export async function measureWelcomes(
  runtime: LocalRuntime,
  { entries, sockets, pauseMs }: MeasuringOptions,
): Promise<MeasuredWelcomes> {
  const builder = logBuilder(runtime);
  const call = caller(runtime.url);
  const username = `purge${Date.now()}`;
  const login = { username, password: 'lantern-orbit-42' };
  await call('POST', '/users/auth/register/', undefined, login);
  const { access } = await call('POST', '/users/auth/login/', undefined, login);
  const create = (name: string) =>
    call('POST', '/chat/rooms/create/', access, { room_name: `${name}-${username}`, is_private: true });
  const [doomed, other] = [await create('doomed'), await create('other')];
  await builder.append(
    doomed.room_id,
    Array.from({ length: entries }, () => voidEntry),
  );
  const open = () =>
    welcomeTime(`${runtime.webSocketUrl}/ws/chat/${encodeURIComponent(other.room_name)}/`, access);
  await open();
  await call('DELETE', `/chat/rooms/${doomed.room_id}/`, access);
  const waits: number[] = [];
  let duringPurge = 0;
  for (let opened = 0; opened < sockets; opened += 1) {
    waits.push(await open());
    if (await builder.hasEntries(doomed.room_id)) duringPurge += 1;
    await new Promise((resolve) => {
      setTimeout(resolve, pauseMs);
    });
  }
  builder.close();
  return { waits, duringPurge };
}

/** Opens a socket, and returns the milliseconds until its history has ended. */
function welcomeTime(url: string, access: string): Promise<number> {
  const startedAtMs = performance.now();
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${access}` } });
  return new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The welcome did not arrive')), maxWaitMs);
    socket.on('error', reject);
    socket.on('message', (data) => {
      if (!(data as Buffer).toString().includes('"history_end"')) return;
      clearTimeout(timer);
      resolve(performance.now() - startedAtMs);
    });
  }).finally(() => socket.close());
}

function caller(url: string) {
  return async (method: string, path: string, access?: string, body?: object): Promise<any> => {
    const response = await fetch(url + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(access !== undefined && { authorization: `Bearer ${access}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}
