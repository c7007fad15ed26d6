/**
 * The Lambda functions, one row each. The handler of a function is in the folder of its name in kebab case under
 * `functions/`. Its permissions are in grants.ts, its settings in shared/settings.
 */
import { httpFunctions } from '../shared/contract/http/operation.ts';
import type { FunctionName } from '../shared/settings/setting.ts';
import { stackValues } from '../shared/settings/stack-values.ts';

export type { FunctionName };

interface FunctionRow {
  memoryMb: number;
  timeoutSeconds: number;
  /** Route keys of the HTTP API. None ends in a slash, since API Gateway refuses such keys. */
  httpRoutes?: readonly string[];
  /** Route keys that the HTTP API has where there is no edge, which serves these paths itself. */
  httpRoutesWithoutEdge?: readonly string[];
  webSocketRoutes?: readonly ('$connect' | '$disconnect' | '$default')[];
  readsStream?: boolean;
  /** The functions that it invokes, and the variable from which it reads the name of each. */
  invokes?: readonly { function: FunctionName; variable: string }[];
  /** Invokes itself for the next step of long work. */
  invokesItself?: boolean;
  /** Invocations that fail at every attempt go to the failure queue. */
  isInvokedAsynchronously?: boolean;
}

export const functions: Record<FunctionName, FunctionRow> = {
  accounts: {
    // Lambda allots one whole vCPU at 1,769 MB, and this function spends most of its time hashing passwords.
    memoryMb: 1769,
    timeoutSeconds: 15,
    httpRoutes: httpFunctions.accounts,
  },
  chat: {
    memoryMb: 512,
    timeoutSeconds: 15,
    httpRoutes: httpFunctions.chat,
    invokes: [{ function: 'uploads', variable: stackValues.uploadsFunctionName.variable }],
  },
  docs: {
    memoryMb: 256,
    timeoutSeconds: 5,
    httpRoutes: httpFunctions.docs,
  },
  connect: {
    memoryMb: 512,
    timeoutSeconds: 10,
    webSocketRoutes: ['$connect'],
  },
  message: {
    memoryMb: 512,
    timeoutSeconds: 10,
    webSocketRoutes: ['$default'],
    invokes: [{ function: 'uploads', variable: stackValues.uploadsFunctionName.variable }],
  },
  disconnect: {
    memoryMb: 256,
    timeoutSeconds: 10,
    webSocketRoutes: ['$disconnect'],
  },
  tableStream: {
    memoryMb: 512,
    timeoutSeconds: 60,
    readsStream: true,
    invokes: [
      { function: 'fanOut', variable: stackValues.fanOutFunctionName.variable },
      { function: 'welcome', variable: stackValues.welcomeFunctionName.variable },
      { function: 'inbox', variable: stackValues.inboxFunctionName.variable },
      { function: 'cleanup', variable: stackValues.cleanupFunctionName.variable },
    ],
  },
  fanOut: {
    memoryMb: 512,
    timeoutSeconds: 60,
    isInvokedAsynchronously: true,
  },
  welcome: {
    memoryMb: 512,
    timeoutSeconds: 60,
    isInvokedAsynchronously: true,
  },
  inbox: {
    // It mostly waits, for up to two seconds, so memory is what it costs.
    memoryMb: 256,
    timeoutSeconds: 60,
    isInvokedAsynchronously: true,
  },
  cleanup: {
    memoryMb: 512,
    timeoutSeconds: 120,
    isInvokedAsynchronously: true,
    invokesItself: true,
  },
  uploads: {
    // A whole vCPU, and the memory for the largest image that is accepted.
    memoryMb: 1769,
    timeoutSeconds: 29,
    httpRoutesWithoutEdge: ['GET /files/{proxy+}'],
    isInvokedAsynchronously: true,
  },
  canary: {
    memoryMb: 256,
    timeoutSeconds: 120,
  },
};

export const functionNames = Object.keys(functions) as FunctionName[];

/** Returns the folder of a function under `functions/`, such as `table-stream` for `tableStream`. */
export function folderOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Returns the route keys of a function in the HTTP API of a stage. */
export function httpRoutesOf(name: FunctionName, { hasEdge }: { hasEdge: boolean }): readonly string[] {
  const { httpRoutes = [], httpRoutesWithoutEdge = [] } = functions[name];
  return hasEdge ? httpRoutes : [...httpRoutes, ...httpRoutesWithoutEdge];
}
