/** What the chat function is made of: the one place where adapters meet its ports. */
import { userBudget } from '../../shared/domain/rate-limits/user-budget.ts';
import { userRates } from '../../shared/domain/rate-limits/user-rates.ts';
import { accessVerifier } from '../../shared/lambda/access-verifier.ts';
import { budgetSettings, budgetVariables } from '../../shared/lambda/budget-settings.ts';
import { readConfig, verifierVariables } from '../../shared/lambda/config.ts';
import { contentHashes } from '../../shared/lambda/content-hashes.ts';
import { cursorSeal } from '../../shared/lambda/cursor-seal.ts';
import { fetchSecret, secretReader } from '../../shared/lambda/secrets.ts';
import { clock, fingerprint, random } from '../../shared/lambda/system.ts';
import { subscriptionStore } from '../../shared/storage/subscription-store.ts';
import { budgetStore } from '../../shared/storage/budget-store.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { limitStore } from '../../shared/storage/limit-store.ts';
import { logStore } from '../../shared/storage/log-store.ts';
import { memberStore } from '../../shared/storage/member-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { revocationStore } from '../../shared/storage/revocation-store.ts';
import { roomStore } from '../../shared/storage/room-store.ts';
import { ticketStore } from '../../shared/storage/ticket-store.ts';
import { unreadStore } from '../../shared/storage/unread-store.ts';
import { userStore } from '../../shared/storage/user-store.ts';

export function dependencies() {
  const config = readConfig([
    'TABLE_NAME',
    ...verifierVariables,
    'CONTENT_HASH_KEY_SECRET_ID',
    ...budgetVariables,
    'CREATE_ROOMS_ON_CONNECT',
    'CONNECTIONS_PER_USER',
    'ROOMS_PER_USER_PER_HOUR',
    'ADDITIONS_PER_USER_PER_HOUR',
    'TICKETS_PER_USER_PER_MINUTE',
  ]);
  const signingKeys = secretReader(config.SIGNING_KEY_SECRET_ID);
  const db = openTable(config.TABLE_NAME);
  return {
    users: userStore(db),
    rooms: roomStore(db),
    members: memberStore(db),
    log: logStore(db),
    unread: unreadStore(db),
    subscriptions: subscriptionStore(db),
    connections: connectionStore(db),
    tickets: ticketStore(db),
    revocations: revocationStore(db),
    tokens: accessVerifier(config, signingKeys),
    cursors: cursorSeal(signingKeys),
    clock,
    random,
    fingerprint,
    contentHashes: contentHashes(() => fetchSecret(config.CONTENT_HASH_KEY_SECRET_ID)),
    budget: userBudget({ budgets: budgetStore(db), clock }, budgetSettings(config)),
    rates: userRates(
      { limits: limitStore(db), clock },
      {
        rooms: config.ROOMS_PER_USER_PER_HOUR,
        additions: config.ADDITIONS_PER_USER_PER_HOUR,
        tickets: config.TICKETS_PER_USER_PER_MINUTE,
      },
    ),
    settings: {
      mayMakeRooms: config.CREATE_ROOMS_ON_CONNECT,
      connectionsPerUser: config.CONNECTIONS_PER_USER,
    },
  };
}

export type Dependencies = ReturnType<typeof dependencies>;
