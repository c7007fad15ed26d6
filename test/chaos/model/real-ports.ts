/** The ports of the backend's functions over an in-memory table. */
import { runStep } from '../../../functions/cleanup/run-step.ts';
import type { CleanupTask } from '../../../shared/domain/model/cleanup.ts';
import type { Connection } from '../../../shared/domain/model/connections.ts';
import { welcome } from '../../../shared/realtime/welcome.ts';
import { recordedMetrics } from '../../kit/memory-chat/metrics.ts';
import { floodGuard } from '../../../shared/domain/rate-limits/flood-guard.ts';
import type { ConnectionGateway } from '../../../shared/realtime/connection-gateway.ts';
import { admissionStore } from '../../../shared/storage/entities/connection.ts';
import { subscriptionStore } from '../../../shared/storage/entities/subscription.ts';
import { connectionStore } from '../../../shared/storage/connection-store.ts';
import { erasureStore } from '../../../shared/storage/erasure-store.ts';
import { inboxStore } from '../../../shared/storage/inbox-store.ts';
import { logStore } from '../../../shared/storage/log-store.ts';
import { memberStore } from '../../../shared/storage/member-store.ts';
import { revocationStore } from '../../../shared/storage/entities/revocation.ts';
import { roomStore } from '../../../shared/storage/room-store.ts';
import { unreadStore } from '../../../shared/storage/unread-store.ts';
import { userStore } from '../../../shared/storage/user-store.ts';
import { uploadStore } from '../../../shared/storage/entities/upload.ts';
import { contentHashes } from '../../../shared/lambda/content-hashes.ts';
import { unkeyedCursors } from '../../kit/memory-chat/cursors.ts';
import { memoryObjects, type MemoryObjects } from '../../kit/memory-objects.ts';
import { plainFileAddresses } from '../../kit/memory-chat/files.ts';
import { uuid } from '../../kit/memory-chat/system.ts';
import type { MemoryTable, Take } from '../../kit/memory-table/memory-table.ts';

export type Ports = ReturnType<typeof portsOver>;

const heartbeatSeconds = 240;

export function portsOver(
  table: MemoryTable,
  take: Take,
  {
    clock,
    connectionGateway,
    random,
    bucket = memoryObjects(clock),
  }: {
    clock: { now(): number };
    connectionGateway: ConnectionGateway;
    random: () => number;
    /** Of files, which most models have none of. */
    bucket?: MemoryObjects;
  },
) {
  const db = table.as(take);
  let made = 0;
  const ports = {
    users: userStore(db),
    rooms: roomStore(db),
    members: memberStore(db),
    log: logStore(db),
    files: plainFileAddresses(),
    checkUpload: () => Promise.reject(new Error('Every upload of the model is checked')),
    unread: unreadStore(db),
    inbox: inboxStore(db),
    connections: connectionStore(db),
    subscriptions: subscriptionStore(db),
    admissions: admissionStore(db),
    revocations: revocationStore(db),
    erasures: erasureStore(db),
    uploads: uploadStore(db),
    objects: bucket.as(take),
    cursors: unkeyedCursors(),
    rates: { spend: async () => undefined },
    // Users of the model do more in a second of its time than any budget allows.
    budget: { spend: async () => undefined, charge: async () => undefined, spendLight: () => undefined },
    limits: { counts: async () => [], hit: async () => 0, refund: async () => undefined },
    connectionGateway,
    clock,
    logger: { warn: () => undefined, error: () => undefined },
    metrics: recordedMetrics(),
    contentHashes: contentHashes(async () => 'the key of the stack'),
    random: {
      uuid: () => uuid(5_000 + (made += 1)),
      secret: () => `secret-${(made += 1)}`,
      integer: (below: number) => Math.floor(random() * below),
    },
    tokens: () => Promise.reject(new Error('No command of the model sends a token')),
    floods: floodGuard(1_000_000),
    enqueueActivity: () => Promise.reject(new Error('No inbox of the model is watched')),
    enqueueSlice: () => Promise.reject(new Error('No room of the model is large')),
    settings: {
      mayCreateRooms: false,
      heartbeatSeconds,
      connectionsPerUser: 0,
      arrivalsPerWindow: 5,
      reconnectAfterMs: 24 * 3_600_000,
    },
  };
  const enqueueCleanup = (task: CleanupTask): Promise<void> =>
    runStep({ ...ports, enqueueCleanup, pause: async () => undefined }, task);
  // Both run at once: how long an invocation waits makes no difference to the model.
  return { ...ports, enqueueCleanup, enqueueWelcome: (connection: Connection) => welcome(ports, connection) };
}
