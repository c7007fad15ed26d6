/** What the chat function is made of: the one place where adapters meet its ports. */
import { readConfig } from '../../shared/lambda/config.ts';
import { secretReader } from '../../shared/lambda/secrets.ts';
import { tokens } from '../../shared/lambda/tokens.ts';
import { clock, fingerprint, random } from '../../shared/lambda/world.ts';
import { audienceStore } from '../../shared/storage/audience-store.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { logStore } from '../../shared/storage/log-store.ts';
import { memberStore } from '../../shared/storage/member-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { roomStore } from '../../shared/storage/room-store.ts';
import { ticketStore } from '../../shared/storage/ticket-store.ts';
import { userStore } from '../../shared/storage/user-store.ts';

export function dependencies() {
  const config = readConfig([
    'TABLE_NAME',
    'SIGNING_KEY_SECRET_ID',
    'TOKEN_ISSUER',
    'TOKEN_AUDIENCE',
    'CREATE_ROOMS_ON_CONNECT',
  ]);
  const ask = openTable(config.TABLE_NAME);
  return {
    users: userStore(ask),
    rooms: roomStore(ask),
    members: memberStore(ask),
    log: logStore(ask),
    audiences: audienceStore(ask),
    connections: connectionStore(ask),
    tickets: ticketStore(ask),
    tokens: tokens(
      secretReader(config.SIGNING_KEY_SECRET_ID),
      // It only verifies: what it cannot issue has no lifetime.
      { issuer: config.TOKEN_ISSUER, audience: config.TOKEN_AUDIENCE, accessLifetimeMs: 0 },
      random.uuid,
    ),
    clock,
    random,
    fingerprint,
    settings: { mayMakeRooms: config.CREATE_ROOMS_ON_CONNECT },
  };
}

export type Dependencies = ReturnType<typeof dependencies>;
