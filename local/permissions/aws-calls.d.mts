import type { AwsCall } from './policy.mjs';

/** The endpoints of the services in this run, and the names of the resources in them. */
export interface AwsContext {
  region: string;
  accountId: string;
  endpoints: {
    dynamodb: string;
    apiGatewayManagementApi: string;
    secretsManager: string;
    lambda: string;
    sqs: string;
    s3: string;
  };
  webSocketApiId: string;
  secretArns: string[];
  /** The partition keys by table name, then by index name; '' is the table itself. */
  partitionKeys: Record<string, Record<string, string>>;
  /** The largest size of the key attributes of indexes, by table name, then by attribute. */
  indexKeyBytes: Record<string, Record<string, number>>;
}

export interface AwsRequest {
  method: string;
  /** The host and port, as in the `Host` header. */
  host: string;
  path: string;
  /** The header `x-amz-target`. */
  target: string;
  /** Returns a header by its lowercase name. */
  header: (name: string) => string | undefined;
  /** Returns the body; called only for services whose body names the resource. */
  body: () => string;
}

export type ServiceName = keyof AwsContext['endpoints'];

export interface AwsCallReader {
  /** Returns the service to which a request is sent, undefined for other requests. */
  serviceOf(host: string, path: string): ServiceName | undefined;
  /** Returns the calls that IAM must allow for a request. */
  callsOf(service: ServiceName, request: AwsRequest): AwsCall[];
}

/** Creates the reader of a run's requests. */
export function readAwsCalls(awsContext: AwsContext): AwsCallReader;
