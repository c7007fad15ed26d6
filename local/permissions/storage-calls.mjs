/**
 * Derives from a request to S3 the calls that IAM must allow. It is plain JavaScript because it also runs in the functions'
 * workers.
 */

/** Returns the calls for a request whose path begins with the bucket. */
export function storageCalls({ method, path, header, body }) {
  const mark = path.indexOf('?');
  const query = new URLSearchParams(mark === -1 ? '' : path.slice(mark + 1).replaceAll('+', '%2B'));
  const place = decode(mark === -1 ? path : path.slice(0, mark)).replace(/^\//, '');
  const slash = place.indexOf('/');
  const bucket = slash === -1 ? place : place.slice(0, slash);
  const key = slash === -1 ? '' : place.slice(slash + 1);
  if (bucket === '') return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  if (key === '') return bucketCalls({ bucket, query, body });
  const on = (action) => objectCall(action, bucket, key);
  if (query.has('tagging')) return [on(`${actionOf(method)}Tagging`)];
  const isTagged = method === 'PUT' && header('x-amz-tagging') !== undefined;
  return [on(actionOf(method)), ...(isTagged ? [on('PutObjectTagging')] : [])];
}

function bucketCalls({ bucket, query, body }) {
  if (query.has('delete'))
    return textsOf(body(), 'Key').map((deleted) => objectCall('DeleteObject', bucket, deleted));
  const prefix = query.get('prefix');
  return [
    {
      action: 's3:ListBucket',
      resource: `arn:aws:s3:::${bucket}`,
      context: prefix === null ? {} : { 's3:prefix': prefix },
    },
  ];
}

/** Returns a call on an object. */
export function objectCall(action, bucket, key) {
  return { action: `s3:${action}`, resource: `arn:aws:s3:::${bucket}/${key}` };
}

const actions = { GET: 'GetObject', HEAD: 'GetObject', PUT: 'PutObject', DELETE: 'DeleteObject' };
const actionOf = (method) => actions[method] ?? `${method}Object`;

/** Returns the texts of all elements with a name in a document of S3, in their order. */
export function textsOf(xml, name) {
  const elements = xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`, 'g'));
  return [...elements].map(([, text]) => unescape(text));
}

const named = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescape(text) {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
    return decimal === undefined ? (named[name] ?? whole) : String.fromCodePoint(Number(decimal));
  });
}

/** A path that cannot be decoded names no object that a policy could allow; S3 refuses it. */
function decode(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
