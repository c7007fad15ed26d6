/** The adapters by which functions make forms of uploads and addresses of files, and have uploads checked. */
import { describe, expect, it, vi } from 'vitest';
import { checkUploadBy } from '../../../shared/lambda/check-upload.ts';
import { readFileAddress } from '../../../shared/lambda/file-addresses.ts';
import { openFileAddresses } from '../../../shared/lambda/open-file-addresses.ts';
import { uploadForms } from '../../../shared/lambda/upload-forms.ts';
import { manualClock, uuid } from '../../kit/memory-chat/system.ts';

const file = { roomId: uuid(1), folder: 'AAECAwQFBgcICQoLDA0ODw', name: '320' } as const;

describe('addresses of files', () => {
  const clock = manualClock();
  const config = { filesUrl: 'https://chat.example.com/', filesKeySecretId: 'files-key' };

  it('are below the public address, and signed with the current key as of now', async () => {
    const current = vi.fn(async () => 'first key');
    const files = openFileAddresses(config, { keys: async () => ({ current }), clock });
    const address = new URL((await files.open())(file));
    expect(address.origin).toBe('https://chat.example.com');
    const asked = { path: address.pathname, query: Object.fromEntries(address.searchParams) };
    expect(readFileAddress(['first key'], asked, clock.now())).toEqual(file);
    clock.pass(90 * 60_000);
    expect(readFileAddress(['first key'], asked, clock.now())).toBeUndefined();
    current.mockResolvedValue('second key');
    const later = new URL((await files.open())(file));
    const askedLater = { path: later.pathname, query: Object.fromEntries(later.searchParams) };
    expect(readFileAddress(['second key'], askedLater, clock.now())).toEqual(file);
  });

  it('load what reads their key once, and again after a failure', async () => {
    const keys = vi.fn(async () => ({ current: async () => 'key' }));
    keys.mockRejectedValueOnce(new Error('throttled'));
    const files = openFileAddresses(config, { keys, clock });
    expect(keys).not.toHaveBeenCalled();
    await expect(files.open()).rejects.toThrow('throttled');
    await files.open();
    await files.open();
    expect(keys).toHaveBeenCalledTimes(2);
  });
});

describe('the form of an upload', () => {
  const object = { key: 'incoming/x', contentType: 'image/png', size: 9 };
  const credentials = async () => ({
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'secret',
    sessionToken: 'token',
  });
  const options = { region: 'eu-west-1', credentials, clock: manualClock() };

  it('is posted to the bucket of the region, and holds for five minutes', async () => {
    const { url, fields } = await uploadForms('files', { ...options, endpoint: undefined }).formFor(object);
    expect(url).toBe('https://files.s3.eu-west-1.amazonaws.com/');
    expect(fields).toMatchObject({
      key: 'incoming/x',
      'Content-Type': 'image/png',
      bucket: 'files',
      'X-Amz-Security-Token': 'token',
    });
    const policy = JSON.parse(Buffer.from(fields['Policy']!, 'base64').toString());
    expect(Date.parse(policy.expiration) - options.clock.now()).toBe(300_000);
    expect(policy.conditions).toContainEqual(['content-length-range', 9, 9]);
  });

  it('is posted to the endpoint of the environment', async () => {
    const endpoint = 'http://localhost:3000/_aws/s3';
    const { url } = await uploadForms('files', { ...options, endpoint }).formFor(object);
    expect(url).toBe('http://localhost:3000/_aws/s3/files');
  });
});

describe('the check of an upload', () => {
  const place = { roomId: uuid(1), uploadKey: 'AAECAwQFBgcICQoLDA0ODw' };

  it('is invoked with the place of the upload, and has ended with the invocation', async () => {
    const invoke = vi.fn(async () => undefined);
    expect(await checkUploadBy('uploads', { invoke })({ ...place, more: 1 } as typeof place)).toBe(true);
    expect(invoke.mock.calls).toEqual([[{ check: place }]]);
  });

  it('has not ended when the invocation fails or takes too long, which is logged', async () => {
    const warn = vi.fn();
    const invoke = () => Promise.reject(new Error('No answer within 6000 ms'));
    expect(await checkUploadBy('uploads', { invoke, logger: { warn } })(place)).toBe(false);
    expect(warn).toHaveBeenCalledOnce();
  });
});
