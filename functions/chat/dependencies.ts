/** What the chat function is made of: the one place where adapters meet its ports. */
import { accessVerifier } from '../../shared/lambda/access-verifier.ts';
import { readConfig, verifierVariables } from '../../shared/lambda/config.ts';
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
  const config = readConfig(['TABLE_NAME', ...verifierVariables, 'CREATE_ROOMS_ON_CONNECT']);
  const ask = openTable(config.TABLE_NAME);
  return {
    users: userStore(ask),
    rooms: roomStore(ask),
    members: memberStore(ask),
    log: logStore(ask),
    audiences: audienceStore(ask),
    connections: connectionStore(ask),
    tickets: ticketStore(ask),
    tokens: accessVerifier(config),
    clock,
    random,
    fingerprint,
    settings: { mayMakeRooms: config.CREATE_ROOMS_ON_CONNECT },
  };
}

export type Dependencies = ReturnType<typeof dependencies>;
