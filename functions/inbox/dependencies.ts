/** Wires the inbox function: the one place where its ports get their adapters. */
import { userBudget } from '../../shared/domain/rate-limits/user-budget.ts';
import { budgetSettings } from '../../shared/lambda/budget-settings.ts';
import { readConfig } from '../../shared/lambda/config.ts';
import { connectionGatewaySettings } from '../../shared/lambda/connection-gateway-settings.ts';
import { failureLog } from '../../shared/lambda/logger.ts';
import { metrics } from '../../shared/lambda/metrics.ts';
import { clock } from '../../shared/lambda/system.ts';
import { openConnectionGateway } from '../../shared/realtime/connection-gateway.ts';
import type { SendActivityPorts } from '../../shared/realtime/inbox/send-activity.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { budgetStore } from '../../shared/storage/entities/budget.ts';
import { subscriptionStore } from '../../shared/storage/entities/subscription.ts';
import { inboxStore } from '../../shared/storage/inbox-store.ts';
import { logStore } from '../../shared/storage/log-store.ts';
import { memberStore } from '../../shared/storage/member-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { roomStore } from '../../shared/storage/room-store.ts';
import { unreadStore } from '../../shared/storage/unread-store.ts';

export function dependencies(): SendActivityPorts {
  const config = readConfig('inbox');
  const db = openTable(config.tableName);
  return {
    inbox: inboxStore(db),
    rooms: roomStore(db),
    members: memberStore(db),
    log: logStore(db),
    unread: unreadStore(db),
    connections: connectionStore(db),
    subscriptions: subscriptionStore(db),
    budget: userBudget({ budgets: budgetStore(db), clock }, budgetSettings(config)),
    connectionGateway: openConnectionGateway(config.connectionsUrl, connectionGatewaySettings()),
    clock,
    logger: failureLog,
    metrics,
    settings: { reconnectAfterMs: config.reconnectAfterMinutes * 60_000 },
  };
}
