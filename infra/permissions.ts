/** Turns a row of grants.ts into IAM statements: by action, resource and partition key prefix. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Grant } from './grants.ts';

/** The ARNs that statements name, as tokens of the template. */
export interface GrantTargets {
  tableArn: string;
  lookupIndexArn: string;
  secretArns: { signingKey: string; passwordPepper: string };
  /** `…/POST/@connections/*` and its twin for DELETE. */
  connectionArns: string[];
}

const readActions = ['GetItem', 'BatchGetItem', 'Query', 'ConditionCheckItem'];
const writeActions = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];

/**
 * DynamoDB actions on items whose partition key starts with one of the prefixes. `ForAllValues` also
 * holds when a request names no key at all, as Scan and PartiQL do: neither may ever be granted.
 */
function onPrefixes(actions: string[], resource: string, prefixes: readonly string[]): PolicyStatement[] {
  if (prefixes.length === 0) return [];
  return [
    new PolicyStatement({
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [resource],
      conditions: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes.map((prefix) => `${prefix}*`) },
      },
    }),
  ];
}

/** The statements that allow what the row grants, and nothing else. */
export function statementsFor(grant: Grant, targets: GrantTargets): PolicyStatement[] {
  const { read = [], write = [], remove = [], lookup = [], secrets = [], connections = false } = grant;
  const statements = [
    ...onPrefixes(readActions, targets.tableArn, [...read, ...write]),
    ...onPrefixes(writeActions, targets.tableArn, write),
    ...onPrefixes(['DeleteItem'], targets.tableArn, remove),
    ...onPrefixes(['Query'], targets.lookupIndexArn, lookup),
  ];
  if (secrets.length > 0) {
    statements.push(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: secrets.map((secret) => targets.secretArns[secret]),
      }),
    );
  }
  if (connections) {
    statements.push(
      new PolicyStatement({ actions: ['execute-api:ManageConnections'], resources: targets.connectionArns }),
    );
  }
  return statements;
}
