import { describe, expect, it } from 'vitest';
import { openTemplate } from '../../../local/template/cloudformation.ts';
import { readBuckets } from '../../../local/template/read-buckets.ts';

function bucketOf(Properties: object) {
  const raw = { Resources: { Files: { Type: 'AWS::S3::Bucket', Properties: { ...Properties } } } };
  const template = openTemplate(raw, { region: 'us-east-1', accountId: '0', stackName: 'Test' });
  return readBuckets(template)[0];
}

describe('a bucket of a template', () => {
  it('has neither rules nor events when the template sets none', () => {
    expect(bucketOf({})).toEqual({
      logicalId: 'Files',
      bucketName: 'files',
      notifiedQueueIds: [],
      sendsEvents: false,
      cors: [],
      lifecycle: [],
      publicAccess: { blocksAcls: false },
    });
  });

  it('has the rules that end objects, and no others', () => {
    const Rules = [
      { Status: 'Enabled', Prefix: 'incoming/', ExpirationInDays: 1 },
      { Status: 'Enabled', TagFilters: [{ Key: 'unsent', Value: '1' }], ExpirationInDays: 2 },
      { Status: 'Disabled', ExpirationInDays: 3 },
      { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
    ];
    expect(bucketOf({ LifecycleConfiguration: { Rules } })?.lifecycle).toEqual([
      { prefix: 'incoming/', tags: {}, expirationDays: 1 },
      { prefix: '', tags: { unsent: '1' }, expirationDays: 2 },
    ]);
  });

  it.each([
    [{}, true],
    [{ EventBridgeEnabled: true }, true],
    [{ EventBridgeEnabled: false }, false],
  ])('sends events to EventBridge with the configuration %j: %s', (EventBridgeConfiguration, sends) => {
    expect(bucketOf({ NotificationConfiguration: { EventBridgeConfiguration } })?.sendsEvents).toBe(sends);
  });

  it.each<[string, object, string]>([
    ['versions', { VersioningConfiguration: { Status: 'Enabled' } }, 'VersioningConfiguration'],
    [
      'a transition to another storage class',
      { LifecycleConfiguration: { Rules: [{ Status: 'Enabled', Transitions: [{}] }] } },
      'Transitions',
    ],
    [
      'a function that it notifies',
      { NotificationConfiguration: { LambdaConfigurations: [{}] } },
      'LambdaConfigurations',
    ],
    [
      'a queue of another template',
      { NotificationConfiguration: { QueueConfigurations: [{ Queue: 'arn:other' }] } },
      'arn:other',
    ],
  ])('is refused with %s', (_what, properties, message) => {
    expect(() => bucketOf(properties)).toThrow(message);
  });
});
