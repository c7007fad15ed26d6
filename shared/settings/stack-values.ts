/**
 * The values that the stack passes to functions and that no operator chooses: names and addresses of what it deploys.
 * One row each, with the environment variable and the functions that read it.
 */
import type { FunctionName } from './setting.ts';

interface StackValue {
  variable: string;
  readBy: readonly FunctionName[];
}

export const stackValues = {
  tableName: {
    variable: 'TABLE_NAME',
    readBy: [
      'accounts',
      'chat',
      'connect',
      'message',
      'disconnect',
      'tableStream',
      'fanOut',
      'welcome',
      'inbox',
      'cleanup',
      'uploads',
      'canary',
      'docs',
    ],
  },
  signingKeySecretId: {
    variable: 'SIGNING_KEY_SECRET_ID',
    readBy: ['accounts', 'chat', 'connect', 'message'],
  },
  passwordPepperSecretId: { variable: 'PASSWORD_PEPPER_SECRET_ID', readBy: ['accounts'] },
  edgeKeySecretId: { variable: 'EDGE_KEY_SECRET_ID', readBy: ['accounts', 'chat', 'docs', 'connect'] },
  contentHashKeySecretId: { variable: 'CONTENT_HASH_KEY_SECRET_ID', readBy: ['chat', 'message'] },
  tokenIssuer: { variable: 'TOKEN_ISSUER', readBy: ['accounts', 'chat', 'connect', 'message'] },
  tokenAudience: { variable: 'TOKEN_AUDIENCE', readBy: ['accounts', 'chat', 'connect', 'message'] },
  /** The https address to which posts to connections are sent, in the variable in which the AWS SDK looks for it. */
  connectionsUrl: {
    variable: 'AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI',
    readBy: ['message', 'tableStream', 'fanOut', 'welcome', 'inbox'],
  },
  inboxFunctionName: { variable: 'INBOX_FUNCTION_NAME', readBy: ['tableStream'] },
  welcomeFunctionName: { variable: 'WELCOME_FUNCTION_NAME', readBy: ['tableStream'] },
  cleanupFunctionName: { variable: 'CLEANUP_FUNCTION_NAME', readBy: ['tableStream'] },
  canaryKeySecretId: { variable: 'CANARY_KEY_SECRET_ID', readBy: ['canary'] },
  /** The public addresses of the stage, over which the canary comes as its users do. */
  chatUrl: { variable: 'CHAT_URL', readBy: ['canary'] },
  chatWebSocketUrl: { variable: 'CHAT_WEBSOCKET_URL', readBy: ['canary'] },
  /** The bucket of files. */
  filesBucketName: { variable: 'FILES_BUCKET', readBy: ['accounts', 'chat', 'uploads', 'cleanup'] },
  /** Signs the addresses of files. */
  filesKeySecretId: {
    variable: 'FILES_KEY_SECRET_ID',
    readBy: ['accounts', 'chat', 'message', 'tableStream', 'uploads', 'welcome'],
  },
  /** The https address before `/files/…`: of the edge or, without one, of the HTTP API. */
  filesUrl: { variable: 'FILES_URL', readBy: ['accounts', 'chat', 'message', 'tableStream', 'welcome'] },
  uploadsFunctionName: { variable: 'UPLOADS_FUNCTION_NAME', readBy: ['chat', 'message'] },
  fanOutFunctionName: { variable: 'FAN_OUT_FUNCTION_NAME', readBy: ['tableStream'] },
} as const satisfies Record<string, StackValue>;

export type StackValueName = keyof typeof stackValues;

/** The names of the stack values that a function may read. */
export type StackValuesReadBy<F extends FunctionName> = {
  [Name in StackValueName]: F extends (typeof stackValues)[Name]['readBy'][number] ? Name : never;
}[StackValueName];

/** All rows by name. */
export const stackValueRows: readonly (readonly [StackValueName, StackValue])[] = Object.entries(
  stackValues,
) as [StackValueName, StackValue][];
