import { describe, expect, it } from 'vitest';
import { functionNames, functions, type FunctionName } from '../../infra/functions.ts';
import { actionOf, grants } from '../../infra/grants.ts';
import {
  environmentOf,
  functionId,
  listOf,
  resourcesOf,
  statementsOf,
  synthesize,
  type Statement,
} from './synthesized.ts';

// With gradual deployments there is a role of CodeDeploy, and functions are invoked by their aliases.
const template = synthesize('prod', { ROLLOUT: 'AllAtOnce' });
const credentials = ['ACCOUNT#*', 'LOGIN#*', 'EMAIL#*'];

const actionsOf = (statement: Statement) => listOf(statement.Action);
const isData = (statement: Statement) =>
  actionsOf(statement).some((action) => /^dynamodb:(?!.*Stream|GetRecords|GetShardIterator)/.test(action));

const withVariable = (variable: string) =>
  functionNames.filter((name) => variable in environmentOf(template, name));

/** Returns each action and partition key pattern that the role allows on the table or on its index. */
function granted(name: FunctionName, on: 'table' | 'index'): string[] {
  return statementsOf(template, name)
    .filter(isData)
    .filter((statement) => JSON.stringify(statement.Resource).includes('/index/lookup') === (on === 'index'))
    .flatMap((statement) =>
      actionsOf(statement).flatMap((action) =>
        statement.Condition!['ForAllValues:StringLike']!['dynamodb:LeadingKeys']!.map(
          (pattern) => `${action.replace('dynamodb:', '')} ${pattern}`,
        ),
      ),
    )
    .toSorted();
}

function functionsWith(action: string, resource = ''): FunctionName[] {
  return functionNames.filter((name) =>
    statementsOf(template, name).some(
      (statement) =>
        actionsOf(statement).includes(action) && JSON.stringify(statement.Resource).includes(resource),
    ),
  );
}

/** Whether Lambda stores what a function failed to handle. */
const keepsFailures = (name: FunctionName): boolean => {
  const { readsStream = false, isInvokedAsynchronously = false } = functions[name];
  return readsStream || isInvokedAsynchronously;
};

const readers = (secret: string) => functionsWith('secretsmanager:GetSecretValue', `"${secret}`);

describe('the role of', () => {
  it.each(functionNames)('%s has no wildcards except those that AWS requires', (name) => {
    const required = [
      /^xray:Put(TraceSegments|TelemetryRecords) "\*"$/,
      /^execute-api:ManageConnections .*"WebSocketApi\w+"\},"\/prod\/(POST|GET|DELETE)\/@connections\/\*"/,
      /^s3:PutObject .*"FailedInvocations\w+","Arn"\]\},"\/\*"/,
      /^s3:(Get|Put|Delete)Object(Tagging)? .*"Files\w+","Arn"\]\},"\/(incoming|files|pictures)\/\*"/,
    ];
    const wild = statementsOf(template, name)
      .flatMap((statement) =>
        actionsOf(statement).flatMap((action) =>
          listOf(statement.Resource).map((resource) => `${action} ${JSON.stringify(resource)}`),
        ),
      )
      .filter((permission) => permission.includes('*'));
    expect(wild.filter((permission) => !required.some((pattern) => pattern.test(permission)))).toEqual([]);
    const ofFailures = keepsFailures(name) ? 1 : 0;
    const onObjects = Object.values(grants[name].objects ?? {}).flat();
    const inFolders = onObjects.filter((verb) => verb !== 'list').length;
    expect(wild.length).toBe(2 + (grants[name].connections?.length ?? 0) + ofFailures + inFolders);
  });

  it.each(functionNames)(
    '%s allows access to items by key prefix only, and neither Scan nor PartiQL',
    (name) => {
      const data = statementsOf(template, name).filter(isData);
      for (const statement of data) {
        for (const action of actionsOf(statement))
          expect(action).not.toMatch(/Scan|PartiQL|Table|Export|Backup/);
        const prefixes = statement.Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? [];
        expect(prefixes.length).toBeGreaterThan(0);
        for (const prefix of prefixes) expect(prefix).toMatch(/^[A-Z]+#([A-Z]+)?\*$/);
      }
      expect(data).not.toHaveLength(0);
    },
  );

  it.each(functionNames)('%s allows exactly the actions of its row of grants', (name) => {
    const { items = {}, lookup = [] } = grants[name];
    const onTable = Object.entries(items).flatMap(([prefix, verbs]) =>
      verbs.map((verb) => `${actionOf[verb]} ${prefix}*`),
    );
    expect(granted(name, 'table')).toEqual(onTable.toSorted());
    expect(granted(name, 'index')).toEqual(lookup.map((prefix) => `Query ${prefix}*`).toSorted());
  });

  it.each(functionNames)('%s allows no action twice', (name) => {
    for (const on of ['table', 'index'] as const) {
      expect(granted(name, on)).toEqual([...new Set(granted(name, on))]);
    }
  });

  it('accounts is the only one that allows access to credentials', () => {
    const allowing = functionNames.filter((name) =>
      statementsOf(template, name).some((statement) =>
        (statement.Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? []).some((pattern) =>
          credentials.some((key) => key.startsWith(pattern.slice(0, -1))),
        ),
      ),
    );
    expect(allowing).toEqual(['accounts']);
    const needed = ['PutItem ACCOUNT#*', 'PutItem LOGIN#*', 'DeleteItem EMAIL#*'];
    expect(granted('accounts', 'table')).toEqual(expect.arrayContaining(needed));
  });

  it('a function allows reading a secret only if the function has the secret’s id', () => {
    expect(readers('SigningKey')).toEqual(['accounts', 'chat', 'connect', 'message']);
    expect(readers('PasswordPepper')).toEqual(['accounts']);
    expect(withVariable('SIGNING_KEY_SECRET_ID')).toEqual(readers('SigningKey'));
    expect(withVariable('PASSWORD_PEPPER_SECRET_ID')).toEqual(readers('PasswordPepper'));
    expect(readers('ContentHashKey')).toEqual(['chat', 'message']);
    expect(withVariable('CONTENT_HASH_KEY_SECRET_ID')).toEqual(readers('ContentHashKey'));
    expect(readers('EdgeKey')).toEqual(['accounts']);
  });

  it('a function that refuses to be bypassed allows reading the edge key only where the setting demands it', () => {
    const guarded = synthesize('dev', { REQUIRE_EDGE: 'true' });
    const reading = functionNames.filter((name) =>
      JSON.stringify(statementsOf(guarded, name)).includes('"EdgeKey'),
    );
    expect(reading).toEqual(['accounts', 'chat', 'docs', 'connect']);
    expect(withVariable('EDGE_KEY_SECRET_ID')).toEqual(reading);
  });

  it('a function allows posting to connections only if the function has their address', () => {
    const posting = functionsWith('execute-api:ManageConnections');
    expect(posting).toEqual(['message', 'tableStream', 'fanOut', 'welcome', 'inbox']);
    expect(withVariable('AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI')).toEqual(posting);
  });

  it('a function allows reading the stream only if its row says so', () => {
    expect(functionsWith('dynamodb:GetRecords')).toEqual(
      functionNames.filter((name) => functions[name].readsStream),
    );
  });

  it('a function allows storing failures only if its failures are kept', () => {
    const [bucketId] = Object.keys(resourcesOf(template, 'AWS::S3::Bucket'));
    for (const action of ['s3:PutObject', 's3:ListBucket']) {
      expect(functionsWith(action, `"${bucketId}"`)).toEqual(functionNames.filter(keepsFailures));
    }
  });

  it('a function allows invoking only those functions that its row names', () => {
    const invoking = functionNames.map((name) => [
      name,
      statementsOf(template, name)
        .filter((statement) => actionsOf(statement).some((action) => action.startsWith('lambda:')))
        .flatMap(({ Action, Resource }) => listOf(Resource).map((one) => ({ Action, Resource: one }))),
    ]);
    const invokes = (name: FunctionName) => ({
      Action: 'lambda:InvokeFunction',
      Resource: { 'Fn::GetAtt': [functionId(template, name), 'Arn'] },
    });
    expect(Object.fromEntries(invoking)).toEqual({
      ...Object.fromEntries(functionNames.map((name) => [name, []])),
      tableStream: [invokes('cleanup'), invokes('fanOut'), invokes('inbox'), invokes('welcome')],
      cleanup: [invokes('cleanup')],
      chat: [invokes('uploads')],
      message: [invokes('uploads')],
    });
    expect(withVariable('FAN_OUT_FUNCTION_NAME')).toEqual(['tableStream']);
  });

  it('fan-out allows posting to connections and deleting closed ones', () => {
    const statements = statementsOf(template, 'fanOut');
    expect(statements.flatMap(actionsOf).toSorted()).toEqual([
      'dynamodb:DeleteItem',
      'execute-api:ManageConnections',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:ListBucket',
      's3:PutObject',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
    expect(granted('fanOut', 'table')).toEqual(['DeleteItem CONN#*']);
  });

  it('a function has inline policies only, none that AWS manages', () => {
    const roles = Object.entries(resourcesOf(template, 'AWS::IAM::Role'));
    const ofFunctions = roles.filter(([id]) => !id.startsWith('ApiGateway'));
    // That of the function that copies the page while the stack is deployed is one more.
    expect(ofFunctions).toHaveLength(functionNames.length + 1);
    for (const [, { Properties }] of ofFunctions)
      expect(Object.keys(Properties)).toEqual(['AssumeRolePolicyDocument']);
  });
});
