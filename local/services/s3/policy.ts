/**
 * Checks an upload by form against the policy that was signed for it.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */

import { isObject } from '../../json-object.ts';
import { S3Error } from './s3-error.ts';

export interface PolicyCheck {
  /** The field `policy`, in base64. */
  policy: string;
  /** The fields of the form before the file, by lowercase names. */
  fields: ReadonlyMap<string, string>;
  bucketName: string;
  /** The key after `${filename}` was replaced. */
  key: string;
  sizeBytes: number;
  nowMs: number;
}

/** Fields that need no condition. */
const uncovered = new Set(['policy', 'x-amz-signature', 'file']);
const isIgnored = (name: string): boolean => uncovered.has(name) || name.startsWith('x-ignore-');

type Condition =
  | { kind: 'eq' | 'starts-with'; name: string; value: string; text: string }
  | { kind: 'content-length-range'; min: number; max: number };

/** @throws S3Error InvalidPolicyDocument, AccessDenied, EntityTooLarge, EntityTooSmall */
export function checkPolicy({ policy, fields, bucketName, key, sizeBytes, nowMs }: PolicyCheck): void {
  const { expiresAtMs, conditions } = parsePolicy(policy);
  if (expiresAtMs <= nowMs) throw denied('Policy expired.');
  const values = new Map([...fields, ['bucket', bucketName], ['key', key]]);
  const covered = new Set<string>(['bucket']);
  for (const condition of conditions) {
    if (condition.kind === 'content-length-range') continue;
    covered.add(condition.name);
    if (!holds(condition, values.get(condition.name)))
      throw denied(`Policy Condition failed: ${condition.text}`);
  }
  const extra = [...fields.keys()].filter((name) => !covered.has(name) && !isIgnored(name));
  if (extra.length > 0) throw denied(`Extra input fields: ${extra.join(', ')}`);
  for (const condition of conditions) {
    if (condition.kind !== 'content-length-range') continue;
    const { min, max } = condition;
    if (sizeBytes > max)
      throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
        ProposedSize: sizeBytes,
        MaxSizeAllowed: max,
      });
    if (sizeBytes < min)
      throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
        ProposedSize: sizeBytes,
        MinSizeAllowed: min,
      });
  }
}

/** A field that the form does not have satisfies no condition. */
function holds(
  { kind, name, value }: Extract<Condition, { name: string }>,
  actual: string | undefined,
): boolean {
  if (actual === undefined) return false;
  if (kind === 'eq') return actual === value;
  // Each type of a list of types must satisfy the condition.
  const parts = name === 'content-type' ? actual.split(',') : [actual];
  return parts.every((part) => part.trim().startsWith(value));
}

function parsePolicy(policy: string): { expiresAtMs: number; conditions: Condition[] } {
  const document = parseJson(Buffer.from(policy, 'base64').toString('utf8'));
  if (!isObject(document)) throw invalid('Invalid JSON.');
  const expiresAtMs = Date.parse(String(document['expiration']));
  if (Number.isNaN(expiresAtMs)) throw invalid('Policy missing expiration.');
  const conditions: unknown = document['conditions'];
  if (!Array.isArray(conditions)) throw invalid('Policy missing conditions.');
  return { expiresAtMs, conditions: conditions.flatMap(parseCondition) };
}

function parseCondition(condition: unknown): Condition[] {
  if (Array.isArray(condition)) {
    const [operator, one, other]: unknown[] = condition;
    const kind = String(operator).toLowerCase();
    if (condition.length === 3 && kind === 'content-length-range')
      return [{ kind, min: Number(one), max: Number(other) }];
    const isComparison = kind === 'eq' || kind === 'starts-with';
    if (condition.length === 3 && isComparison && typeof one === 'string' && one.startsWith('$'))
      return [comparison(kind, one.slice(1), other)];
  } else if (isObject(condition))
    return Object.entries(condition).map(([name, value]) => comparison('eq', name, value));
  throw invalid(`Invalid Condition: ${JSON.stringify(condition)}`);
}

function comparison(kind: 'eq' | 'starts-with', name: string, expected: unknown): Condition {
  if (typeof expected !== 'string') throw invalid(`Invalid Condition: the value of ${name} is not a text`);
  const text = `["${kind}", "$${name}", "${expected}"]`;
  return { kind, name: name.toLowerCase(), value: expected, text };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const denied = (what: string): S3Error => new S3Error('AccessDenied', `Invalid according to Policy: ${what}`);
const invalid = (what: string): S3Error => new S3Error('InvalidPolicyDocument', `Invalid Policy: ${what}`);
