/**
 * What the synthesized template says, in the shapes that the local runtime works with.
 * `local/template/` fills these from CloudFormation; the gateway, the engine, the function host and the
 * stream poller read nothing else.
 */

import type { Statement } from './permissions/policy.mjs';

export interface LocalStack {
  stackName: string;
  /** The deployment stage that the template was synthesized for, e.g. `local`. */
  stage: string;
  region: string;
  accountId: string;
  functions: LambdaFunction[];
  table: TableDefinition;
  streamMappings: StreamMapping[];
  httpApi: HttpApiDefinition;
  webSocketApi: WebSocketApiDefinition;
  /** The edge distribution in front of both APIs, when the template has one. */
  edge: EdgeBehaviour[];
  secrets: SecretDefinition[];
  queues: QueueDefinition[];
}

export interface LambdaFunction {
  logicalId: string;
  /** What the rest of the template resolves `Ref` to: the name used to invoke it. */
  functionName: string;
  /** Folder that holds the bundle. */
  codeDirectory: string;
  /** As in the template: `index.handler`. */
  handler: string;
  timeoutSeconds: number;
  memoryMb: number;
  environment: Record<string, string>;
  role: RoleDefinition;
  /** The failure destination of asynchronous invocations, if any, with its retry settings. */
  asyncInvocation: { maximumRetryAttempts: number; maximumEventAgeSeconds: number; failureQueueId?: string };
}

/** What a function may do: whatever its role allows, and nothing else. */
export interface RoleDefinition {
  name: string;
  statements: Statement[];
}

export interface TableDefinition {
  logicalId: string;
  tableName: string;
  /** `KeySchema`, `AttributeDefinitions` and so on, as the CreateTable call takes them. */
  createTable: TableSchema;
  ttlAttribute?: string;
}

/** As the CreateTable call takes it. */
export interface TableSchema {
  TableName: string;
  KeySchema: unknown;
  AttributeDefinitions: { AttributeName: string; AttributeType?: string }[];
  BillingMode?: string;
  GlobalSecondaryIndexes?: SecondaryIndex[];
  LocalSecondaryIndexes?: SecondaryIndex[];
  StreamSpecification?: { StreamEnabled?: boolean; StreamViewType?: string };
}

export interface SecondaryIndex {
  IndexName: string;
  KeySchema: unknown;
  Projection: { ProjectionType: string; NonKeyAttributes?: string[] };
}

export interface StreamMapping {
  functionId: string;
  batchSize: number;
  batchingWindowSeconds: number;
  startingPosition: 'TRIM_HORIZON' | 'LATEST';
  parallelizationFactor: number;
  /** -1 means until the record expires. */
  maximumRetryAttempts: number;
  maximumRecordAgeSeconds: number;
  bisectBatchOnFunctionError: boolean;
  reportBatchItemFailures: boolean;
  /** Filter patterns, parsed from JSON; a record passes when one of them matches, or when there is none. */
  filters: unknown[];
  failureQueueId?: string;
}

export interface Route {
  /** `ANY /users/{proxy+}`, `$default`, `$connect` … */
  routeKey: string;
  functionId: string;
  /** WebSocket only: whether what the function returns is sent to the client. */
  hasRouteResponse?: boolean;
}

export interface HttpApiDefinition {
  apiId: string;
  stage: string;
  routes: Route[];
  cors?: {
    allowOrigins: string[];
    allowMethods: string[];
    allowHeaders: string[];
    exposeHeaders: string[];
    allowCredentials: boolean;
    maxAgeSeconds?: number;
  };
}

export interface WebSocketApiDefinition {
  apiId: string;
  stage: string;
  routeSelectionExpression: string;
  routes: Route[];
}

/** One behaviour of the distribution, in the order in which they are tried; the default one is last, `*`. */
export interface EdgeBehaviour {
  pathPattern: string;
  origin: 'http' | 'websocket';
  /** Prepended to the path: the stage, for the WebSocket API. Empty for none. */
  originPath: string;
  /** Headers that the distribution adds, in place of the viewer's own; a value may refer to a secret. */
  originHeaders?: Record<string, string>;
  /** Source text of the CloudFront function that runs on each viewer request. */
  viewerRequest?: string;
}

export interface SecretDefinition {
  logicalId: string;
  /** What `Ref` resolves to, and what functions ask for. */
  arn: string;
  /** `GenerateSecretString` of the template, when it has one. */
  generate?: {
    length: number;
    template?: string;
    key?: string;
    excludePunctuation?: boolean;
    /** Single characters that the generated value must not hold. */
    excludeCharacters?: string;
  };
  value?: string;
}

/** A queue, which holds what could not be processed until somebody reads it. */
export interface QueueDefinition {
  logicalId: string;
  queueName: string;
}
