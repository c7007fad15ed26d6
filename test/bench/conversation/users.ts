/**
 * Registers users at any server and signs them in, a few at a time, so that the bench does not measure its own set-up; it
 * runs outside Vitest, which the kit's helpers need.
 */

import { readFile } from 'node:fs/promises';
import { request, uniqueName } from '../../chaos/harness/people.ts';

/** Returns `count` access tokens, repeating them when there are not enough. */
export type Tokens = (count: number) => string[];

const password = 'copper-lantern-71';
const concurrency = 4;

/** Tokens from a file, one a line. */
export async function tokensFrom(file: string): Promise<Tokens> {
  const lines = (await readFile(file, 'utf8')).split('\n').map((line) => line.trim());
  return handOut(lines.filter((line) => line !== ''));
}

export async function registerUsers(url: string, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, () => uniqueName('bench'));
  const waiting = [...names];
  async function lane(): Promise<void> {
    for (let username = waiting.shift(); username !== undefined; username = waiting.shift()) {
      const body = { username, email: `${username}@bench.example`, password };
      const { status } = await request(url, 'POST', '/users/auth/register/', { body });
      if (status !== 201) throw new Error(`registering was answered with ${status}`);
    }
  }
  await Promise.all(Array.from({ length: concurrency }, lane));
  return names;
}

/** Signs all of them in anew: on a server with short-lived tokens, before each part. */
export async function signIn(url: string, names: readonly string[]): Promise<Tokens> {
  const tokens: string[] = [];
  const waiting = [...names];
  async function lane(): Promise<void> {
    for (let username = waiting.shift(); username !== undefined; username = waiting.shift()) {
      const { status, body } = await request(url, 'POST', '/users/auth/login/', {
        body: { username, password },
      });
      if (status !== 200) throw new Error(`signing in was answered with ${status}`);
      tokens.push(body.access);
    }
  }
  await Promise.all(Array.from({ length: concurrency }, lane));
  return handOut(tokens);
}

function handOut(tokens: readonly string[]): Tokens {
  if (tokens.length === 0) throw new Error('there are no tokens');
  return (count) => Array.from({ length: count }, (_, at) => tokens[at % tokens.length] as string);
}
