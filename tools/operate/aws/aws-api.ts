/**
 * Signed requests to the APIs of AWS that the operator's commands call. A signed request needs no client package for each
 * service, and a test replaces the one function that sends it.
 */
import { LambdaClient } from '@aws-sdk/client-lambda';
import { requestSigner, type Credentials } from '../../../shared/aws/sign-request.ts';
import { OperatorError } from '../command-line.ts';

export interface AwsRequest {
  /** The service's name in host names and signatures, such as `cloudformation`. */
  service: string;
  /** Absent for a service of the region; `us-east-1` signs requests to a service without regions, such as CloudFront. */
  globalRegion?: string;
  /** The host, where it cannot be derived from service and region, as that of an API behind API Gateway. */
  host?: string;
  method: 'GET' | 'POST';
  /** The encoded path, without a query. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export interface AwsAnswer {
  status: number;
  text: string;
}

/** Sends a signed request to AWS in one region. Tests pass their own. */
export interface AwsApi {
  region: string;
  /** Rejects when there is no answer. */
  send(request: AwsRequest): Promise<AwsAnswer>;
}

/** An answer of AWS with a status of 400 or above; the operator reads what AWS says about it. */
export class AwsRefusal extends OperatorError {
  override readonly name = 'AwsRefusal';
  readonly status: number;
  /** AWS's name for the error, such as `AccessDenied`; empty when the answer has none. */
  readonly code: string;

  constructor({ service }: AwsRequest, { status, text }: AwsAnswer) {
    const { code, message } = errorIn(text);
    super(`${service} answered ${[status, code].join(' ').trim()}: ${message}`.replaceAll(/\s+/g, ' '));
    this.status = status;
    this.code = code;
  }
}

/** The XML services name errors in `<Code>`, the JSON services in `__type`, which may have a prefix that ends in `#`. */
function errorIn(text: string): { code: string; message: string } {
  if (text.trimStart().startsWith('<')) {
    return { code: textOf(text, 'Code') ?? '', message: textOf(text, 'Message') ?? text.slice(0, 200) };
  }
  try {
    const { __type: type = '', message, Message } = JSON.parse(text) as Record<string, string>;
    return { code: type.slice(type.indexOf('#') + 1), message: message ?? Message ?? text.slice(0, 200) };
  } catch {
    // Neither XML nor JSON, such as the page of a proxy: the text itself is all there is.
    return { code: '', message: text.slice(0, 200) };
  }
}

/** Returns the text of the first XML element of that name, with its entities decoded; undefined when there is none. */
export function textOf(xml: string, name: string): string | undefined {
  const match = new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`).exec(xml);
  return match?.[1]
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}

/** Returns the content of each `<member>` of the first XML element of that name. Lists within members are not supported. */
export function membersOf(xml: string, name: string): string[] {
  const list = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(xml)?.[1] ?? '';
  return [...list.matchAll(/<member>(.*?)<\/member>/gs)].map(([, member]) => member ?? '');
}

/**
 * Sends a request and returns the text of the answer.
 * @throws AwsRefusal for a status of 400 or above
 */
export async function callAws(api: AwsApi, request: AwsRequest): Promise<string> {
  const answer = await api.send(request);
  if (answer.status >= 400) throw new AwsRefusal(request, answer);
  return answer.text;
}

/** Calls an operation of a service with the Query protocol, such as STS or CloudFormation; the answer is XML. */
export function callQuery(
  api: AwsApi,
  { service, version }: { service: string; version: string },
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  return callAws(api, {
    service,
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams({ ...parameters, Version: version }).toString(),
  });
}

/** Calls an operation of a service with a JSON protocol, by the value of its header `X-Amz-Target`. */
export async function callTarget<T>(
  api: AwsApi,
  { service, target, version }: { service: string; target: string; version: '1.0' | '1.1' },
  input: object,
): Promise<T> {
  const text = await callAws(api, {
    service,
    method: 'POST',
    path: '/',
    headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target },
    body: JSON.stringify(input),
  });
  return JSON.parse(text) as T;
}

const requestTimeoutMs = 15_000;

/**
 * Returns the API of the region and the credentials that the AWS SDK finds: in the environment, a profile, or a role.
 * @throws OperatorError when it finds no region or no credentials
 */
export async function openAwsApi(): Promise<AwsApi> {
  const { config } = new LambdaClient({});
  const [region, credentials] = await Promise.all([
    config
      .region()
      .catch(missing('No AWS region is set. Set AWS_REGION, or AWS_PROFILE to a profile with one.')),
    config
      .credentials()
      .catch(
        missing(
          'No AWS credentials were found. Sign in, for example with "aws sso login", or set AWS_PROFILE.',
        ),
      ),
  ]);
  return { region, send: (request) => send(request, region, credentials) };
}

const missing =
  (message: string) =>
  (cause: unknown): never => {
    throw new OperatorError(message, { cause });
  };

async function send(request: AwsRequest, region: string, credentials: Credentials): Promise<AwsAnswer> {
  const { service, globalRegion, method, path, headers = {}, body = '' } = request;
  const { host = hostOf(service, globalRegion === undefined ? region : undefined) } = request;
  const signer = requestSigner(service, globalRegion ?? region, credentials);
  const signature = signer.headersFor({ method, path, headers: { ...headers, host }, body }, Date.now());
  try {
    const response = await fetch(`https://${host}${path}`, {
      method,
      headers: { ...headers, ...signature },
      ...(method === 'POST' && { body }),
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    throw new OperatorError(`${host} did not answer: ${describeFailure(cause)}`, { cause });
  }
}

/** The region is undefined for a service without regions. */
const hostOf = (service: string, region: string | undefined): string =>
  region === undefined ? `${service}.amazonaws.com` : `${service}.${region}.amazonaws.com`;

/** `fetch` hides the reason, such as a name that does not resolve, in the error's cause. */
function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
