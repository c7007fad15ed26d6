import { Crc32 as SdkCrc32, Sha256 as SdkSha256 } from '@smithy/core/checksum';
import { describe, expect, it } from 'vitest';
import { Crc32, Sha256 } from '../../../shared/aws/checksum.ts';

const bytes = new TextEncoder().encode('payload');

describe('the SHA-256 of the bundles', () => {
  it.each([
    ['a hash', undefined],
    ['an HMAC with text as its key', 'key'],
    ['an HMAC with bytes as its key', new TextEncoder().encode('key')],
  ] as const)('gives the result of the SDK for %s', async (_, secret) => {
    const [own, sdk] = [new Sha256(secret), new SdkSha256(secret)];
    own.update('text ü');
    sdk.update(new TextEncoder().encode('text ü'));
    for (const hash of [own, sdk]) hash.update(bytes);
    expect(await own.digest()).toEqual(await sdk.digest());
  });

  it('hashes an array buffer, and starts again after a reset', async () => {
    const [first, second] = [new Sha256(), new Sha256()];
    first.update('forgotten');
    first.reset();
    first.update(bytes.buffer);
    second.update('payload');
    expect(await first.digest()).toEqual(await second.digest());
  });
});

describe('the CRC-32 of the bundles', () => {
  it('gives the result of the SDK, and starts again after a reset', async () => {
    const [own, sdk] = [new Crc32(), new SdkCrc32()];
    for (const hash of [own, sdk]) {
      hash.update(new TextEncoder().encode('forgotten'));
      hash.reset();
      hash.update(bytes);
      hash.update(bytes);
    }
    expect(await own.digest()).toEqual(await sdk.digest());
  });
});
