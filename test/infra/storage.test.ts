import { describe, expect, it } from 'vitest';
import { functionId, onlyOf, resourcesOf, synthesize } from './synthesized.ts';

const template = synthesize('prod');

describe('the table', () => {
  const { Properties } = onlyOf(template, 'AWS::DynamoDB::GlobalTable');

  it('is keyed by pk and sk, on demand, with a stream of both images, TTL and recovery', () => {
    expect(Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      Replicas: [{ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
    });
  });

  it('has one index, which holds nothing that a message changes and no credentials', () => {
    const [index, ...others] = Properties.GlobalSecondaryIndexes;
    expect(others).toEqual([]);
    expect(index).toMatchObject({
      IndexName: 'lookup',
      KeySchema: [
        { AttributeName: 'lookup_pk', KeyType: 'HASH' },
        { AttributeName: 'lookup_sk', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE' },
    });
    expect(index.Projection.NonKeyAttributes.length).toBeLessThanOrEqual(20);
    expect(index.Projection.NonKeyAttributes).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(seq|message_count|email|password.*|.*hash)$/)]),
    );
  });
});

describe('a list of memberships', () => {
  it('can tell from the index alone who is being removed', () => {
    const { Properties } = onlyOf(template, 'AWS::DynamoDB::GlobalTable');
    expect(Properties.GlobalSecondaryIndexes[0].Projection.NonKeyAttributes).toContain('removing_at');
  });
});

describe('the secrets', () => {
  it('are generated where nobody sees them, and kept in production', () => {
    const secrets = Object.values(resourcesOf(template, 'AWS::SecretsManager::Secret'));
    expect(secrets).toHaveLength(4);
    for (const secret of secrets) {
      expect(secret['DeletionPolicy']).toBe('Retain');
      expect(secret['Properties'].GenerateSecretString).toEqual({
        SecretStringTemplate: '{}',
        GenerateStringKey: 'key',
        PasswordLength: 64,
        ExcludePunctuation: true,
      });
    }
  });
});

describe('the stream', () => {
  const { Properties } = onlyOf(template, 'AWS::Lambda::EventSourceMapping');

  it('feeds table-stream in bounded retries, and a poison record ends in the failure queue', () => {
    const [queueId] = Object.keys(resourcesOf(template, 'AWS::SQS::Queue'));
    expect(Properties).toMatchObject({
      FunctionName: { Ref: functionId(template, 'tableStream') },
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 0,
      StartingPosition: 'TRIM_HORIZON',
      MaximumRetryAttempts: 5,
      MaximumRecordAgeInSeconds: 3600,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [queueId, 'Arn'] } } },
      ParallelizationFactor: 10,
    });
  });

  it('invokes table-stream for connections, left-over publications, changed members and ended sessions', () => {
    const { Filters }: { Filters: { Pattern: string }[] } = Properties.FilterCriteria;
    expect(Filters.length).toBeLessThanOrEqual(5);
    expect(Filters.map(({ Pattern }) => JSON.parse(Pattern) as unknown)).toEqual([
      { eventName: ['INSERT', 'REMOVE'], dynamodb: { Keys: { sk: { S: ['CONN'] } } } },
      { eventName: ['INSERT'], dynamodb: { NewImage: { outbox: { S: ['stream'] } } } },
      { eventName: ['MODIFY'], dynamodb: { Keys: { sk: { S: [{ prefix: 'MEMBER#' }] } } } },
      { eventName: ['REMOVE'], dynamodb: { Keys: { sk: { S: [{ prefix: 'SESSION#' }] } } } },
    ]);
  });

  it('is taken one batch at a time locally', () => {
    const local = onlyOf(synthesize('local'), 'AWS::Lambda::EventSourceMapping');
    expect(local['Properties'].ParallelizationFactor).toBe(1);
  });

  it('leaves what failed in an encrypted queue for 14 days, reached by TLS only', () => {
    expect(onlyOf(template, 'AWS::SQS::Queue')['Properties']).toEqual({
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
    const [statement] = onlyOf(template, 'AWS::SQS::QueuePolicy')['Properties'].PolicyDocument.Statement;
    expect(statement).toMatchObject({
      Effect: 'Deny',
      Action: 'sqs:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });
});
