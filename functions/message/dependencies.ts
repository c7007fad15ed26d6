/** Wires the message function: the one place where its ports get their adapters. */
import { onceResolved } from '../../shared/aws/once-resolved.ts';
import { floodGuard } from '../../shared/domain/rate-limits/flood-guard.ts';
import { userBudget } from '../../shared/domain/rate-limits/user-budget.ts';
import { userRates } from '../../shared/domain/rate-limits/user-rates.ts';
import type { VerifierConfig } from '../../shared/lambda/access-verifier.ts';
import { budgetSettings } from '../../shared/lambda/budget-settings.ts';
import { checkUploadBy } from '../../shared/lambda/check-upload.ts';
import { readConfig } from '../../shared/lambda/config.ts';
import { contentHashes } from '../../shared/lambda/content-hashes.ts';
import { connectionGatewaySettings } from '../../shared/lambda/connection-gateway-settings.ts';
import { failureLog } from '../../shared/lambda/logger.ts';
import { metrics } from '../../shared/lambda/metrics.ts';
import { openFileAddresses } from '../../shared/lambda/open-file-addresses.ts';
import { clock, random } from '../../shared/lambda/system.ts';
import { openConnectionGateway } from '../../shared/realtime/connection-gateway.ts';
import { admissionStore } from '../../shared/storage/entities/connection.ts';
import { subscriptionStore } from '../../shared/storage/entities/subscription.ts';
import { budgetStore } from '../../shared/storage/entities/budget.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { logStore } from '../../shared/storage/log-store.ts';
import { inboxStore } from '../../shared/storage/inbox-store.ts';
import { limitStore } from '../../shared/storage/entities/limit.ts';
import { memberStore } from '../../shared/storage/member-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { uploadStore } from '../../shared/storage/entities/upload.ts';
import { revocationStore } from '../../shared/storage/entities/revocation.ts';
import { roomStore } from '../../shared/storage/room-store.ts';
import { unreadStore } from '../../shared/storage/unread-store.ts';
import type { Tokens } from '../../shared/domain/ports/accounts.ts';

export function dependencies() {
  const config = readConfig('message');
  const db = openTable(config.tableName);
  return {
    rooms: roomStore(db),
    inbox: inboxStore(db),
    members: memberStore(db),
    log: logStore(db),
    unread: unreadStore(db),
    connections: connectionStore(db),
    subscriptions: subscriptionStore(db),
    admissions: admissionStore(db),
    revocations: revocationStore(db),
    connectionGateway: openConnectionGateway(config.connectionsUrl, connectionGatewaySettings()),
    floods: floodGuard(config.commandBudgetPerConnectionPer10Seconds),
    budget: userBudget({ budgets: budgetStore(db), clock }, budgetSettings(config)),
    limits: limitStore(db),
    rates: userRates({ limits: limitStore(db), clock }, { rooms: config.roomsPerUserPerHour }),
    uploads: uploadStore(db),
    files: openFileAddresses(config),
    checkUpload: checkUploadBy(config.uploadsFunctionName),
    clock,
    logger: failureLog,
    metrics,
    random,
    /** Loaded by the first send with a `client_id`: others need no hash. */
    contentHashes: contentHashes(() => loadSecret(config.contentHashKeySecretId)),
    /** Loaded by the first `auth` command: no other command needs it. */
    tokens: onceResolved(() => loadVerifier(config)),
    settings: {
      mayCreateRooms: config.createRoomsOnConnect,
      heartbeatSeconds: config.heartbeatSeconds,
      arrivalsPerWindow: config.arrivalsPerUserAndRoomPer10Seconds,
      reconnectAfterMs: config.reconnectAfterMinutes * 60_000,
    },
  };
}

async function loadVerifier(config: VerifierConfig): Promise<Pick<Tokens, 'verifyAccess'>> {
  const { accessVerifier } = await import('../../shared/lambda/access-verifier.ts');
  return accessVerifier(config);
}

async function loadSecret(secretId: string): Promise<string> {
  const { fetchSecret } = await import('../../shared/lambda/secrets.ts');
  return fetchSecret(secretId);
}

export type Dependencies = ReturnType<typeof dependencies>;
