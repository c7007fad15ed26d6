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

const template = synthesize('prod');
const credentials = ['ACCOUNT#*', 'LOGIN#*', 'EMAIL#*'];

const actionsOf = (statement: Statement) => listOf(statement.Action);
const isData = (statement: Statement) =>
  actionsOf(statement).some((action) => /^dynamodb:(?!.*Stream|GetRecords|GetShardIterator)/.test(action));

const told = (variable: string) => functionNames.filter((name) => variable in environmentOf(template, name));

/** Each action on each partition key pattern that the role allows, on the table or on its index. */
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

const readers = (secret: string) => functionsWith('secretsmanager:GetSecretValue', `"${secret}`);

describe('the role of', () => {
  it.each(functionNames)('%s allows no wildcard but those that AWS demands', (name) => {
    const demanded = [
      /^xray:Put(TraceSegments|TelemetryRecords) "\*"$/,
      /^execute-api:ManageConnections .*"WebSocketApi\w+"\},"\/prod\/(POST|GET|DELETE)\/@connections\/\*"/,
    ];
    const wild = statementsOf(template, name)
      .flatMap((statement) =>
        actionsOf(statement).flatMap((action) =>
          listOf(statement.Resource).map((resource) => `${action} ${JSON.stringify(resource)}`),
        ),
      )
      .filter((permission) => permission.includes('*'));
    expect(wild.filter((permission) => !demanded.some((pattern) => pattern.test(permission)))).toEqual([]);
    expect(wild.length).toBe(2 + (grants[name].connections?.length ?? 0));
  });

  it.each(functionNames)('%s allows items by key prefix only, and never a scan or PartiQL', (name) => {
    const data = statementsOf(template, name).filter(isData);
    for (const statement of data) {
      for (const action of actionsOf(statement))
        expect(action).not.toMatch(/Scan|PartiQL|Table|Export|Backup/);
      const prefixes = statement.Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? [];
      expect(prefixes.length).toBeGreaterThan(0);
      for (const prefix of prefixes) expect(prefix).toMatch(/^[A-Z]+#([A-Z]+)?\*$/);
    }
    expect(data.length > 0).toBe(name !== 'docs');
  });

  it.each(functionNames)('%s allows exactly what its row of grants says', (name) => {
    const { items = {}, lookup = [] } = grants[name];
    const onTable = Object.entries(items).flatMap(([prefix, verbs]) =>
      verbs.map((verb) => `${actionOf[verb]} ${prefix}*`),
    );
    expect(granted(name, 'table')).toEqual(onTable.toSorted());
    expect(granted(name, 'index')).toEqual(lookup.map((prefix) => `Query ${prefix}*`).toSorted());
  });

  it.each(functionNames)('%s allows each thing once', (name) => {
    for (const on of ['table', 'index'] as const) {
      expect(granted(name, on)).toEqual([...new Set(granted(name, on))]);
    }
  });

  it('accounts alone reaches credentials', () => {
    const reaching = functionNames.filter((name) =>
      statementsOf(template, name).some((statement) =>
        (statement.Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? []).some((pattern) =>
          credentials.some((key) => key.startsWith(pattern.slice(0, -1))),
        ),
      ),
    );
    expect(reaching).toEqual(['accounts']);
    const reached = ['PutItem ACCOUNT#*', 'PutItem LOGIN#*', 'DeleteItem EMAIL#*'];
    expect(granted('accounts', 'table')).toEqual(expect.arrayContaining(reached));
  });

  it('a function that is told of a secret may read it, and no other', () => {
    expect(readers('SigningKey')).toEqual(['accounts', 'chat', 'connect', 'message']);
    expect(readers('PasswordPepper')).toEqual(['accounts']);
    expect(told('SIGNING_KEY_SECRET_ID')).toEqual(readers('SigningKey'));
    expect(told('PASSWORD_PEPPER_SECRET_ID')).toEqual(readers('PasswordPepper'));
    expect(readers('ContentHashKey')).toEqual(['chat', 'message']);
    expect(told('CONTENT_HASH_KEY_SECRET_ID')).toEqual(readers('ContentHashKey'));
    expect(readers('EdgeKey')).toEqual(['accounts']);
    expect(told('EDGE_KEY_SECRET_ID')).toEqual(readers('EdgeKey'));
  });

  it('a function that is told where connections are may post to them, and no other', () => {
    const posting = functionsWith('execute-api:ManageConnections');
    expect(posting).toEqual(['message', 'tableStream', 'fanOut']);
    expect(told('AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI')).toEqual(posting);
  });

  it('a function that reads the stream may do so, and no other', () => {
    expect(functionsWith('dynamodb:GetRecords')).toEqual(
      functionNames.filter((name) => functions[name].readsStream),
    );
  });

  it('a function whose failures are kept may put them into the queue, and no other', () => {
    const [queueId] = Object.keys(resourcesOf(template, 'AWS::SQS::Queue'));
    expect(functionsWith('sqs:SendMessage')).toEqual(['tableStream', 'fanOut']);
    expect(functionsWith('sqs:SendMessage', `"${queueId}"`)).toEqual(['tableStream', 'fanOut']);
  });

  it('table-stream may invoke fan-out and nothing else, and no other function may invoke any', () => {
    const invoking = functionNames.map((name) => [
      name,
      statementsOf(template, name)
        .filter((statement) => actionsOf(statement).some((action) => action.startsWith('lambda:')))
        .map(({ Action, Resource }) => ({ Action, Resource })),
    ]);
    const toFanOut = {
      Action: 'lambda:InvokeFunction',
      Resource: { 'Fn::GetAtt': [functionId(template, 'fanOut'), 'Arn'] },
    };
    expect(Object.fromEntries(invoking)).toEqual({
      ...Object.fromEntries(functionNames.map((name) => [name, []])),
      tableStream: [toFanOut],
    });
    expect(told('FAN_OUT_FUNCTION_NAME')).toEqual(['tableStream']);
  });

  it('fan-out may post, and delete the connections that it finds gone', () => {
    const statements = statementsOf(template, 'fanOut');
    expect(statements.flatMap(actionsOf).toSorted()).toEqual([
      'dynamodb:DeleteItem',
      'execute-api:ManageConnections',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sqs:SendMessage',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
    expect(granted('fanOut', 'table')).toEqual(['DeleteItem CONN#*']);
  });

  it('a function has its whole policy here, and none that AWS manages', () => {
    const roles = Object.entries(resourcesOf(template, 'AWS::IAM::Role'));
    const ofFunctions = roles.filter(([id]) => !id.startsWith('ApiGateway'));
    expect(ofFunctions).toHaveLength(functionNames.length);
    for (const [, { Properties }] of ofFunctions)
      expect(Object.keys(Properties)).toEqual(['AssumeRolePolicyDocument']);
  });
});
