/** Wires the connect function: reads its settings and creates the adapters for the ports of the domain. */
import { userBudget } from '../../shared/domain/rate-limits/user-budget.ts';
import { userRates } from '../../shared/domain/rate-limits/user-rates.ts';
import { accessVerifier } from '../../shared/lambda/access-verifier.ts';
import { budgetSettings } from '../../shared/lambda/budget-settings.ts';
import { readConfig } from '../../shared/lambda/config.ts';
import { edgeKeys } from '../../shared/lambda/edge-key.ts';
import { secretReader } from '../../shared/lambda/secrets.ts';
import { clock, fingerprint, random } from '../../shared/lambda/system.ts';
import { admissionStore } from '../../shared/storage/entities/connection.ts';
import { subscriptionStore } from '../../shared/storage/entities/subscription.ts';
import { budgetStore } from '../../shared/storage/entities/budget.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { inboxStore } from '../../shared/storage/inbox-store.ts';
import { limitStore } from '../../shared/storage/entities/limit.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { roomStore } from '../../shared/storage/room-store.ts';
import { ticketStore } from '../../shared/storage/entities/ticket.ts';

/** Creates the ports of the function, once per cold start. */
export function dependencies() {
  const config = readConfig('connect');
  const db = openTable(config.tableName);
  return {
    subscriptions: subscriptionStore(db),
    connections: connectionStore(db),
    rooms: roomStore(db),
    inbox: inboxStore(db),
    tickets: ticketStore(db),
    admissions: admissionStore(db),
    tokens: accessVerifier(config),
    budget: userBudget({ budgets: budgetStore(db), clock }, budgetSettings(config)),
    rates: userRates({ limits: limitStore(db), clock }, { rooms: config.roomsPerUserPerHour }),
    ...(config.requiresEdge && { requiredEdge: edgeKeys(secretReader(config.edgeKeySecretId)) }),
    clock,
    random,
    fingerprint,
    settings: {
      mayCreateRooms: config.createRoomsOnConnect,
      allowQueryToken: config.allowQueryToken,
      allowedOrigins: config.allowedOrigins,
      connectionsPerUser: config.connectionsPerUser,
    },
  };
}

export type Dependencies = ReturnType<typeof dependencies>;
