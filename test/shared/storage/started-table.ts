/** Starts the table of the synthesized template in a database engine of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll } from 'vitest';
import { startEngine } from '../../../local/engine/engine.ts';
import { createDynamoDbClient } from '../../../local/engine/dynamodb-request.ts';
import { prepareTable } from '../../../local/engine/prepare-table.ts';
import { createLog } from '../../../local/log.ts';
import { openTemplate, type RawTemplate } from '../../../local/template/cloudformation.ts';
import { readTable } from '../../../local/template/read-table.ts';
import { logStore } from '../../../shared/storage/log-store.ts';
import { memberStore } from '../../../shared/storage/member-store.ts';
import { roomStore } from '../../../shared/storage/room-store.ts';
import { unreadStore } from '../../../shared/storage/unread-store.ts';
import { Table } from '../../../shared/storage/table.ts';
import { memberOf, roomOf } from '../../kit/memory-chat/chat.ts';
import { ann, start } from '../../kit/memory-chat/system.ts';
import { synthesize } from '../../infra/synthesized.ts';
import { randomUUID } from 'node:crypto';
import type { Caller } from '../../../shared/domain/model/accounts.ts';
import type { Member, Room } from '../../../shared/domain/model/rooms.ts';

const region = 'us-east-1';

/** Starts the table before the tests of a file and stops it after them. */
export async function startTable() {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'storage-test-'));
  const log = createLog('silent');
  const environment = { PATH: process.env['PATH'] };
  const engine = await startEngine({ dataDirectory, fresh: true, consumedUpTo: new Map(), log, environment });
  const { endpoint, credentials } = engine;
  const database = createDynamoDbClient({ endpoint, region, credentials });
  const template = openTemplate(synthesize('local').toJSON() as RawTemplate, {
    region,
    accountId: '000000000000',
    stackName: 'Test',
  });
  const definition = readTable(template);
  const { streamArn } = await prepareTable(definition, database);
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  afterAll(async () => {
    client.destroy();
    database.close();
    await engine.stop();
    rmSync(dataDirectory, { recursive: true, force: true });
  });
  const table = new Table(documents, definition.tableName);
  return { table, documents, client, tableName: definition.tableName, streamArn, ...chatStores(table) };
}

function chatStores(table: Table) {
  const rooms = roomStore(table);
  const log = logStore(table);
  return {
    rooms,
    members: memberStore(table),
    log,
    /** Stores a void entry under a seq, which no other entry can have then. */
    fillSeq: (roomId: string, seq: number) =>
      log.putVoids([
        { kind: 'void', roomId, seq, at: start, messageSeqs: 0, outbox: false, wasMessage: false },
      ]),
    unread: unreadStore(table),
    /** Creates a room for one test, owned by ann, with the other users as members. */
    async openRoom(
      more: Partial<Room> = {},
      ...others: Caller[]
    ): Promise<{ room: Room; roomId: string; members: Member[] }> {
      const roomId = randomUUID();
      const room = roomOf({ roomId, name: `room-${roomId}`, memberCount: 1 + others.length, ...more });
      const members = [ann, ...others].map((caller) => memberOf(room, caller));
      await rooms.create(room, members, []);
      return { room, roomId: room.roomId, members };
    },
  };
}
