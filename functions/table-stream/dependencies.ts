/** Wires the table stream's function: the one place where its ports get their adapters. */
import type { EnqueueCleanup } from '../../shared/domain/model/cleanup.ts';
import type { EnqueueActivity } from '../../shared/domain/model/inbox.ts';
import { userBudget } from '../../shared/domain/rate-limits/user-budget.ts';
import { budgetSettings } from '../../shared/lambda/budget-settings.ts';
import { readConfig } from '../../shared/lambda/config.ts';
import { connectionGatewaySettings } from '../../shared/lambda/connection-gateway-settings.ts';
import { enqueueTo } from '../../shared/lambda/enqueue.ts';
import { pictureAddresses } from '../../shared/lambda/file-addresses.ts';
import { failureLog } from '../../shared/lambda/logger.ts';
import { metrics } from '../../shared/lambda/metrics.ts';
import { openFileAddresses } from '../../shared/lambda/open-file-addresses.ts';
import { clock } from '../../shared/lambda/system.ts';
import { welcomeSettings } from '../../shared/lambda/welcome-settings.ts';
import type { EnqueueSlice } from '../../shared/realtime/slice-subscribers.ts';
import { openConnectionGateway } from '../../shared/realtime/connection-gateway.ts';
import type { EnqueueWelcome } from '../../shared/realtime/welcome.ts';
import { admissionStore } from '../../shared/storage/entities/connection.ts';
import { subscriptionStore } from '../../shared/storage/entities/subscription.ts';
import { budgetStore } from '../../shared/storage/entities/budget.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { inboxStore } from '../../shared/storage/inbox-store.ts';
import { limitStore } from '../../shared/storage/entities/limit.ts';
import { logStore } from '../../shared/storage/log-store.ts';
import { memberStore } from '../../shared/storage/member-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { roomStore } from '../../shared/storage/room-store.ts';
import { unreadStore } from '../../shared/storage/unread-store.ts';
import { userItems } from '../../shared/storage/entities/user.ts';

export function dependencies() {
  const config = readConfig('tableStream');
  const db = openTable(config.tableName);
  const enqueueSlice: EnqueueSlice = enqueueTo(config.fanOutFunctionName);
  const enqueueCleanup: EnqueueCleanup = enqueueTo(config.cleanupFunctionName);
  const enqueueActivity: EnqueueActivity = enqueueTo(config.inboxFunctionName);
  const enqueueWelcome: EnqueueWelcome = enqueueTo(config.welcomeFunctionName);
  return {
    users: userItems(db, pictureAddresses(config.filesUrl)),
    rooms: roomStore(db),
    inbox: inboxStore(db),
    members: memberStore(db),
    log: logStore(db),
    unread: unreadStore(db),
    connections: connectionStore(db),
    subscriptions: subscriptionStore(db),
    admissions: admissionStore(db),
    limits: limitStore(db),
    budget: userBudget({ budgets: budgetStore(db), clock }, budgetSettings(config)),
    connectionGateway: openConnectionGateway(config.connectionsUrl, connectionGatewaySettings()),
    files: openFileAddresses(config),
    clock,
    logger: failureLog,
    metrics,
    enqueueSlice,
    enqueueCleanup,
    enqueueWelcome,
    enqueueActivity,
    settings: welcomeSettings(config),
  };
}

export type Dependencies = ReturnType<typeof dependencies>;
