/** The addresses of a deployed stage, from its stack or from the command line. */
import { chatAddresses, type ChatAddresses } from '../../functions/canary/chat-api.ts';
import { openAwsApi, type AwsApi } from './aws/aws-api.ts';
import { findStack } from './aws/stacks.ts';
import { OperatorError } from './command-line.ts';
import { assertStage, stackNameOf } from './stage.ts';

/** The rows of the options that name the addresses. */
export const addressOptions = {
  url: {
    type: 'string',
    value: '<url>',
    description: 'The address of the edge, of the HTTP API, or of a local runtime.',
  },
  'websocket-url': {
    type: 'string',
    value: '<url>',
    description: 'The address of the WebSocket API, for a stage without an edge: the output WebSocketUrl.',
  },
  stage: {
    type: 'string',
    value: '<stage>',
    description: 'Instead of addresses: reads them from the outputs of the stack of this stage.',
  },
} as const;

export interface AddressValues {
  url: string | undefined;
  'websocket-url': string | undefined;
  stage: string | undefined;
}

/**
 * Returns the addresses that the options name.
 * @throws OperatorError when they name none, or a stack without addresses
 */
export async function addressesFrom(
  values: AddressValues,
  api: () => Promise<AwsApi> = openAwsApi,
): Promise<ChatAddresses> {
  const { url, 'websocket-url': webSocketUrl, stage } = values;
  if (url !== undefined) {
    assertUrl(url, /^https?:$/);
    if (webSocketUrl !== undefined) assertUrl(webSocketUrl, /^wss?:$/);
    return chatAddresses(url, webSocketUrl);
  }
  if (stage === undefined) throw new OperatorError('Name the stage with --stage, or its address with --url.');
  assertStage(stage);
  return addressesOfStack(await api(), stackNameOf(stage));
}

/** @throws OperatorError when the stack does not exist or has no addresses */
export async function addressesOfStack(api: AwsApi, stackName: string): Promise<ChatAddresses> {
  const stack = await findStack(api, stackName);
  if (stack === undefined) throw new OperatorError(`The stack ${stackName} does not exist in ${api.region}.`);
  const { EdgeUrl: edge, HttpApiUrl: http, WebSocketUrl: webSocket } = stack.outputs;
  if (edge !== undefined) return chatAddresses(edge);
  if (http === undefined || webSocket === undefined)
    throw new OperatorError(
      `The stack ${stackName} has no addresses among its outputs; it is ${stack.status}.`,
    );
  return chatAddresses(http, webSocket);
}

function assertUrl(url: string, protocol: RegExp): void {
  if (URL.canParse(url) && protocol.test(new URL(url).protocol)) return;
  throw new OperatorError(
    `"${url}" is not an address of the form ${protocol.test('https:') ? 'https://…' : 'wss://…'}.`,
  );
}
