/**
 * Enforces the role of a function: checks each of its requests to an AWS service inside the worker, and
 * answers a denied one with that service's own error. Checking here, and not in a proxy, costs no network
 * hop. The function's bundle is not involved.
 */

import http from 'node:http';
import { Readable } from 'node:stream';
import { readAwsCalls } from './aws-calls.mjs';
import { databaseRefusal } from './database-limits.mjs';
import { compilePolicy } from './policy.mjs';
import { invalidRequest, refusalOf } from './refusal.mjs';

/** The chunks written to a request, which are sent only after the complete request was checked. */
const held = Symbol('held');

/**
 * Checks all HTTP and HTTPS requests from now on, whichever library makes them. Calls `onAwsCall` with each
 * call and its verdict. It replaces methods of the prototype, because own
 * methods would make each request a slow object.
 */
export function guardRequests({ statements, roleArn, awsContext }, onAwsCall) {
  const verdictOn = compilePolicy(statements);
  const calls = readAwsCalls(awsContext);
  const { prototype } = http.ClientRequest;
  // oxlint-disable-next-line typescript/unbound-method -- each is called with the request as its `this`
  const { write, end, flushHeaders } = prototype;
  const serviceFor = (outgoing) => calls.serviceOf(outgoing.getHeader('host') ?? '', outgoing.path);

  /** Returns the answer to a request that is denied or not valid; undefined for any other. */
  function refusalFor(service, outgoing, body) {
    const { method, path } = outgoing;
    const target = String(outgoing.getHeader('x-amz-target') ?? '');
    let refusal;
    const header = (name) => outgoing.getHeader(name)?.toString();
    for (const call of calls.callsOf(service, { method, path, target, header, body: () => asText(body) })) {
      const verdict = verdictOn(call);
      onAwsCall?.(call, verdict);
      if (verdict !== 'allowed') refusal ??= refusalOf(service, call, verdict, roleArn);
    }
    if (refusal !== undefined || service !== 'dynamodb') return refusal;
    const operation = target.slice(target.indexOf('.') + 1);
    const problem = databaseRefusal(operation, JSON.parse(asText(body)), awsContext);
    return problem === undefined ? undefined : invalidRequest(problem);
  }

  prototype.write = function holdBack(chunk, encoding, done) {
    if (serviceFor(this) === undefined) return write.call(this, chunk, encoding, done);
    (this[held] ??= []).push(asBuffer(chunk, encoding));
    [encoding, done].find(isFunction)?.();
    return true;
  };

  prototype.end = function checkAndSend(chunk, encoding, done) {
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

  // A request to a service sends its headers only after the check.
  prototype.flushHeaders = function flushUnlessChecked() {
    if (serviceFor(this) === undefined) flushHeaders.call(this);
  };
}

function answer(outgoing, { status, headers, body }) {
  // The unused connection is closed, which must not surface as an error.
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

/** A body that was written in one piece is passed on unchanged. */
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
