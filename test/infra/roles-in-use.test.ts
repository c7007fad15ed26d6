import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { functionNames, type FunctionName } from '../../infra/functions.ts';
import { grants } from '../../infra/grants.ts';
import { patience, startAudited, type AuditedRuntime } from './audited-runtime.ts';
import type { Access } from './database-audit.ts';
import { listOf, statementsOf, synthesize } from './synthesized.ts';

const template = synthesize('local');
let runtime: AuditedRuntime;

beforeAll(async () => {
  runtime = await startAudited();
  await useEverything(runtime);
});

afterAll(() => runtime?.stop());

/** Makes every function do everything that its row is granted for. */
async function useEverything({ call, open }: AuditedRuntime): Promise<void> {
  const signUp = async (username: string): Promise<{ id: string; access: string; refresh: string }> => {
    const login = { username, password: 'lantern-orbit-42' };
    const email = `${username}@chat.example`;
    const { id } = await call('POST', '/users/auth/register/', undefined, { ...login, email });
    return { id, ...(await call('POST', '/users/auth/login/', undefined, login)) };
  };
  const [ann, bob] = await Promise.all([signUp('ann'), signUp('bob')]);
  await call('GET', '/users/?username=bo', ann.access);
  await call('PATCH', '/users/auth/profile/', ann.access, { first_name: 'Ann' });

  const lobby = open('/ws/chat/lobby/', ann.access);
  await lobby.heard('history_end');
  lobby.send({ type: 'message', content: 'hi', client_id: 'one' });
  await lobby.heard('ack');
  const { ticket } = await call('POST', '/chat/ws-ticket/', bob.access, {});
  const free = open(`/ws/?ticket=${ticket}`);
  await free.heard('ready');
  free.send({ type: 'join', room: 'made-by-joining' });
  await free.heard('history_end');
  await Promise.all([call('GET', '/chat/rooms/'), call('GET', '/chat/rooms/mine/', ann.access)]);

  const wish = { room_name: 'secret', is_private: true };
  const { room_id: roomId } = await call('POST', '/chat/rooms/create/', ann.access, wish);
  await call('POST', `/chat/rooms/${roomId}/members/add/`, ann.access, { user_id: bob.id });
  const secret = open('/ws/chat/secret/', bob.access);
  await secret.heard('history_end');
  await call('DELETE', `/chat/rooms/${roomId}/members/remove/${bob.id}/`, ann.access);
  await secret.closed;

  await makeSeemLarge(runtime, roomId);
  const message = { content: 'to many', client_id: 'two' };
  await call('POST', `/chat/rooms/${roomId}/messages/`, ann.access, message);
  await vi.waitFor(() => expect(accessesOf('deliver')).not.toEqual([]), patience);
  await call('DELETE', `/chat/rooms/${roomId}/`, ann.access);

  await call('POST', '/users/auth/logout/', undefined, { refresh: ann.refresh });
  await lobby.closed;
}

/** As if the room had grown, with a socket left in it whose lease has ended. */
async function makeSeemLarge(
  { database, tableName: TableName }: AuditedRuntime,
  roomId: string,
): Promise<void> {
  const past = Date.now() - 60_000;
  const listener = { user_id: 'u', username: 'u', session_id: 's', joined_at: past, opened_at: past };
  await database.send(
    new PutCommand({
      TableName,
      Item: { pk: `LIVE#${roomId}#3`, sk: 'gone', ...listener, lease_ends_at: past, token_ends_at: past },
    }),
  );
  await database.send(
    new UpdateCommand({
      TableName,
      Key: { pk: `ROOM#${roomId}`, sk: 'HEAD' },
      UpdateExpression: 'SET shards = :four',
      ExpressionAttributeValues: { ':four': 4 },
    }),
  );
}

const accessesOf = (name: FunctionName) => runtime.accesses.filter((access) => access.name === name);

const isRead = (action: string): boolean => /^(Get|BatchGet|Query|ConditionCheck)/.test(action);
const isRemove = (action: string): boolean => action === 'DeleteItem';

/** The least that a row of grants must say for what the function did. */
function rowInUse(name: FunctionName): Record<'read' | 'write' | 'remove' | 'lookup', string[]> {
  const actions = new Map<string, Set<string>>();
  const lookup = new Set<string>();
  for (const { action, index, key } of accessesOf(name)) {
    const prefix = key.replace(/(?<=#)(?!PUBLIC$).*/, '');
    if (index !== undefined) lookup.add(prefix);
    else actions.set(prefix, (actions.get(prefix) ?? new Set()).add(action));
  }
  const prefixesWhere = (wanted: (done: string[]) => boolean): string[] =>
    [...actions].flatMap(([prefix, done]) => (wanted([...done]) ? [prefix] : [])).toSorted();
  return {
    read: prefixesWhere((done) => done.every(isRead)),
    remove: prefixesWhere((done) => done.every(isRemove)),
    write: prefixesWhere((done) => !done.every(isRead) && !done.every(isRemove)),
    lookup: [...lookup].toSorted(),
  };
}

/** Whether the function's role allows that, as IAM would tell. */
function isAllowed({ name, action, index, key }: Access): boolean {
  return statementsOf(template, name as FunctionName).some((statement) => {
    const patterns = statement.Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? [];
    const isOnIndex = JSON.stringify(statement.Resource).includes('/index/');
    return (
      listOf(statement.Action).includes(`dynamodb:${action}`) &&
      isOnIndex === (index !== undefined) &&
      patterns.some((pattern) => key.startsWith(pattern.slice(0, -1)))
    );
  });
}

describe('what functions ask of the table', () => {
  it.each(functionNames)('is all allowed to %s by its role', (name) => {
    expect(accessesOf(name).length > 0).toBe(name !== 'docs');
    expect(accessesOf(name).filter((access) => !isAllowed(access))).toEqual([]);
  });

  it.each(functionNames)('is all that %s is granted', async (name) => {
    const { read = [], write = [], remove = [], lookup = [] } = grants[name];
    const granted = {
      read: read.toSorted(),
      write: write.toSorted(),
      remove: remove.toSorted(),
      lookup: lookup.toSorted(),
    };
    // Reactions go on for a moment.
    await vi.waitFor(() => expect(rowInUse(name)).toEqual(granted), patience);
  });

  it('would be refused by a role that does not allow it', () => {
    const access = { name: 'disconnect', action: 'DeleteItem', index: undefined, key: 'CONN#c' };
    expect(isAllowed(access)).toBe(true);
    expect(isAllowed({ ...access, key: 'LOGIN#ann' })).toBe(false);
    expect(isAllowed({ ...access, action: 'GetItem' })).toBe(false);
    expect(isAllowed({ ...access, index: 'lookup' })).toBe(false);
  });
});
