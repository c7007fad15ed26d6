/** Accounts with thousands of sessions. */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { call } from '../kit/deployment.ts';
import { login, newUser, type TestUser } from '../kit/users.ts';
import { useProductionRuntime } from './production-runtime.ts';

const { runtime } = useProductionRuntime();

const newPassword = 'quiet-harbour-9';

const sessionIdOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sid: string }).sid;

/** Writes `count` copies of the user's session to the table, each a little younger. */
async function copySession(user: TestUser, count: number): Promise<void> {
  const { engine, stack } = runtime();
  const { endpoint, credentials } = engine;
  const client = new DynamoDBClient({ endpoint, credentials, region: stack.region });
  const database = DynamoDBDocumentClient.from(client);
  const TableName = stack.table.tableName;
  const Key = { pk: `ACCOUNT#${user.id}`, sk: `SESSION#${sessionIdOf(user.access)}` };
  const { Item } = await database.send(new GetCommand({ TableName, Key }));
  if (Item === undefined) throw new Error('The session is not where the test looks for it');
  const writeCopies = async (): Promise<void> => {
    const copies = Array.from({ length: 25 }, () => {
      const id = randomUUID();
      const copy = { sk: `SESSION#${id}`, session_id: id, created_at: Item['created_at'] + 1 };
      return { PutRequest: { Item: { ...Item, ...copy } } };
    });
    await database.send(new BatchWriteCommand({ RequestItems: { [TableName]: copies } }));
  };
  for (let written = 0; written < count; written += 250)
    await Promise.all(Array.from({ length: Math.min(10, (count - written) / 25) }, writeCopies));
  client.destroy();
}

const statusOf = async (token: string): Promise<number> =>
  (await call('GET', '/users/auth/profile/', { token })).status;

test('the password can be changed despite thousands of sessions, which end with it', async () => {
  const victim = await newUser('victim');
  const other = await login(victim.username, victim.password);
  await copySession(victim, 10_000);
  const changed = await call('POST', '/users/auth/password/', {
    token: victim.access,
    body: { old_password: victim.password, new_password: newPassword },
  });
  expect(changed.status).toBe(204);
  expect([await statusOf(victim.access), await statusOf(other.access)]).toEqual([200, 401]);
  const refreshed = await call('POST', '/users/token/refresh/', { body: { refresh: other.refresh } });
  expect(refreshed.status).toBe(401);
  const body = { username: victim.username, password: victim.password };
  expect((await call('POST', '/users/auth/login/', { body })).status).toBe(401);
  const again = await login(victim.username, newPassword);
  const listed = await call<unknown[]>('GET', '/users/auth/sessions/', { token: again.access });
  expect(listed.status).toBe(200);
  expect(listed.body.length).toBeLessThanOrEqual(50);
}, 60_000);

test('a login beyond fifty sessions ends the oldest session', async () => {
  const user = await newUser('busy');
  await copySession(user, 50);
  const last = await login(user.username, user.password);
  expect([await statusOf(user.access), await statusOf(last.access)]).toEqual([401, 200]);
  const listed = await call<unknown[]>('GET', '/users/auth/sessions/', { token: last.access });
  expect(listed.body).toHaveLength(50);
});

test('an account is limited to a hundred logins an hour', async () => {
  const { username, password } = await newUser('frequent');
  const signIn = () => call('POST', '/users/auth/login/', { body: { username, password } });
  const statuses: number[] = [];
  // Up to twice the limit, because the hour may change in between.
  while (!statuses.includes(429) && statuses.length < 210)
    statuses.push(...(await Promise.all(Array.from({ length: 8 }, signIn))).map(({ status }) => status));
  expect(statuses).toContain(429);
  expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(199);
  expect(Number((await signIn()).headers.get('retry-after'))).toBeGreaterThan(0);
}, 60_000);
