/** Reads a CloudFormation template into the `LocalStack` that the local runtime runs. */

import type { LocalStack } from '../stack.ts';
import { checkTriggers } from './check-triggers.ts';
import { openTemplate, type RawTemplate } from './cloudformation.ts';
import { readHttpApi, readWebSocketApi } from './read-apis.ts';
import { readDomainNames, readEdge } from './read-edge.ts';
import { readAlarms, readLogMetrics } from './read-monitoring.ts';
import { readFunctions } from './read-functions.ts';
import { readBuckets } from './read-buckets.ts';
import { readQueues, readSecrets } from './read-secrets-and-queues.ts';
import { readObjectRules, readSchedules } from './read-rules.ts';
import { readPageFiles } from './read-page.ts';
import { readStreamMappings, readTable } from './read-table.ts';

export interface StackSource {
  template: RawTemplate;
  /** The folders of the file assets, by the object keys that the template uses. */
  assetDirectories: Map<string, string>;
  stackName: string;
  stage: string;
  region: string;
  accountId: string;
}

/**
 * Reads the stack.
 * @throws StartFailure with the part of the template that is not supported
 */
export function readStack({
  template: raw,
  assetDirectories,
  stackName,
  stage,
  region,
  accountId,
}: StackSource): LocalStack {
  const template = openTemplate(raw, { region, accountId, stackName });
  const functions = readFunctions(template, assetDirectories);
  const table = readTable(template);
  const buckets = readBuckets(template);
  const httpApi = readHttpApi(template, functions);
  const webSocketApi = readWebSocketApi(template, functions);
  const streamMappings = readStreamMappings(template, table, functions);
  checkTriggers(template, { functions, table, streamMappings });
  return {
    stackName,
    stage,
    region,
    accountId,
    functions,
    table,
    streamMappings,
    httpApi,
    webSocketApi,
    edge: readEdge(
      template,
      { http: httpApi.apiId, websocket: webSocketApi.apiId },
      readPageFiles(template, assetDirectories),
    ),
    domainNames: readDomainNames(template),
    secrets: readSecrets(template),
    queues: readQueues(template),
    alarms: readAlarms(template),
    logMetrics: readLogMetrics(template),
    buckets,
    schedules: readSchedules(template, functions),
    objectRules: readObjectRules(template, functions, buckets),
  };
}
