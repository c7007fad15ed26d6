/**
 * The Lambda functions, one row each: the folder of that name under `functions/`, in kebab case, exports `handler`.
 * What a function may touch is in grants.ts; how it is deployed is in lambda-function.ts.
 */
import { httpFunctions } from '../shared/contract/http/operation.ts';
import type { FunctionName } from '../shared/settings/setting.ts';
import { stackValues } from '../shared/settings/stack-values.ts';

export type { FunctionName };

interface FunctionRow {
  memoryMb: number;
  timeoutSeconds: number;
  /** HTTP API route keys. None ends in a slash, which API Gateway refuses. */
  httpRoutes?: readonly string[];
  webSocketRoutes?: readonly ('$connect' | '$disconnect' | '$default')[];
  readsStream?: boolean;
  /** The functions that it invokes asynchronously, and the variable from which it reads the name of each. */
  invokes?: readonly { function: FunctionName; variable: string }[];
  /** Invocations that fail at every attempt go to the failure queue. */
  isInvokedAsynchronously?: boolean;
}

export const functions: Record<FunctionName, FunctionRow> = {
  accounts: {
    // 1,769 MB is one whole vCPU: hashing a password is all that this function waits for.
    memoryMb: 1769,
    timeoutSeconds: 15,
    httpRoutes: httpFunctions.accounts,
  },
  chat: {
    memoryMb: 512,
    timeoutSeconds: 15,
    httpRoutes: httpFunctions.chat,
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
    invokes: [{ function: 'fanOut', variable: stackValues.fanOutFunctionName.variable }],
  },
  fanOut: {
    memoryMb: 512,
    timeoutSeconds: 60,
    isInvokedAsynchronously: true,
  },
};

export const functionNames = Object.keys(functions) as FunctionName[];

/** The folder of a function under `functions/`: `tableStream` is in `table-stream`. */
export function folderOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
