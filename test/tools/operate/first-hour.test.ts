/** The probes of the first hour, against the local runtime, which does as the project assumes that AWS does. */
import { describe, expect, it } from 'vitest';
import { requestSigner } from '../../../shared/aws/sign-request.ts';
import { chatAddresses } from '../../../functions/canary/chat-api.ts';
import type { AwsApi } from '../../../tools/operate/aws/aws-api.ts';
import { firstHour } from '../../../tools/operate/first-hour/first-hour.ts';
import { useRuntime } from '../../kit/use-runtime.ts';

const { runtime } = useRuntime({});

/** Sends the requests for AWS to the runtime's gateway and to its engine. */
const localAws = (): AwsApi => ({
  region: 'us-east-1',
  async send({ service, method, path, headers = {}, body = '' }) {
    const endpoint = new URL(service === 'dynamodb' ? runtime().engine.endpoint : runtime().url);
    const signer = requestSigner(service, 'us-east-1', { accessKeyId: 'local', secretAccessKey: 'local' });
    const signed = { ...headers, host: endpoint.host };
    const signature = signer.headersFor({ method, path, headers: signed, body }, Date.now());
    const response = await fetch(endpoint.origin + path, {
      method,
      headers: { ...headers, ...signature },
      ...(method === 'POST' && { body }),
    });
    return { status: response.status, text: await response.text() };
  },
});

async function run(withOperator: boolean) {
  const lines: string[] = [];
  const { url, webSocketUrl, stack } = runtime();
  const operator = {
    api: localAws(),
    tableName: stack.table.tableName,
    webSocketApi: new URL(`${webSocketUrl}/${stack.stage}`),
  };
  const isAsAssumed = await firstHour(
    {
      addresses: chatAddresses(url),
      origin: 'https://front-end.example',
      timeoutMs: 10_000,
      ...(withOperator && { operator }),
    },
    { print: (line) => void lines.push(line), printError: (line) => void lines.push(line) },
  );
  return { isAsAssumed, report: lines.join('\n') };
}

describe('the first hour', () => {
  it('finds that the local runtime does what the project assumes', async () => {
    const { isAsAssumed, report } = await run(true);
    expect([...report.matchAll(/^DIFFERENT +(.+)$/gm)].map(([, name]) => name)).toEqual([]);
    expect(isAsAssumed).toBe(true);
    expect(report).not.toContain('not tried');
    expect(report).toContain('accounts ok, chat ok, connect ok, message ok, tableStream ok');
    expect(report).toMatch(/300 posts in [\d.]+ s: .*the client received \d+/);
    expect(report).toContain('/beyond 403');
  });

  it('does not try what needs credentials, when only an address is known', async () => {
    const { report } = await run(false);
    expect(report.match(/^not tried/gm)).toHaveLength(2);
  });
});
