/**
 * Lets a function reach AWS only as far as its role allows: every request that leaves the worker for one of the
 * services is judged where it is made, and refused in that service's own words. Judging here rather than in front
 * of the services costs no hop. The function cannot tell it from AWS, and nothing in its bundle knows of it.
 */

import http from 'node:http';
import { Readable } from 'node:stream';
import { readAwsCalls } from './aws-calls.mjs';
import { compilePolicy } from './policy.mjs';
import { refusalOf } from './refusal.mjs';

/** What was written to a request for a service, kept back until all of it is there. */
const held = Symbol('held');

/**
 * From now on, for HTTP and HTTPS alike, whatever library makes the request. `tell` hears of every call and of how it
 * was judged. Methods of the prototype are replaced, since own ones would make each request a slow object.
 */
export function guardRequests({ statements, roleArn, awsContext }, tell) {
  const verdictOn = compilePolicy(statements);
  const calls = readAwsCalls(awsContext);
  const { prototype } = http.ClientRequest;
  const { write, end, flushHeaders } = prototype;
  const serviceFor = (outgoing) => calls.serviceOf(outgoing.getHeader('host') ?? '', outgoing.path);

  /** The answer in place of the service's; undefined when everything that the request asks for is allowed. */
  function refusalFor(service, outgoing, body) {
    const { method, path } = outgoing;
    const target = String(outgoing.getHeader('x-amz-target') ?? '');
    let refusal;
    for (const call of calls.callsOf(service, { method, path, target, body: () => asText(body) })) {
      const verdict = verdictOn(call);
      tell?.(call, verdict);
      if (verdict !== 'allowed') refusal ??= refusalOf(service, call, verdict, roleArn);
    }
    return refusal;
  }

  prototype.write = function keepBack(chunk, encoding, done) {
    if (serviceFor(this) === undefined) return write.call(this, chunk, encoding, done);
    (this[held] ??= []).push(asBuffer(chunk, encoding));
    [encoding, done].find(isFunction)?.();
    return true;
  };

  prototype.end = function judge(chunk, encoding, done) {
    const service = serviceFor(this);
    if (service === undefined) return end.call(this, chunk, encoding, done);
    const last = isFunction(chunk) ? undefined : chunk;
    const body = wholeBody(this[held], last, encoding);
    const refusal = refusalFor(service, this, body);
    if (refusal === undefined)
      return end.call(this, body, encoding, [chunk, encoding, done].find(isFunction));
    answer(this, refusal);
    return this;
  };

  // Some requests are complete with their headers.
  prototype.flushHeaders = function flushUnlessJudged() {
    if (serviceFor(this) === undefined) flushHeaders.call(this);
  };
}

function answer(outgoing, { status, headers, body }) {
  // Its connection was never used for anything, and closes without that being an error of anyone's.
  outgoing.on('error', () => undefined);
  process.nextTick(() => {
    const response = Object.assign(Readable.from([Buffer.from(body)]), {
      statusCode: status,
      statusMessage: 'Access denied',
      httpVersion: '1.1',
      headers,
      rawHeaders: Object.entries(headers).flat(),
    });
    outgoing.emit('response', response);
    outgoing.destroy();
  });
}

const isFunction = (value) => typeof value === 'function';

/** As it was given when it was given at once. */
function wholeBody(earlier, last, encoding) {
  if (earlier === undefined) return last;
  return Buffer.concat(
    last === undefined || last === null ? earlier : [...earlier, asBuffer(last, encoding)],
  );
}

function asBuffer(chunk, encoding) {
  if (typeof chunk !== 'string') return Buffer.from(chunk);
  return Buffer.from(chunk, isFunction(encoding) ? 'utf8' : encoding);
}

function asText(body) {
  if (typeof body === 'string') return body;
  return body === undefined || body === null
    ? ''
    : Buffer.from(body.buffer, body.byteOffset, body.length).toString();
}
