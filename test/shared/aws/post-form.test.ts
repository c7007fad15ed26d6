import { createHmac } from 'node:crypto';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { postFormFields } from '../../../shared/aws/post-form.ts';

const user = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const role = { ...user, sessionToken: 'IQoJb3JpZ2luX2VjE+/=' };
const file = { key: 'incoming/abc', contentType: 'image/png', size: 1_234 };
const nowMs = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
const options = { bucket: 'files', region: 'eu-central-1', nowMs, lifetimeSeconds: 300 };

const policyOf = (fields: Record<string, string>): { expiration: string; conditions: unknown[] } =>
  JSON.parse(Buffer.from(fields['Policy']!, 'base64').toString());

afterEach(() => vi.useRealTimers());

describe('a form', () => {
  it.each([
    ['a user', user],
    ['a role', role],
  ])(
    'with the credentials of %s has the fields and conditions that the SDK gives it',
    async (_, credentials) => {
      vi.useFakeTimers({ toFake: ['Date'], now: nowMs });
      const { fields: bySdk } = await createPresignedPost(
        new S3Client({ region: options.region, credentials }),
        {
          Bucket: options.bucket,
          Key: file.key,
          Expires: options.lifetimeSeconds,
          Fields: { 'Content-Type': file.contentType, success_action_status: '204' },
          Conditions: [['content-length-range', file.size, file.size]],
        },
      );
      const fields = postFormFields(file, { ...options, credentials });
      const withoutPolicy = ({ Policy: _policy, 'X-Amz-Signature': _signature, ...others }: typeof bySdk) =>
        others;
      expect(withoutPolicy(fields)).toEqual(withoutPolicy(bySdk));
      const [own, sdk] = [policyOf(fields), policyOf(bySdk)];
      expect(Date.parse(own.expiration)).toBe(Math.floor(Date.parse(sdk.expiration) / 1_000) * 1_000);
      const inOrder = (conditions: unknown[]) => conditions.map((one) => JSON.stringify(one)).toSorted();
      expect(inOrder(own.conditions)).toEqual(inOrder(sdk.conditions));
    },
  );

  it.each([
    ['a user', user],
    ['a role', role],
  ])('with the credentials of %s is signed as the SDK signs the same policy', async (_, credentials) => {
    vi.useFakeTimers({ toFake: ['Date'], now: nowMs });
    const fields = postFormFields(file, { ...options, credentials });
    // The key derivation of the documentation, written out.
    const mac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
    const key = mac(mac(mac(mac('AWS4secret', '20260203'), options.region), 's3'), 'aws4_request');
    expect(fields['X-Amz-Signature']).toBe(mac(key, fields['Policy']!).toString('hex'));
    const { fields: bySdk } = await createPresignedPost(
      new S3Client({ region: options.region, credentials }),
      {
        Bucket: options.bucket,
        Key: file.key,
      },
    );
    expect(bySdk['X-Amz-Signature']).toBe(mac(key, bySdk['Policy']!).toString('hex'));
  });

  it('covers each field by a condition, as S3 demands', () => {
    const fields = postFormFields(file, { ...options, credentials: role });
    const covered = policyOf(fields).conditions.flatMap((condition) =>
      Array.isArray(condition) ? [] : Object.entries(condition as Record<string, string>),
    );
    const { Policy: _, 'X-Amz-Signature': __, ...others } = fields;
    expect(Object.fromEntries(covered)).toEqual(others);
    expect(policyOf(fields).conditions).toContainEqual(['content-length-range', 1_234, 1_234]);
  });
});
