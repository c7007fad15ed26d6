/**
 * The content of the synthesized template as the local runtime uses it. `local/template/` reads it from
 * CloudFormation; the other parts use only these types.
 */

import type { BucketDefinition } from './bucket-definition.ts';
import type { EdgeBehavior } from './edge-behavior.ts';
import type { Statement } from './permissions/policy.mjs';

export interface LocalStack {
  stackName: string;
  /** The deployment stage of the template, such as `local`. */
  stage: string;
  region: string;
  accountId: string;
  functions: LambdaFunction[];
  table: TableDefinition;
  streamMappings: StreamMapping[];
  httpApi: HttpApiDefinition;
  webSocketApi: WebSocketApiDefinition;
  /** The edge distribution in front of both APIs, when the template has one. */
  edge: EdgeBehavior[];
  /** The distribution's own domain names. */
  domainNames: string[];
  secrets: SecretDefinition[];
  queues: QueueDefinition[];
  alarms: AlarmDefinition[];
  logMetrics: LogMetricDefinition[];
  buckets: BucketDefinition[];
  schedules: ScheduleDefinition[];
  objectRules: ObjectRuleDefinition[];
}

export interface LambdaFunction {
  logicalId: string;
  /** The value of `Ref` in the template: the name used to invoke the function. */
  functionName: string;
  /** The alias by which the template's routes, mapping and functions invoke it, if there is one. */
  alias?: string;
  /** The folder that contains the bundle. */
  codeDirectory: string;
  /** The handler as in the template, such as `index.handler`. */
  handler: string;
  timeoutSeconds: number;
  memoryMb: number;
  /** How many of its invocations may run at the same time; undefined for no limit of its own. */
  reservedConcurrency?: number;
  /** The name of its log group; empty when the template has none. */
  logGroup: string;
  environment: Record<string, string>;
  role: RoleDefinition;
  /** The retry settings of asynchronous invocations, and their failure destination if there is one. */
  asyncInvocation: {
    maximumRetryAttempts: number;
    maximumEventAgeSeconds: number;
    onFailure?: FailureDestination;
  };
}

/** The role of a function, which defines all of its permissions. */
export interface RoleDefinition {
  name: string;
  statements: Statement[];
}

export interface TableDefinition {
  logicalId: string;
  tableName: string;
  /** The input for CreateTable. */
  createTable: TableSchema;
  ttlAttribute?: string;
}

/** The input for CreateTable. */
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

/** The queue or bucket that receives the records of failed invocations. */
export interface FailureDestination {
  kind: 'queue' | 'bucket';
  logicalId: string;
}

export interface StreamMapping {
  /** The UUID of the mapping, which is part of the keys of its objects in a bucket. */
  mappingId: string;
  functionId: string;
  batchSize: number;
  batchingWindowSeconds: number;
  startingPosition: 'TRIM_HORIZON' | 'LATEST';
  parallelizationFactor: number;
  /** -1 means that a record is retried until it expires. */
  maximumRetryAttempts: number;
  maximumRecordAgeSeconds: number;
  bisectBatchOnFunctionError: boolean;
  reportBatchItemFailures: boolean;
  /** The filter patterns, parsed from JSON; a record passes when one of them matches or there are none. */
  filters: unknown[];
  onFailure?: FailureDestination;
}

export interface Route {
  /** For example `ANY /users/{proxy+}`, `$default` or `$connect`. */
  routeKey: string;
  functionId: string;
  /** Only for WebSocket routes: whether the function's result is sent to the client. */
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
  accessLog?: AccessLogDefinition;
}

export interface WebSocketApiDefinition {
  apiId: string;
  stage: string;
  routeSelectionExpression: string;
  routes: Route[];
  accessLog?: AccessLogDefinition;
}

/** The access log of an API's stage. */
export interface AccessLogDefinition {
  logGroup: string;
  /** The line with its variables, such as `$context.status`. */
  format: string;
}

export interface SecretDefinition {
  logicalId: string;
  stackName: string;
  /** The value of `Ref`, by which functions request the secret. */
  arn: string;
  /** `GenerateSecretString` of the template, if it has one. */
  generate?: {
    length: number;
    template?: string;
    key?: string;
    excludePunctuation?: boolean;
    /** The characters that the generated value must not contain. */
    excludeCharacters?: string;
  };
  value?: string;
}

/** A queue for events and stream records that a function failed to process. */
export interface QueueDefinition {
  logicalId: string;
  queueName: string;
}

/** An alarm on one metric. */
export interface AlarmDefinition {
  name: string;
  description: string;
  metric: { namespace: string; name: string; dimensions: Record<string, string> };
  /** Such as `Sum`, `Maximum` or `p99`. */
  statistic: string;
  periodSeconds: number;
  evaluationPeriods: number;
  /** How many of the periods must breach the threshold. */
  datapointsToAlarm: number;
  threshold: number;
  comparison:
    | 'GreaterThanOrEqualToThreshold'
    | 'GreaterThanThreshold'
    | 'LessThanThreshold'
    | 'LessThanOrEqualToThreshold';
  missingData: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
}

/** A metric of the lines of a log group that match a pattern. */
export interface LogMetricDefinition {
  logGroup: string;
  pattern: string;
  namespace: string;
  name: string;
  value: number;
}

/** A rule that invokes a function at an interval. */
export interface ScheduleDefinition {
  ruleArn: string;
  functionId: string;
  intervalSeconds: number;
  /** The event as JSON text; without it, the one that EventBridge makes. */
  input?: string;
}

/** A rule that invokes a function for each new object that its pattern matches. */
export interface ObjectRuleDefinition {
  ruleArn: string;
  functionId: string;
  /** The pattern for events of EventBridge, parsed from JSON. */
  pattern: unknown;
  /** The event as JSON text; without it, the one that the pattern has matched. */
  input?: string;
}
