/** What the react function is made of: the one place where adapters meet its ports. */
import { userBudget } from '../../shared/domain/rate-limits/user-budget.ts';
import { budgetSettings } from '../../shared/lambda/budget-settings.ts';
import { readConfig } from '../../shared/lambda/config.ts';
import { connectionGatewaySettings } from '../../shared/lambda/connection-gateway-settings.ts';
import { clock } from '../../shared/lambda/system.ts';
import { openConnectionGateway } from '../../shared/realtime/connection-gateway.ts';
import { enqueueSlicesTo } from './enqueue-slices.ts';
import { admissionStore } from '../../shared/storage/admission-store.ts';
import { subscriptionStore } from '../../shared/storage/subscription-store.ts';
import { budgetStore } from '../../shared/storage/budget-store.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { erasureStore } from '../../shared/storage/erasure-store.ts';
import { limitStore } from '../../shared/storage/limit-store.ts';
import { logStore } from '../../shared/storage/log-store.ts';
import { memberStore } from '../../shared/storage/member-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { roomStore } from '../../shared/storage/room-store.ts';

export function dependencies() {
  const config = readConfig('tableStream');
  const db = openTable(config.tableName);
  return {
    rooms: roomStore(db),
    members: memberStore(db),
    log: logStore(db),
    erasures: erasureStore(db, clock),
    connections: connectionStore(db),
    subscriptions: subscriptionStore(db),
    admissions: admissionStore(db),
    limits: limitStore(db),
    budget: userBudget({ budgets: budgetStore(db), clock }, budgetSettings(config)),
    connectionGateway: openConnectionGateway(config.connectionsUrl, connectionGatewaySettings()),
    clock,
    enqueueSlices: enqueueSlicesTo(config.fanOutFunctionName),
    settings: {
      heartbeatSeconds: config.heartbeatSeconds,
      arrivalsPerWindow: config.arrivalsPerUserAndRoomPer10Seconds,
      connectionsPerUser: config.connectionsPerUser,
      reconnectAfterMs: config.reconnectAfterMinutes * 60_000,
    },
  };
}

export type Dependencies = ReturnType<typeof dependencies>;
