/** What the connect function is made of: the one place where adapters meet its ports. */
import { accessVerifier } from '../../shared/lambda/access-verifier.ts';
import { readConfig, verifierVariables } from '../../shared/lambda/config.ts';
import { clock, fingerprint, random } from '../../shared/lambda/world.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { memberStore } from '../../shared/storage/member-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { revocationStore } from '../../shared/storage/revocation-store.ts';
import { roomStore } from '../../shared/storage/room-store.ts';
import { ticketStore } from '../../shared/storage/ticket-store.ts';

export function dependencies() {
  const config = readConfig([
    'TABLE_NAME',
    ...verifierVariables,
    'CREATE_ROOMS_ON_CONNECT',
    'ALLOW_QUERY_TOKEN',
    'ALLOWED_ORIGINS',
  ]);
  const ask = openTable(config.TABLE_NAME);
  return {
    connections: connectionStore(ask),
    members: memberStore(ask),
    rooms: roomStore(ask),
    tickets: ticketStore(ask),
    revocations: revocationStore(ask),
    tokens: accessVerifier(config),
    clock,
    random,
    fingerprint,
    settings: {
      mayMakeRooms: config.CREATE_ROOMS_ON_CONNECT,
      allowQueryToken: config.ALLOW_QUERY_TOKEN,
      allowedOrigins: config.ALLOWED_ORIGINS,
    },
  };
}

export type Dependencies = ReturnType<typeof dependencies>;
