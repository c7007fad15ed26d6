/** Guessing the password of an account from many addresses. */
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { chatUrl } from '../kit/deployment.ts';
import { uniqueName } from '../kit/names.ts';
import { newUser } from '../kit/users.ts';
import { useProductionRuntime } from './production-runtime.ts';

useProductionRuntime();

interface LoginAnswer {
  status: number;
  retryAfterSeconds: number;
}

/** Signs in from the given loopback address. */
function signIn(username: string, password: string, localAddress: string): Promise<LoginAnswer> {
  const { hostname, port } = new URL(chatUrl());
  const headers = { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: hostname, port, localAddress, method: 'POST', path: '/users/auth/login/', headers },
      (answer) => {
        answer.resume();
        const retryAfterSeconds = Number(answer.headers['retry-after'] ?? 0);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, retryAfterSeconds }));
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify({ username, password }));
  });
}

const attackers = Array.from({ length: 15 }, (_, index) => `127.0.1.${index + 1}`);

/** Sends one guess from each address. */
const guess = (username: string) =>
  Promise.all(attackers.map((address) => signIn(username, `guess-${uniqueName()}`, address)));

const countCompared = (answers: LoginAnswer[]): number =>
  answers.filter(({ status }) => status === 401).length;

test('an owner signs in from a new address after one pause while other addresses keep guessing', async () => {
  const owner = await newUser('owner');
  const answers: LoginAnswer[] = [];
  for (let round = 0; round < 9; round += 1) answers.push(...(await guess(owner.username)));
  const attacking = new AbortController();
  const attack = (async () => {
    while (!attacking.signal.aborted) answers.push(...(await guess(owner.username)));
  })();
  try {
    expect(await signIn(owner.username, owner.password, '127.0.2.1')).toEqual({
      status: 429,
      retryAfterSeconds: 1,
    });
    await new Promise((resolve) => {
      setTimeout(resolve, 1_100);
    });
    expect(await signIn(owner.username, owner.password, '127.0.2.1')).toMatchObject({ status: 200 });
    // The address is known after a success and does not wait again.
    expect(await signIn(owner.username, owner.password, '127.0.2.1')).toMatchObject({ status: 200 });
  } finally {
    attacking.abort();
    await attack;
  }
  // A hundred free guesses, and those that the pauses of 1, 2, 4 and 8 seconds admit from each address.
  expect(countCompared(answers)).toBeLessThanOrEqual(100 + attackers.length * 4);
}, 30_000);

test('guesses at a username that does not exist are delayed in the same way', async () => {
  const [known, unknown] = [(await newUser('known')).username, uniqueName('unknown')];
  const statusesOf = async (username: string) => {
    const answers = [];
    for (let count = 0; count < 12; count += 1) answers.push(await signIn(username, 'guess', `127.0.3.1`));
    return answers;
  };
  const answers = await statusesOf(known);
  expect(answers.map(({ status }) => status)).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
  expect(await statusesOf(unknown)).toEqual(answers);
});
