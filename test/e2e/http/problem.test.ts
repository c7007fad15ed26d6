/** The comparison of refusals itself, which is looser on a deployed stage than on a local runtime. */
import { afterEach, describe, expect, test } from 'vitest';
import { useDeployment } from '../../kit/deployment.ts';
import { problemOrGatewayRefusal } from './problem.ts';

const refusal = (status: number, message: string) => ({
  status,
  headers: new Headers({ 'content-type': 'application/json' }),
  body: { message },
});
const ofFunction = {
  status: 404,
  headers: new Headers({ 'content-type': 'application/problem+json' }),
  body: { type: 'about:blank', title: 'x', status: 404, detail: 'x', code: 'not_found', request_id: 'x' },
};
const cases = [
  [404, 'not_found', 'Not Found'],
  [413, 'payload_too_large', 'Request Entity Too Large'],
  [429, 'rate_limited', 'Too Many Requests'],
  [400, 'invalid_request', 'Bad Request'],
] as const;

afterEach(() => useDeployment(undefined));

describe('on a deployed stage', () => {
  test.each(cases)('a refusal with %s may be worded by the gateway', (status, code, message) => {
    useDeployment('https://d111111abcdef8.cloudfront.example');
    expect(refusal(status, message)).toEqual(problemOrGatewayRefusal(status, code));
    expect(() =>
      expect(refusal(status, 'Something else')).toEqual(problemOrGatewayRefusal(status, code)),
    ).toThrow('to deeply equal');
    expect(() => expect(refusal(502, message)).toEqual(problemOrGatewayRefusal(status, code))).toThrow(
      'to deeply equal',
    );
  });

  test('a problem of a function is still compared as a whole', () => {
    useDeployment('https://d111111abcdef8.cloudfront.example');
    expect(ofFunction).toEqual(problemOrGatewayRefusal(404, 'not_found'));
    const other = { ...ofFunction, body: { ...ofFunction.body, code: 'forbidden' } };
    expect(() => expect(other).toEqual(problemOrGatewayRefusal(404, 'not_found'))).toThrow('to deeply equal');
  });
});

test.each(cases)(
  'a local runtime must not word a refusal with %s as the gateway',
  (status, code, message) => {
    useDeployment('http://127.0.0.1:3000');
    expect(() => expect(refusal(status, message)).toEqual(problemOrGatewayRefusal(status, code))).toThrow(
      'to deeply equal',
    );
  },
);
