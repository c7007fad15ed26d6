/** The values of the functions' environment variables; which function is given which is in functions.ts. */
import type { StageSettings } from './stages.ts';

/** What the values refer to, as tokens of the template. */
export interface EnvironmentSources {
  stage: string;
  settings: StageSettings;
  tableName: string;
  signingKeyArn: string;
  passwordPepperArn: string;
  edgeKeyArn: string;
  contentHashKeyArn: string;
  /** https address that posts to the WebSocket API's connections go to. */
  connectionsUrl: string;
}

/** Every variable that a row of functions.ts may ask for. */
export function environmentValues(sources: EnvironmentSources) {
  const { stage, settings } = sources;
  return {
    TABLE_NAME: sources.tableName,
    SIGNING_KEY_SECRET_ID: sources.signingKeyArn,
    PASSWORD_PEPPER_SECRET_ID: sources.passwordPepperArn,
    EDGE_KEY_SECRET_ID: sources.edgeKeyArn,
    CONTENT_HASH_KEY_SECRET_ID: sources.contentHashKeyArn,
    TOKEN_ISSUER: `serverless-chat-${stage}`,
    TOKEN_AUDIENCE: `serverless-chat-${stage}`,
    ACCESS_TOKEN_LIFETIME_MINUTES: String(settings.accessTokenMinutes),
    REFRESH_TOKEN_LIFETIME_DAYS: String(settings.refreshTokenDays),
    ROTATE_REFRESH_TOKENS: String(settings.rotateRefreshTokens),
    BLACKLIST_AFTER_ROTATION: String(settings.blacklistAfterRotation),
    BCRYPT_COST: String(settings.bcryptCost),
    CREATE_ROOMS_ON_CONNECT: String(settings.createRoomsOnConnect),
    ALLOW_QUERY_TOKEN: String(settings.allowQueryToken),
    ALLOWED_ORIGINS: settings.allowedOrigins.join(','),
    ARRIVALS_PER_10_SECONDS: String(settings.arrivalsPerUserAndRoomPer10Seconds),
    HEARTBEAT_SECONDS: String(settings.heartbeatSeconds),
    RECONNECT_AFTER_MINUTES: String(settings.reconnectAfterMinutes),
    MESSAGES_PER_10_SECONDS: String(settings.messagesPerUserPer10Seconds),
    MICRO_DOLLARS_PER_USER_PER_MINUTE: String(settings.microDollarsPerUserPerMinute),
    COMMAND_BUDGET_PER_10_SECONDS: String(settings.commandBudgetPerConnectionPer10Seconds),
    CONNECTIONS_PER_USER: String(settings.connectionsPerUser),
    LOOKUPS_PER_USER_PER_MINUTE: String(settings.lookupsPerUserPerMinute),
    ROOMS_PER_USER_PER_HOUR: String(settings.roomsPerUserPerHour),
    ADDITIONS_PER_USER_PER_HOUR: String(settings.additionsPerUserPerHour),
    TICKETS_PER_USER_PER_MINUTE: String(settings.ticketsPerUserPerMinute),
    LOGIN_FAILURES_PER_ACCOUNT: String(settings.loginFailuresPerAccount),
    LOGIN_FAILURES_PER_ADDRESS: String(settings.loginFailuresPerAddress),
    LOGINS_PER_ACCOUNT_PER_HOUR: String(settings.loginsPerAccountPerHour),
    REGISTRATIONS_PER_ADDRESS_PER_HOUR: String(settings.registrationsPerAddressPerHour),
    // Under the name by which the SDK would find it.
    AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: sources.connectionsUrl,
  };
}

export type EnvironmentName = keyof ReturnType<typeof environmentValues>;

/** The variables that every function has. */
export function commonEnvironment(functionName: string, stage: string): Record<string, string> {
  return {
    STAGE: stage,
    POWERTOOLS_SERVICE_NAME: functionName,
    POWERTOOLS_LOG_LEVEL: 'INFO',
  };
}
