/** Wires the cleanup function: the one place where its ports get their adapters. */
import { readConfig } from '../../shared/lambda/config.ts';
import { clock } from '../../shared/lambda/system.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { subscriptionStore } from '../../shared/storage/entities/subscription.ts';
import { uploadStore } from '../../shared/storage/entities/upload.ts';
import { erasureStore } from '../../shared/storage/erasure-store.ts';
import { logStore } from '../../shared/storage/log-store.ts';
import { memberStore } from '../../shared/storage/member-store.ts';
import { openObjectStore } from '../../shared/storage/object-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { roomStore } from '../../shared/storage/room-store.ts';
import type { CleanupPorts } from './run-step.ts';

/** Returns the ports but the one that enqueues the next step, which depends on how the function was invoked. */
export function dependencies(): Omit<CleanupPorts, 'enqueueCleanup'> {
  const config = readConfig('cleanup');
  const db = openTable(config.tableName);
  return {
    rooms: roomStore(db),
    members: memberStore(db),
    log: logStore(db),
    connections: connectionStore(db),
    subscriptions: subscriptionStore(db),
    erasures: erasureStore(db),
    uploads: uploadStore(db),
    objects: openObjectStore(config.filesBucketName),
    clock,
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}
