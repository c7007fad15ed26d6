/** Turns the rows of grants.ts into IAM statements. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Secrets } from './secrets.ts';
import { actionOf, objectActionOf, type ConnectionMethod, type Grant, type Verb } from './grants.ts';

/** The ARNs that the statements refer to, as tokens of the template. */
export interface GrantTargets {
  tableArn: string;
  lookupIndexArn: string;
  secretArns: Record<keyof Secrets, string>;
  filesBucketArn: string;
  /** By the method of the request, such as `…/POST/@connections/*`. */
  connectionArns: Record<ConnectionMethod, string>;
}

/**
 * Allows DynamoDB actions on items whose partition key starts with one of the prefixes. `ForAllValues` is also true for
 * requests without a key, such as Scan and PartiQL, so those actions must never be granted.
 */
function onPrefixes(verbs: readonly Verb[], resource: string, prefixes: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    actions: verbs.map((verb) => `dynamodb:${actionOf[verb]}`),
    resources: [resource],
    conditions: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes.map((prefix) => `${prefix}*`) },
    },
  });
}

/**
 * Puts all prefixes of an action into one statement: a batch with keys under two prefixes is allowed only by a statement
 * that names both. Actions with the same prefixes share a statement.
 */
function onTable(items: NonNullable<Grant['items']>, resource: string): PolicyStatement[] {
  const verbsByPrefixes = new Map<string, { verbs: Verb[]; prefixes: string[] }>();
  for (const verb of verbsOf(items)) {
    const prefixes = Object.entries(items).flatMap(([prefix, verbs]) =>
      verbs.includes(verb) ? [prefix] : [],
    );
    const group = verbsByPrefixes.get(prefixes.join()) ?? { verbs: [], prefixes };
    group.verbs.push(verb);
    verbsByPrefixes.set(prefixes.join(), group);
  }
  return [...verbsByPrefixes.values()].map(({ verbs, prefixes }) => onPrefixes(verbs, resource, prefixes));
}

const verbsOf = (items: NonNullable<Grant['items']>): Set<Verb> => new Set(Object.values(items).flat());

/** Allows actions on the objects of each folder, and listing those of the folders that name it. */
function onObjects(objects: NonNullable<Grant['objects']>, bucketArn: string): PolicyStatement[] {
  const folders = Object.entries(objects);
  const statements = folders.map(
    ([folder, verbs]) =>
      new PolicyStatement({
        actions: verbs.filter((verb) => verb !== 'list').map((verb) => `s3:${objectActionOf[verb]}`),
        resources: [`${bucketArn}/${folder}*`],
      }),
  );
  const listed = folders.filter(([, verbs]) => verbs.includes('list')).map(([folder]) => `${folder}*`);
  if (listed.length === 0) return statements;
  const list = new PolicyStatement({
    actions: [`s3:${objectActionOf.list}`],
    resources: [bucketArn],
    conditions: { StringLike: { 's3:prefix': listed } },
  });
  return [...statements, list];
}

/** Returns the statements that allow what the row grants, and nothing else. */
export function statementsFor(grant: Grant, targets: GrantTargets): PolicyStatement[] {
  const { items = {}, lookup = [], secrets = [], connections = [], objects = {} } = grant;
  const statements = onTable(items, targets.tableArn);
  if (lookup.length > 0) statements.push(onPrefixes(['query'], targets.lookupIndexArn, lookup));
  if (secrets.length > 0) {
    statements.push(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: secrets.map((secret) => targets.secretArns[secret]),
      }),
    );
  }
  if (connections.length > 0) {
    statements.push(
      new PolicyStatement({
        actions: ['execute-api:ManageConnections'],
        resources: connections.map((method) => targets.connectionArns[method]),
      }),
    );
  }
  statements.push(...onObjects(objects, targets.filesBucketArn));
  return statements;
}
