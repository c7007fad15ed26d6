/**
 * CORS of a bucket: S3 answers with the headers of the first rule that allows the request.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
 */

import type { CorsRule } from '../../bucket-definition.ts';
import { S3Error, emptyAnswer, type S3Answer } from './s3-error.ts';

const vary = 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method';

/**
 * Answers a preflight.
 * @throws S3Error AccessForbidden when no rule allows the request
 */
export function answerPreflight(rules: readonly CorsRule[], headers: Record<string, string>): S3Answer {
  const {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': requested = '',
  } = headers;
  if (origin === undefined || method === undefined)
    throw new S3Error('AccessForbidden', 'Insufficient information. Origin request header needed.');
  if (rules.length === 0)
    throw new S3Error('AccessForbidden', 'CORSResponse: CORS is not enabled for this bucket.');
  const names = requested.split(',').map((name) => name.trim().toLowerCase());
  const asked = names.filter((name) => name !== '');
  const rule = rules.find(
    (one) =>
      allows(one, origin, method) &&
      asked.every((name) => one.allowedHeaders.some((pattern) => matches(pattern.toLowerCase(), name))),
  );
  if (rule === undefined)
    throw new S3Error(
      'AccessForbidden',
      "CORSResponse: This CORS request is not allowed. This is usually because the evaluation of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    );
  return emptyAnswer(200, {
    ...headersOf(rule, origin),
    ...(asked.length > 0 && { 'access-control-allow-headers': asked.join(', ') }),
    ...(rule.maxAgeSeconds !== undefined && { 'access-control-max-age': String(rule.maxAgeSeconds) }),
  });
}

/** Returns the headers of an answer to another request; none when no rule allows it. */
export function corsHeaders(
  rules: readonly CorsRule[],
  method: string,
  origin: string | undefined,
): Record<string, string> {
  const rule = origin === undefined ? undefined : rules.find((one) => allows(one, origin, method));
  return rule === undefined || origin === undefined ? {} : headersOf(rule, origin);
}

function headersOf(
  { allowedOrigins, allowedMethods, exposedHeaders }: CorsRule,
  origin: string,
): Record<string, string> {
  const isForAll = allowedOrigins.includes('*');
  return {
    'access-control-allow-origin': isForAll ? '*' : origin,
    ...(!isForAll && { 'access-control-allow-credentials': 'true' }),
    'access-control-allow-methods': allowedMethods.join(', '),
    ...(exposedHeaders.length > 0 && { 'access-control-expose-headers': exposedHeaders.join(', ') }),
    vary,
  };
}

const allows = ({ allowedOrigins, allowedMethods }: CorsRule, origin: string, method: string): boolean =>
  allowedMethods.includes(method) && allowedOrigins.some((pattern) => matches(pattern, origin));

/** A pattern may contain one asterisk. */
function matches(pattern: string, text: string): boolean {
  const [start = '', end] = pattern.split('*');
  if (end === undefined) return pattern === text;
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}
