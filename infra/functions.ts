/**
 * The Lambda functions, one row each: the folder of that name under `functions/`, in kebab case, exports `handler`.
 * What a function may touch is in grants.ts; how it is deployed is in lambda-function.ts.
 */
import { httpFunctions } from '../shared/contract/http/operation.ts';
import type { EnvironmentName } from './environment.ts';

interface FunctionRow {
  memoryMb: number;
  timeoutSeconds: number;
  /** HTTP API route keys. None ends in a slash, which API Gateway refuses. */
  httpRoutes?: readonly string[];
  webSocketRoutes?: readonly ('$connect' | '$disconnect' | '$default')[];
  readsStream?: boolean;
  /** Functions that it invokes, by the variable that names them to it. */
  invokes?: Readonly<Record<string, string>>;
  /** What fails for good goes to the failure queue. */
  isInvokedAsynchronously?: boolean;
  /** Variables beyond those that every function has. */
  environment: readonly EnvironmentName[];
}

const chargesUsers = ['MICRO_DOLLARS_PER_USER_PER_MINUTE', 'MESSAGES_PER_10_SECONDS'] as const;

const verifiesTokens = ['SIGNING_KEY_SECRET_ID', 'TOKEN_ISSUER', 'TOKEN_AUDIENCE'] as const;

const rows = {
  accounts: {
    // 1,769 MB is one whole vCPU: hashing a password is all that this function waits for.
    memoryMb: 1769,
    timeoutSeconds: 15,
    httpRoutes: httpFunctions.accounts,
    environment: [
      'TABLE_NAME',
      ...verifiesTokens,
      'PASSWORD_PEPPER_SECRET_ID',
      'EDGE_KEY_SECRET_ID',
      'ACCESS_TOKEN_LIFETIME_MINUTES',
      'REFRESH_TOKEN_LIFETIME_DAYS',
      'ROTATE_REFRESH_TOKENS',
      'BLACKLIST_AFTER_ROTATION',
      'BCRYPT_COST',
      'LOGIN_FAILURES_PER_ACCOUNT',
      'LOGIN_FAILURES_PER_ADDRESS',
      'LOGINS_PER_ACCOUNT_PER_HOUR',
      'REGISTRATIONS_PER_ADDRESS_PER_HOUR',
      ...chargesUsers,
      'LOOKUPS_PER_USER_PER_MINUTE',
    ],
  },
  chat: {
    memoryMb: 512,
    timeoutSeconds: 15,
    httpRoutes: httpFunctions.chat,
    environment: [
      'TABLE_NAME',
      ...verifiesTokens,
      'CONTENT_HASH_KEY_SECRET_ID',
      ...chargesUsers,
      'CREATE_ROOMS_ON_CONNECT',
      'CONNECTIONS_PER_USER',
      'ROOMS_PER_USER_PER_HOUR',
      'ADDITIONS_PER_USER_PER_HOUR',
      'TICKETS_PER_USER_PER_MINUTE',
    ],
  },
  docs: {
    memoryMb: 256,
    timeoutSeconds: 5,
    httpRoutes: httpFunctions.docs,
    environment: [],
  },
  connect: {
    memoryMb: 512,
    timeoutSeconds: 10,
    webSocketRoutes: ['$connect'],
    environment: [
      'TABLE_NAME',
      ...verifiesTokens,
      ...chargesUsers,
      'CREATE_ROOMS_ON_CONNECT',
      'ALLOW_QUERY_TOKEN',
      'ALLOWED_ORIGINS',
      'CONNECTIONS_PER_USER',
      'ROOMS_PER_USER_PER_HOUR',
    ],
  },
  message: {
    memoryMb: 512,
    timeoutSeconds: 10,
    webSocketRoutes: ['$default'],
    environment: [
      'TABLE_NAME',
      ...verifiesTokens,
      'CONTENT_HASH_KEY_SECRET_ID',
      'CREATE_ROOMS_ON_CONNECT',
      'HEARTBEAT_SECONDS',
      'ARRIVALS_PER_10_SECONDS',
      ...chargesUsers,
      'COMMAND_BUDGET_PER_10_SECONDS',
      'ROOMS_PER_USER_PER_HOUR',
      'RECONNECT_AFTER_MINUTES',
      'AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI',
    ],
  },
  disconnect: {
    memoryMb: 256,
    timeoutSeconds: 10,
    webSocketRoutes: ['$disconnect'],
    environment: ['TABLE_NAME'],
  },
  tableStream: {
    memoryMb: 512,
    timeoutSeconds: 60,
    readsStream: true,
    invokes: { FAN_OUT_FUNCTION_NAME: 'fanOut' },
    environment: [
      'TABLE_NAME',
      'HEARTBEAT_SECONDS',
      'ARRIVALS_PER_10_SECONDS',
      'RECONNECT_AFTER_MINUTES',
      'CONNECTIONS_PER_USER',
      ...chargesUsers,
      'AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI',
    ],
  },
  fanOut: {
    memoryMb: 512,
    timeoutSeconds: 60,
    isInvokedAsynchronously: true,
    environment: ['TABLE_NAME', 'RECONNECT_AFTER_MINUTES', 'AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI'],
  },
} as const satisfies Record<string, FunctionRow>;

export type FunctionName = keyof typeof rows;

export const functions: Record<FunctionName, FunctionRow> = rows;

export const functionNames = Object.keys(rows).filter((name): name is FunctionName =>
  Object.hasOwn(rows, name),
);

/** The folder of a function under `functions/`: `tableStream` is in `table-stream`. */
export function folderOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
