import type { AwsCall } from './policy.mjs';

/** Where the services are found in this run, and the names of what is in them. */
export interface AwsContext {
  region: string;
  accountId: string;
  endpoints: {
    dynamodb: string;
    apiGatewayManagementApi: string;
    secretsManager: string;
    lambda: string;
    sqs: string;
  };
  webSocketApiId: string;
  secretArns: string[];
  /** Partition keys of the tables by name, under '' for the table itself and under the names of its indexes. */
  partitionKeys: Record<string, Record<string, string>>;
}

export interface AwsRequest {
  method: string;
  /** `host:port`. */
  host: string;
  path: string;
  /** The header `x-amz-target`. */
  target: string;
  /** Read only where the service says in it what is asked for. */
  body: () => string;
}

export type ServiceName = keyof AwsContext['endpoints'];

export interface AwsCallReader {
  /** The service that the request is for, undefined when it is for none. */
  serviceOf(host: string, path: string): ServiceName | undefined;
  /** Every call that IAM is asked about for the request. */
  callsOf(service: ServiceName, request: AwsRequest): AwsCall[];
}

export function readAwsCalls(awsContext: AwsContext): AwsCallReader;
