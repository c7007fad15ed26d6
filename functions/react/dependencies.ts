/** What the react function is made of: the one place where adapters meet its ports. */
import { userBudget } from '../../shared/domain/rate-limits/user-budget.ts';
import { budgetSettings, budgetVariables } from '../../shared/lambda/budget-settings.ts';
import { readConfig } from '../../shared/lambda/config.ts';
import { posterSettings } from '../../shared/lambda/posting.ts';
import { clock } from '../../shared/lambda/world.ts';
import { openPoster } from '../../shared/realtime/connections-client.ts';
import { handOnTo } from './hand-on.ts';
import { admissionStore } from '../../shared/storage/admission-store.ts';
import { audienceStore } from '../../shared/storage/audience-store.ts';
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
    'DELIVER_FUNCTION_NAME',
    ...budgetVariables,
  ]);
  const ask = openTable(config.TABLE_NAME);
  return {
    rooms: roomStore(ask),
    members: memberStore(ask),
    log: logStore(ask),
    erasures: erasureStore(ask, clock),
    connections: connectionStore(ask),
    audiences: audienceStore(ask),
    admissions: admissionStore(ask),
    limits: limitStore(ask),
    budget: userBudget({ budgets: budgetStore(ask), clock }, budgetSettings(config)),
    poster: openPoster(config.AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI, posterSettings()),
    clock,
    handOn: handOnTo(config.DELIVER_FUNCTION_NAME),
    settings: {
      heartbeatSeconds: config.HEARTBEAT_SECONDS,
      arrivalsPerWindow: config.ARRIVALS_PER_10_SECONDS,
      connectionsPerUser: config.CONNECTIONS_PER_USER,
      reconnectAfterMs: config.RECONNECT_AFTER_MINUTES * 60_000,
    },
  };
}

export type Dependencies = ReturnType<typeof dependencies>;
