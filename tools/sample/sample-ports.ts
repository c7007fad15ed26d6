/** The ports of the domain for the sample: the stores over the table, and a clock that is set to the times of the plan. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock, FailureLog, Random } from '../../shared/domain/ports/system.ts';
import { contentHashes } from '../../shared/lambda/content-hashes.ts';
import { random } from '../../shared/lambda/system.ts';
import { subscriptionStore } from '../../shared/storage/entities/subscription.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { logStore } from '../../shared/storage/log-store.ts';
import { memberStore } from '../../shared/storage/member-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { roomStore } from '../../shared/storage/room-store.ts';
import { inboxStore } from '../../shared/storage/inbox-store.ts';
import { unreadStore } from '../../shared/storage/unread-store.ts';
import { userStore } from '../../shared/storage/user-store.ts';

export interface TableAddress {
  tableName: string;
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

/** A clock that a program moves. */
export interface SettableClock extends Clock {
  set(nowMs: number): void;
}

function settableClock(): SettableClock {
  let currentMs = Date.now();
  return { now: () => currentMs, set: (nowMs) => void (currentMs = nowMs) };
}

/** The sample is no user: it has no budget to keep to, and what goes wrong ends it. */
const unlimited = { spend: async () => undefined, charge: async () => undefined };
const failing: FailureLog = {
  warn: (message) => {
    throw new Error(message);
  },
  error: (message) => {
    throw new Error(message);
  },
};

/** Opens the stores. Call `portsFor` for each room, since each has a time of its own. */
export function openSampleStores({ tableName, ...client }: TableAddress) {
  const db = openTable(tableName, new DynamoDBClient({ ...client, maxAttempts: 5 }));
  const stores = {
    users: userStore(db),
    rooms: roomStore(db),
    members: memberStore(db),
    log: logStore(db),
    unread: unreadStore(db),
    inbox: inboxStore(db),
    subscriptions: subscriptionStore(db),
    connections: connectionStore(db),
  };
  const system: { random: Random; logger: FailureLog } = { random, logger: failing };
  return {
    ...stores,
    portsFor: () => ({
      ...stores,
      ...system,
      clock: settableClock(),
      rates: unlimited,
      budget: unlimited,
      // No message of the sample has a `client_id`, whose content would be hashed.
      contentHashes: contentHashes(() => Promise.reject(new Error('The sample hashes no content'))),
    }),
  };
}

export type SampleStores = ReturnType<typeof openSampleStores>;
export type SamplePorts = ReturnType<SampleStores['portsFor']>;
