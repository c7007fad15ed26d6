/** Limits per address apply to the viewer's own address, also behind the edge. */
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { chatUrl } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import { useStrictRuntime } from './strict-runtime.ts';

const max = 2;
const { runtime } = useStrictRuntime({ REGISTRATIONS_PER_ADDRESS_PER_HOUR: String(max) });

/** Registers a new user from the given loopback address. */
function register(localAddress: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  const { hostname, port } = new URL(chatUrl());
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: hostname,
        port,
        localAddress,
        method: 'POST',
        path: '/users/auth/register/',
        headers: { 'content-type': 'application/json', ...headers },
      },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify({ username: uniqueName('reg'), password: 'lantern-orbit-42' }));
  });
}

async function statusesOf(count: number, next: (at: number) => Promise<number | undefined>) {
  const statuses: (number | undefined)[] = [];
  for (let at = 0; at < count; at += 1) statuses.push(await next(at));
  return statuses;
}

const spoofed = (at: number) => ({
  'X-Viewer-Address': `203.0.113.${at}`,
  'X-Forwarded-For': `203.0.113.${at}`,
});
const direct = () => ({
  Host: `${runtime().stack.httpApi.apiId}.execute-api.${runtime().stack.region}.amazonaws.com`,
});

test('each viewer behind the edge has a limit of their own', async () => {
  expect(await statusesOf(max + 1, () => register('127.0.0.2'))).toEqual([201, 201, 429]);
  expect(await statusesOf(max + 1, () => register('127.0.0.3'))).toEqual([201, 201, 429]);
});

test('a viewer cannot change their address with a header', async () => {
  expect(await statusesOf(max + 1, (at) => register('127.0.0.4', spoofed(at)))).toEqual([201, 201, 429]);
  const withKey = (at: number) => ({ ...spoofed(at), 'X-Origin-Key': 'guessed-guessed-guessed' });
  expect(await statusesOf(max + 1, (at) => register('127.0.0.5', withKey(at)))).toEqual([201, 201, 429]);
});

test('a caller who bypasses the edge cannot change their address with a header', async () => {
  const past = (at: number) => ({ ...direct(), ...spoofed(at), 'X-Origin-Key': `guess-${at}` });
  expect(await statusesOf(max + 1, (at) => register('127.0.0.6', past(at)))).toEqual([201, 201, 429]);
  // The attempts count against the caller's own address only.
  expect(await register('127.0.0.7', direct())).toBe(201);
});
