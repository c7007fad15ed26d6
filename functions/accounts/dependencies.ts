/** Wires the accounts function: reads its settings and creates the adapters for the ports of the domain. */
import { userBudget } from '../../shared/domain/rate-limits/user-budget.ts';
import { userRates } from '../../shared/domain/rate-limits/user-rates.ts';
import { budgetSettings } from '../../shared/lambda/budget-settings.ts';
import { readConfig } from '../../shared/lambda/config.ts';
import { edgeKeys } from '../../shared/lambda/edge-key.ts';
import { cursorSeal } from '../../shared/lambda/cursor-seal.ts';
import { pictureAddresses } from '../../shared/lambda/file-addresses.ts';
import { openFileAddresses } from '../../shared/lambda/open-file-addresses.ts';
import { secretReader } from '../../shared/lambda/secrets.ts';
import { tokens } from '../../shared/lambda/tokens.ts';
import { uploadForms } from '../../shared/lambda/upload-forms.ts';
import { viewerAddress } from '../../shared/lambda/viewer-address.ts';
import { clock, fingerprint, random } from '../../shared/lambda/system.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { limitStore } from '../../shared/storage/entities/limit.ts';
import { subscriptionStore } from '../../shared/storage/entities/subscription.ts';
import { budgetStore } from '../../shared/storage/entities/budget.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { erasureStore } from '../../shared/storage/erasure-store.ts';
import { logStore } from '../../shared/storage/log-store.ts';
import { memberStore } from '../../shared/storage/member-store.ts';
import { pictureStore } from '../../shared/storage/entities/picture.ts';
import { uploadStore } from '../../shared/storage/entities/upload.ts';
import { revocationStore } from '../../shared/storage/entities/revocation.ts';
import { roomStore } from '../../shared/storage/room-store.ts';
import { sessionStore } from '../../shared/storage/entities/session.ts';
import { loginPauseStore } from '../../shared/storage/entities/login-pause.ts';
import { userStore } from '../../shared/storage/user-store.ts';
import { passwordHasher } from './passwords.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Creates the ports of the function, once per cold start. */
export function dependencies() {
  const config = readConfig('accounts');
  const db = openTable(config.tableName);
  const edge = edgeKeys(secretReader(config.edgeKeySecretId));
  const signingKeys = secretReader(config.signingKeySecretId);
  const accessTokenLifetimeMs = config.accessTokenLifetimeMinutes * minuteMs;
  return {
    users: userStore(db, pictureAddresses(config.filesUrl)),
    pictures: pictureStore(db),
    uploads: uploadStore(db),
    uploadForms: uploadForms(config.filesBucketName),
    sessions: sessionStore(db, { accessTokenLifetimeMs }),
    revocations: revocationStore(db),
    connections: connectionStore(db),
    subscriptions: subscriptionStore(db),
    rooms: roomStore(db),
    members: memberStore(db),
    log: logStore(db),
    erasures: erasureStore(db),
    cursors: cursorSeal(signingKeys),
    limits: limitStore(db),
    loginPauses: loginPauseStore(db),
    passwords: passwordHasher(secretReader(config.passwordPepperSecretId), config.bcryptCost),
    tokens: tokens(
      signingKeys,
      {
        issuer: config.tokenIssuer,
        audience: config.tokenAudience,
        accessLifetimeMs: accessTokenLifetimeMs,
      },
      random.uuid,
    ),
    addressOf: viewerAddress(edge),
    ...(config.requiresEdge && { requiredEdge: edge }),
    budget: userBudget({ budgets: budgetStore(db), clock }, budgetSettings(config)),
    rates: userRates({ limits: limitStore(db), clock }, { lookups: config.lookupsPerUserPerMinute }),
    files: openFileAddresses(config),
    clock,
    random,
    fingerprint,
    settings: {
      accessTokenLifetimeMs,
      refreshTokenLifetimeMs: config.refreshTokenLifetimeDays * dayMs,
      rotateRefreshTokens: config.rotateRefreshTokens,
      blacklistAfterRotation: config.blacklistAfterRotation,
      failuresPerAccount: config.loginFailuresPerAccount,
      failuresPerAddress: config.loginFailuresPerAddress,
      loginsPerHour: config.loginsPerAccountPerHour,
      registrationsPerHour: config.registrationsPerAddressPerHour,
      uploadQuota: { files: config.uploadFilesPerUserPerDay, bytes: config.uploadBytesPerUserPerDay },
    },
  };
}

export type Dependencies = ReturnType<typeof dependencies>;
