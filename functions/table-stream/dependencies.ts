/** What the react function is made of: the one place where adapters meet its ports. */
import { userBudget } from '../../shared/domain/rate-limits/user-budget.ts';
import { budgetSettings, budgetVariables } from '../../shared/lambda/budget-settings.ts';
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
  const config = readConfig([
    'TABLE_NAME',
    'HEARTBEAT_SECONDS',
    'ARRIVALS_PER_10_SECONDS',
    'RECONNECT_AFTER_MINUTES',
    'AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI',
    'CONNECTIONS_PER_USER',
    'FAN_OUT_FUNCTION_NAME',
    ...budgetVariables,
  ]);
  const db = openTable(config.TABLE_NAME);
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
    connectionGateway: openConnectionGateway(
      config.AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI,
      connectionGatewaySettings(),
    ),
    clock,
    enqueueSlices: enqueueSlicesTo(config.FAN_OUT_FUNCTION_NAME),
    settings: {
      heartbeatSeconds: config.HEARTBEAT_SECONDS,
      arrivalsPerWindow: config.ARRIVALS_PER_10_SECONDS,
      connectionsPerUser: config.CONNECTIONS_PER_USER,
      reconnectAfterMs: config.RECONNECT_AFTER_MINUTES * 60_000,
    },
  };
}

export type Dependencies = ReturnType<typeof dependencies>;
