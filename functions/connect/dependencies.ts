/** What the connect function is made of: the one place where adapters meet its ports. */
import { userBudget } from '../../shared/domain/rate-limits/user-budget.ts';
import { userRates } from '../../shared/domain/rate-limits/user-rates.ts';
import { accessVerifier } from '../../shared/lambda/access-verifier.ts';
import { budgetSettings, budgetVariables } from '../../shared/lambda/budget-settings.ts';
import { readConfig, verifierVariables } from '../../shared/lambda/config.ts';
import { clock, fingerprint, random } from '../../shared/lambda/system.ts';
import { admissionStore } from '../../shared/storage/admission-store.ts';
import { subscriptionStore } from '../../shared/storage/subscription-store.ts';
import { budgetStore } from '../../shared/storage/budget-store.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { limitStore } from '../../shared/storage/limit-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { roomStore } from '../../shared/storage/room-store.ts';
import { ticketStore } from '../../shared/storage/ticket-store.ts';

export function dependencies() {
  const config = readConfig([
    'TABLE_NAME',
    ...verifierVariables,
    ...budgetVariables,
    'CREATE_ROOMS_ON_CONNECT',
    'ALLOW_QUERY_TOKEN',
    'ALLOWED_ORIGINS',
    'CONNECTIONS_PER_USER',
    'ROOMS_PER_USER_PER_HOUR',
  ]);
  const db = openTable(config.TABLE_NAME);
  return {
    subscriptions: subscriptionStore(db),
    connections: connectionStore(db),
    rooms: roomStore(db),
    tickets: ticketStore(db),
    admissions: admissionStore(db),
    tokens: accessVerifier(config),
    budget: userBudget({ budgets: budgetStore(db), clock }, budgetSettings(config)),
    rates: userRates({ limits: limitStore(db), clock }, { rooms: config.ROOMS_PER_USER_PER_HOUR }),
    clock,
    random,
    fingerprint,
    settings: {
      mayMakeRooms: config.CREATE_ROOMS_ON_CONNECT,
      allowQueryToken: config.ALLOW_QUERY_TOKEN,
      allowedOrigins: config.ALLOWED_ORIGINS,
      connectionsPerUser: config.CONNECTIONS_PER_USER,
    },
  };
}

export type Dependencies = ReturnType<typeof dependencies>;
