/**
 * The restore procedure, rehearsed: rooms are used, the table is exported and lost, its items are restored, and the checker
 * of the promises compares what every client saw before and after with what the table holds.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Item } from '../../../shared/storage/item.ts';
import { isEmpty, restoreItems } from '../../../tools/operate/restore/restore-items.ts';
import { itemsOfExport, itemsOfTable } from '../../../tools/operate/restore/sources.ts';
import { checkRoom } from '../../chaos/checker.ts';
import { sendFromAll } from '../../chaos/harness/load.ts';
import { newPerson, request, signIn } from '../../chaos/harness/people.ts';
import { openRoomFixture } from '../../chaos/harness/room-fixture.ts';
import { startFaulty, type FaultyRuntime } from '../../chaos/harness/runtime.ts';
import { findWrong } from '../../chaos/harness/scenario.ts';
import type { SteadyClient } from '../../chaos/harness/steady-client-interface.ts';
import { steadyClient } from '../../chaos/harness/steady-client.ts';

let runtime: FaultyRuntime;
let folder: string;
let client: DynamoDBDocumentClient;
const tableName = (): string => runtime.local.stack.table.tableName;

/** The engine has another port after every start. */
function connect(): void {
  const { endpoint, credentials } = runtime.local.engine;
  client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region: 'us-east-1', credentials }));
}

beforeAll(async () => {
  runtime = await startFaulty();
  folder = await mkdtemp(join(tmpdir(), 'export-'));
  connect();
});

afterAll(async () => {
  await runtime.stop();
  await rm(folder, { recursive: true, force: true });
});

async function allItems(): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of itemsOfTable(client, tableName())) items.push(item);
  return items;
}

/** Writes an export as DynamoDB writes one to S3: files of compressed lines in the order of no key. */
async function writeExport(items: readonly Item[]): Promise<void> {
  const files = [0, 1].map((part) => items.filter((_, index) => index % 2 === part));
  for (const [index, part] of files.entries()) {
    const lines = part.map((item) => JSON.stringify({ Item: marshall(item) }));
    await writeFile(join(folder, `part-${index}.json.gz`), gzipSync(`${lines.join('\n')}\n`));
  }
}

const restoreExport = () =>
  restoreItems({ client, tableName: tableName(), items: itemsOfExport(folder), writesPerSecond: 100_000 });

const headOf = async (roomId: string): Promise<number> => (await runtime.table.headOf(roomId))?.['seq'];

async function allKnow(clients: readonly SteadyClient[], roomId: string): Promise<boolean[]> {
  const head = await headOf(roomId);
  return Promise.all(clients.map((one) => one.knows(head, 20_000)));
}

describe('a restore of the table', { timeout: 120_000 }, () => {
  it('brings back every entry, account and membership, and the rooms go on', async () => {
    const { url, webSocketUrl } = runtime;
    const { room, clients: before } = await openRoomFixture(runtime, 3);
    const roomId = room.room_id;
    expect(await sendFromAll(before, { seed: 5, sendsPerClient: 15, overHttp: 0.3 })).toBe(0);
    expect(await allKnow(before, roomId)).toEqual([true, true, true]);
    await Promise.all(before.map((one) => one.stop()));

    const exported = await allItems();
    await writeExport(exported);
    await runtime.loseTable();
    connect();
    expect(await isEmpty(client, tableName())).toBe(true);
    const [person] = before.map((one) => one.person);
    const lost = await request(url, 'GET', `/chat/rooms/${roomId}/`, { access: person!.access });
    expect(lost.status).toBe(404);

    const result = await restoreExport();
    const kept = exported.filter(({ pk }) => !/^(CONN|LIVE|TICKET)#/.test(String(pk)));
    expect(result).toEqual({ restored: kept.length, existing: 0, left: exported.length - kept.length });
    expect(kept.length).toBeGreaterThan(50);

    // The same users come back, with their passwords and with the tokens that they had, and a newcomer joins them.
    expect((await signIn(url, person!.username)).access).toEqual(expect.any(String));
    const people = [...before.map((one) => one.person), await newPerson(url)];
    const after = people.map((one) => steadyClient({ url, webSocketUrl, person: one, room }));
    await Promise.all(after.map((one) => one.entered));
    expect(await sendFromAll(after, { seed: 6, sendsPerClient: 0, overHttp: 0 })).toBe(0);
    for (const [index, one] of after.entries())
      expect(
        await one.send({ content: `after the restore ${index}`, clientId: `r${index}`, over: 'socket' }),
      ).toBe(true);
    expect(await allKnow(after, roomId)).toEqual([true, true, true, true]);
    // A send from before the loss that is repeated finds the stored message.
    const again = { content: `${person!.username} says 0`, client_id: 'c0' };
    const path = `/chat/rooms/${roomId}/messages/`;
    expect(await request(url, 'POST', path, { access: person!.access, body: again })).toMatchObject({
      status: 200,
    });
    await Promise.all(after.map((one) => one.stop()));

    const everyone = [...before, ...after];
    const counts = await checkRoom(runtime.table, {
      roomId,
      sent: everyone.flatMap(({ sent }) => sent),
      acknowledgements: everyone.flatMap(({ acknowledgements }) => acknowledgements),
      // Those who saw the room before the loss are expected to have all entries up to then, and those after it all.
      views: [...after, ...before.map(({ seen }) => ({ seen, since: Number.MAX_SAFE_INTEGER }))],
    });
    expect(findWrong(counts)).toEqual([]);
    expect(counts.done['acknowledged']).toBeGreaterThan(45);
    expect(counts.done['seen']).toBeGreaterThan(4 * 45);
  });

  it('would be reported as incomplete by the checker if one entry were missing', async () => {
    const { room, clients } = await openRoomFixture(runtime, 1);
    expect(await sendFromAll(clients, { seed: 7, sendsPerClient: 5, overHttp: 0 })).toBe(0);
    expect(await allKnow(clients, room.room_id)).toEqual([true]);
    await clients[0]!.stop();
    const exported = await allItems();
    const isOneMessage = ({ pk, client_id: id }: Item): boolean =>
      pk === `LOG#${room.room_id}` && id === 'c3';
    await writeExport(exported.filter((item) => !isOneMessage(item)));
    await runtime.loseTable();
    connect();
    await restoreExport();
    const counts = await checkRoom(runtime.table, { roomId: room.room_id, ...clients[0]!, views: clients });
    expect(findWrong(counts)).toEqual(expect.arrayContaining(['lost', 'unfilled']));
  });

  it('overwrites nothing and writes nothing twice when it is run again', async () => {
    const items = await allItems();
    await writeExport(items);
    const [changed] = items.filter(({ sk }) => sk === 'PROFILE');
    const newer: Item = { ...changed, first_name: 'Newer' };
    await restoreItems({ client, tableName: tableName(), items: one(newer), writesPerSecond: 100 });
    const result = await restoreExport();
    expect(result.restored).toBe(0);
    expect(result.existing + result.left).toBe(items.length);
    expect((await allItems()).find(({ pk }) => pk === newer['pk'])).toEqual(changed);
  });

  it('refuses a folder without an export, and a line of another form', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'no-export-'));
    await expect(itemsOfExport(empty).next()).rejects.toThrow(`There are no files *.json.gz in ${empty}.`);
    await writeFile(join(empty, 'a.json.gz'), gzipSync('{"pk": "x"}\n'));
    await expect(itemsOfExport(empty).next()).rejects.toThrow(
      'a.json.gz, line 1 is not an item of an export',
    );
    await rm(empty, { recursive: true });
    await expect(itemsOfExport(empty).next()).rejects.toThrow('cannot be read');
  });
});

async function* one(item: Item): AsyncGenerator<Item> {
  yield item;
}
