/** Wires the chat function: reads its settings and creates the adapters for the ports of the domain. */
import { userBudget } from '../../shared/domain/rate-limits/user-budget.ts';
import { userRates } from '../../shared/domain/rate-limits/user-rates.ts';
import { accessVerifier } from '../../shared/lambda/access-verifier.ts';
import { budgetSettings } from '../../shared/lambda/budget-settings.ts';
import { checkUploadBy } from '../../shared/lambda/check-upload.ts';
import { readConfig } from '../../shared/lambda/config.ts';
import { contentHashes } from '../../shared/lambda/content-hashes.ts';
import { edgeKeys } from '../../shared/lambda/edge-key.ts';
import { cursorSeal } from '../../shared/lambda/cursor-seal.ts';
import { pictureAddresses } from '../../shared/lambda/file-addresses.ts';
import { fetchSecret, secretReader } from '../../shared/lambda/secrets.ts';
import { failureLog } from '../../shared/lambda/logger.ts';
import { metrics } from '../../shared/lambda/metrics.ts';
import { openFileAddresses } from '../../shared/lambda/open-file-addresses.ts';
import { clock, fingerprint, random } from '../../shared/lambda/system.ts';
import { uploadForms } from '../../shared/lambda/upload-forms.ts';
import { subscriptionStore } from '../../shared/storage/entities/subscription.ts';
import { budgetStore } from '../../shared/storage/entities/budget.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { inboxStore } from '../../shared/storage/inbox-store.ts';
import { limitStore } from '../../shared/storage/entities/limit.ts';
import { logStore } from '../../shared/storage/log-store.ts';
import { memberStore } from '../../shared/storage/member-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { uploadStore } from '../../shared/storage/entities/upload.ts';
import { revocationStore } from '../../shared/storage/entities/revocation.ts';
import { roomStore } from '../../shared/storage/room-store.ts';
import { ticketStore } from '../../shared/storage/entities/ticket.ts';
import { unreadStore } from '../../shared/storage/unread-store.ts';
import { userStore } from '../../shared/storage/user-store.ts';

/** Creates the ports of the function, once per cold start. */
export function dependencies() {
  const config = readConfig('chat');
  const signingKeys = secretReader(config.signingKeySecretId);
  const db = openTable(config.tableName);
  return {
    users: userStore(db, pictureAddresses(config.filesUrl)),
    rooms: roomStore(db),
    inbox: inboxStore(db),
    members: memberStore(db),
    log: logStore(db),
    unread: unreadStore(db),
    subscriptions: subscriptionStore(db),
    connections: connectionStore(db),
    tickets: ticketStore(db),
    revocations: revocationStore(db),
    tokens: accessVerifier(config, signingKeys),
    cursors: cursorSeal(signingKeys),
    ...(config.requiresEdge && { requiredEdge: edgeKeys(secretReader(config.edgeKeySecretId)) }),
    uploads: uploadStore(db),
    files: openFileAddresses(config),
    checkUpload: checkUploadBy(config.uploadsFunctionName),
    uploadForms: uploadForms(config.filesBucketName),
    clock,
    logger: failureLog,
    metrics,
    random,
    fingerprint,
    contentHashes: contentHashes(() => fetchSecret(config.contentHashKeySecretId)),
    budget: userBudget({ budgets: budgetStore(db), clock }, budgetSettings(config)),
    rates: userRates(
      { limits: limitStore(db), clock },
      {
        rooms: config.roomsPerUserPerHour,
        additions: config.additionsPerUserPerHour,
        tickets: config.ticketsPerUserPerMinute,
      },
    ),
    settings: {
      mayCreateRooms: config.createRoomsOnConnect,
      connectionsPerUser: config.connectionsPerUser,
      uploadQuota: { files: config.uploadFilesPerUserPerDay, bytes: config.uploadBytesPerUserPerDay },
    },
  };
}

export type Dependencies = ReturnType<typeof dependencies>;
