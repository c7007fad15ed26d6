import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { useStorage, type Json } from './storage-runtime.ts';

const { call, request, runtime, stored } = useStorage();

interface Form {
  url: string;
  fields: Record<string, string>;
}

const base = {
  Key: 'incoming/one',
  Expires: 300,
  Fields: { 'Content-Type': 'image/png' },
  Conditions: [['content-length-range', 2, 5]],
};

/** Returns a form that the fixture's function has signed with the SDK. */
async function formFor(changes: object = {}): Promise<Form> {
  const { output } = await call('form', { ...base, ...changes });
  return output;
}

/** Posts a form; returns the status, the headers and the text of S3's code and message. */
async function post(
  { url, fields }: Form,
  file: string | Blob = 'body',
  more: RequestInit = {},
): Promise<Json> {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append('file', typeof file === 'string' ? new Blob([file]) : file, 'picture.png');
  const response = await fetch(url, { method: 'POST', body: data, redirect: 'manual', ...more });
  const text = await response.text();
  const part = (name: string): string | undefined => new RegExp(`<${name}>(.*?)</${name}>`).exec(text)?.[1];
  return {
    status: response.status,
    headers: response.headers,
    code: part('Code'),
    message: part('Message'),
    text,
  };
}

/** Signs a policy as the fixture's function, by the chain of digests that AWS documents. */
async function signed(policy: string, changes: Record<string, string | undefined> = {}): Promise<Form> {
  const { output } = await call('credentials');
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = [stamp.slice(0, 8), 'us-east-1', 's3', 'aws4_request'];
  const encoded = Buffer.from(policy).toString('base64');
  const key = scope.reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${output.secretAccessKey}`,
  );
  const all: Record<string, string | undefined> = {
    key: 'incoming/own',
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': [output.accessKeyId, ...scope].join('/'),
    'x-amz-date': stamp,
    'x-amz-security-token': output.sessionToken,
    policy: encoded,
    'x-amz-signature': createHmac('sha256', key).update(encoded).digest('hex'),
    ...changes,
  };
  const fields = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return { url: `${runtime().url}/_aws/s3/files`, fields: Object.fromEntries(fields) };
}

const covering = ['key', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'x-amz-security-token'].map(
  (name) => ['starts-with', `$${name}`, ''],
);
const policyOf = (...conditions: unknown[]): string =>
  JSON.stringify({
    expiration: new Date(Date.now() + 60_000).toISOString(),
    conditions: [...covering, ...conditions],
  });

describe('a form for an upload', () => {
  it('stores the file with the fields of the form, and answers 204', async () => {
    const form = await formFor({
      Key: 'incoming/stored',
      Fields: {
        'Content-Type': 'image/png',
        'Cache-Control': 'private',
        'x-amz-meta-by': 'ann',
      },
    });
    expect(form.url).toBe(`${runtime().url}/_aws/s3/files`);
    const answer = await post(form, new Blob([Uint8Array.from([0, 255, 13, 10])]));
    expect(answer.status).toBe(204);
    expect(answer.headers.get('location')).toBe(`${runtime().url}/_aws/s3/files/incoming/stored`);
    expect(stored('incoming/stored')).toMatchObject({
      body: Buffer.from([0, 255, 13, 10]),
      etag: answer.headers.get('etag'),
      headers: { 'content-type': 'image/png', 'cache-control': 'private', 'x-amz-meta-by': 'ann' },
    });
  });

  it.each([
    ['200', 200],
    ['201', 201],
    ['204', 204],
    ['418', 204],
  ])('answers the status %s that it names with %i', async (success_action_status, status) => {
    const form = await formFor({ Fields: { ...base.Fields, success_action_status } });
    const answer = await post(form);
    expect(answer.status).toBe(status);
    expect(answer.text.includes('<Bucket>files</Bucket><Key>incoming/one</Key>')).toBe(status === 201);
  });

  it('redirects to the address that it names', async () => {
    const success_action_redirect = 'https://chat.example/done?x=1';
    const answer = await post(await formFor({ Fields: { ...base.Fields, success_action_redirect } }));
    expect(answer.status).toBe(303);
    const { origin, pathname, searchParams } = new URL(answer.headers.get('location') ?? '');
    expect([origin, pathname, Object.fromEntries(searchParams)]).toEqual([
      'https://chat.example',
      '/done',
      { x: '1', bucket: 'files', key: 'incoming/one', etag: stored('incoming/one')?.etag },
    ]);
  });

  it('may name the file by its own name, and store it with tags', async () => {
    const tagging = '<Tagging><TagSet><Tag><Key>unsent</Key><Value>1</Value></Tag></TagSet></Tagging>';
    const form = await formFor({ Key: 'files/x/${filename}', Fields: { ...base.Fields, tagging } });
    expect((await post(form)).status).toBe(204);
    expect(stored('files/x/picture.png')?.tags).toEqual({ unsent: '1' });
  });

  it.each([
    ['6 bytes', '123456', 'EntityTooLarge', '<MaxSizeAllowed>5</MaxSizeAllowed>'],
    ['1 byte', '1', 'EntityTooSmall', '<MinSizeAllowed>2</MinSizeAllowed>'],
    ['nothing', '', 'EntityTooSmall', '<ProposedSize>0</ProposedSize>'],
  ])('is refused with %s when it allows 2 to 5', async (_what, file, code, detail) => {
    const answer = await post(await formFor({ Key: 'incoming/sized' }), file);
    expect(answer).toMatchObject({ status: 400, code, text: expect.stringContaining(detail) });
    expect(stored('incoming/sized')).toBeUndefined();
  });

  it.each([
    ['key', 'incoming/other', '["eq", "$key", "incoming/one"]'],
    ['Content-Type', 'text/html', '["eq", "$Content-Type", "image/png"]'],
  ])('is refused with another %s than its policy fixes', async (name, value, condition) => {
    const { url, fields } = await formFor();
    const answer = await post({ url, fields: { ...fields, [name]: value } });
    expect(answer).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(answer.message.replaceAll('&#34;', '"')).toBe(
      `Invalid according to Policy: Policy Condition failed: ${condition}`,
    );
  });

  it.each(['Content-Type', 'key'])('is refused without its field %s', async (name) => {
    const { url, fields } = await formFor();
    const { [name]: _removed, ...others } = fields;
    expect((await post({ url, fields: others })).status).toBeGreaterThanOrEqual(400);
  });

  it('is refused with a field that no condition covers, except for those that may be ignored', async () => {
    const { url, fields } = await formFor();
    expect(await post({ url, fields: { ...fields, 'x-amz-meta-x': '1' } })).toMatchObject({
      status: 403,
      message: 'Invalid according to Policy: Extra input fields: x-amz-meta-x',
    });
    expect((await post({ url, fields: { ...fields, 'x-ignore-me': '1' } })).status).toBe(204);
  });

  it('is refused once it has expired', async () => {
    const policy = JSON.stringify({ expiration: '2020-01-01T00:00:00Z', conditions: covering });
    expect(await post(await signed(policy))).toMatchObject({
      status: 403,
      code: 'AccessDenied',
      message: 'Invalid according to Policy: Policy expired.',
    });
  });

  it.each<[string, string, Record<string, string | undefined>, number, string]>([
    ['no JSON', '{', {}, 400, 'InvalidPolicyDocument'],
    ['no expiration', JSON.stringify({ conditions: covering }), {}, 400, 'InvalidPolicyDocument'],
    ['an unknown condition', policyOf(['ends-with', '$key', 'x']), {}, 400, 'InvalidPolicyDocument'],
    [
      'a signature of another text',
      policyOf(),
      { 'x-amz-signature': '0'.repeat(64) },
      403,
      'SignatureDoesNotMatch',
    ],
    ['no session token', policyOf(), { 'x-amz-security-token': undefined }, 403, 'InvalidAccessKeyId'],
    ['another session token', policyOf(), { 'x-amz-security-token': 'other' }, 400, 'InvalidToken'],
    ['another algorithm', policyOf(), { 'x-amz-algorithm': 'AWS4-HMAC-SHA1' }, 400, 'InvalidArgument'],
    [
      'an unknown key id',
      policyOf(),
      { 'x-amz-credential': 'A/20260101/us-east-1/s3/aws4_request' },
      400,
      'AuthorizationHeaderMalformed',
    ],
    ['no policy', policyOf(), { policy: undefined }, 403, 'AccessDenied'],
    ['an empty key', policyOf(), { key: '' }, 400, 'InvalidArgument'],
    [
      'a public access control list',
      policyOf({ acl: 'public-read' }),
      { acl: 'public-read' },
      403,
      'AccessDenied',
    ],
    [
      'a condition on a field that it lacks',
      policyOf(['starts-with', '$Content-Type', '']),
      {},
      403,
      'AccessDenied',
    ],
    ['another bucket', policyOf({ bucket: 'other' }), {}, 403, 'AccessDenied'],
  ])('is refused with %s', async (_what, policy, changes, status, code) => {
    expect(await post(await signed(policy, changes))).toMatchObject({ status, code });
    expect(stored('incoming/own')).toBeUndefined();
  });

  it('is accepted when it is signed by hand with its bucket and an allowed list of types', async () => {
    const form = await signed(policyOf({ bucket: 'files' }, ['starts-with', '$Content-Type', 'image/']), {
      key: 'incoming/by-hand',
      'Content-Type': 'image/png,image/gif',
    });
    expect((await post(form)).status).toBe(204);
    form.fields['Content-Type'] = 'image/png,text/html';
    expect((await post(form)).status).toBe(403);
  });

  it.each([
    ['the key', { key: 'other/no' }],
    [
      'the tags',
      {
        key: 'incoming/no',
        tagging: '<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>',
      },
    ],
  ])('is refused when the role that signed it may not put %s', async (_what, changes) => {
    const tagging = ['starts-with', '$tagging', ''];
    const answer = await post(await signed(policyOf(...('tagging' in changes ? [tagging] : [])), changes));
    expect(answer).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(answer.message).toMatch(
      /User: arn:aws:sts::\d+:assumed-role\/\S+ is not authorized to perform: s3:Put/,
    );
    expect(stored(changes.key)).toBeUndefined();
  });

  it('is refused for a bucket that does not exist', async () => {
    const { fields } = await formFor();
    expect(await post({ url: `${runtime().url}/_aws/s3/none`, fields })).toMatchObject({
      status: 404,
      code: 'NoSuchBucket',
    });
  });
});

describe('the body of a form', () => {
  const multipart = { 'content-type': 'multipart/form-data; boundary=x' };

  it.each<[string, Record<string, string>, string, string]>([
    ['another type', { 'content-type': 'text/plain' }, 'x', 'MalformedPOSTRequest'],
    ['no boundary', { 'content-type': 'multipart/form-data' }, 'x', 'MalformedPOSTRequest'],
    [
      'an end that comes too early',
      multipart,
      '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
      'MalformedPOSTRequest',
    ],
    [
      'no file',
      multipart,
      '--x\r\ncontent-disposition: form-data; name="key"\r\n\r\na\r\n--x--\r\n',
      'InvalidArgument',
    ],
  ])('is refused with %s', async (_what, headers, body, code) => {
    const response = await request('', { method: 'POST', headers, body });
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining(`<Code>${code}</Code>`),
    ]);
  });

  it('is refused with more than one file', async () => {
    const { url, fields } = await formFor();
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    for (const name of ['file', 'other']) data.append(name, new Blob(['body']), name);
    const response = await fetch(url, { method: 'POST', body: data });
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('exactly one file'),
    ]);
  });

  it('may have fields behind the file, which are ignored', async () => {
    const { url, fields } = await formFor({ Key: 'incoming/behind' });
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    data.append('file', new Blob(['body']), 'a');
    data.append('key', 'incoming/other');
    expect((await fetch(url, { method: 'POST', body: data })).status).toBe(204);
    expect(stored('incoming/behind')?.body.toString()).toBe('body');
  });

  it('is refused without a length', async () => {
    const status = await new Promise((resolve, reject) => {
      const outgoing = httpRequest(`${runtime().url}/_aws/s3/files`, { method: 'POST', headers: multipart });
      outgoing.on('response', (response) => resolve(response.resume().statusCode));
      outgoing.on('error', reject);
      outgoing.write('--x');
      outgoing.end();
    });
    expect(status).toBe(411);
  });

  it('may be as large as 12 MiB', async () => {
    const size = 12 * 1_024 * 1_024;
    const form = await formFor({ Key: 'incoming/large', Conditions: [['content-length-range', size, size]] });
    expect((await post(form, new Blob([new Uint8Array(size)]))).status).toBe(204);
    expect(stored('incoming/large')?.sizeBytes).toBe(size);
  });
});
