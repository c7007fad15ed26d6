/** Turns the rows of grants.ts into IAM statements. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Secrets } from './secrets.ts';
import { actionOf, type ConnectionMethod, type Grant, type Verb } from './grants.ts';

/** The ARNs that the statements refer to, as tokens of the template. */
export interface GrantTargets {
  tableArn: string;
  lookupIndexArn: string;
  secretArns: Record<keyof Secrets, string>;
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

/** Returns the statements that allow what the row grants, and nothing else. */
export function statementsFor(grant: Grant, targets: GrantTargets): PolicyStatement[] {
  const { items = {}, lookup = [], secrets = [], connections = [] } = grant;
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
  return statements;
}
