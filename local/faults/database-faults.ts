/** Injects faults into calls of the database, and into the engine at such calls. */

import { noAnswer, pause } from '../pause.ts';
import type { DatabaseAnswer, DatabaseCall, HandleDatabaseCall } from './database-proxy.ts';
import type { FunctionNames } from './function-names.ts';
import type { Fault, Occurrence, Switchboard } from './switchboard.ts';

export interface DatabaseFaultsOptions {
  switchboard: Pick<Switchboard, 'decide'>;
  names: Pick<FunctionNames, 'of'>;
  killEngine: () => Promise<unknown>;
}

/** Creates a handler that performs all calls normally except those that the rules choose. */
export function createDatabaseFaults({
  switchboard,
  names,
  killEngine,
}: DatabaseFaultsOptions): HandleDatabaseCall {
  return async (call, perform) => {
    const occurrence = occurrenceOf(call, names);
    const engine = switchboard.decide({ ...occurrence, point: 'engine' });
    const { before, after } = switchboard.decide({ ...occurrence, point: 'database' });

    if (engine.before.fault) {
      await killEngineAfter(engine.before.fault, killEngine);
      return undefined;
    }
    await pause(before.delayMs);
    if (before.fault) {
      const { action, delayMs = 0 } = before.fault;
      if (action !== 'duplicate') return injectFault(before.fault, call);
      // As when the SDK retries after a lost answer: the caller receives only the second answer.
      await perform();
      await pause(delayMs);
    }
    // The caller was killed or gave up during the delay, so its request would never have been sent.
    if (call.isAbandoned()) return undefined;
    const answer = await perform();

    if (engine.after.fault) {
      await killEngineAfter(engine.after.fault, killEngine);
      return undefined;
    }
    await pause(after.delayMs);
    return after.fault ? injectFault(after.fault, call) : answer;
  };
}

function occurrenceOf({ operation, caller, body }: DatabaseCall, names: Pick<FunctionNames, 'of'>) {
  let text: string | undefined;
  return {
    fields: { operation, function: caller && names.of(caller.functionId) },
    text: () => (text ??= body.toString('utf8')),
    invocation: caller?.environment.current(),
  } satisfies Omit<Occurrence, 'point'>;
}

/** Does not wait for the restart, because other calls are meant to find the engine dead. */
async function killEngineAfter({ delayMs = 0 }: Fault, killEngine: () => Promise<unknown>): Promise<void> {
  await pause(delayMs);
  void killEngine();
}

async function injectFault(fault: Fault, call: DatabaseCall): Promise<DatabaseAnswer | undefined> {
  await pause(fault.delayMs ?? 0);
  if (fault.action === 'hang') return noAnswer();
  if (fault.action === 'kill') await call.caller?.environment.terminate();
  return fault.action === 'fail' ? errorAnswer(fault, call) : undefined;
}

function errorAnswer({ status, error }: Fault, { operation, body }: DatabaseCall): DatabaseAnswer {
  const name =
    error ?? (status !== undefined && status < 500 ? 'ThrottlingException' : 'InternalServerError');
  const reason = operation === 'TransactWriteItems' ? cancellationReasons.get(name) : undefined;
  const text = JSON.stringify({
    __type: `com.amazonaws.dynamodb.v20120810#${reason === undefined ? name : 'TransactionCanceledException'}`,
    ...(reason === undefined
      ? { message: 'This failure was injected by a rule of /_local/faults' }
      : cancellation(body, reason)),
  });
  return {
    status: status ?? (name === 'InternalServerError' ? 500 : 400),
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': String(Buffer.byteLength(text)),
    },
    body: Buffer.from(text),
  };
}

interface CancellationReason {
  code: string;
  message: string;
}

/** Why the first item of a transaction cancels it, for the errors that DynamoDB reports in this form. */
const cancellationReasons: ReadonlyMap<string, CancellationReason> = new Map([
  [
    'TransactionCanceledException',
    { code: 'TransactionConflict', message: 'Transaction is ongoing for the item' },
  ],
  [
    'ProvisionedThroughputExceededException',
    {
      code: 'ProvisionedThroughputExceeded',
      message: 'Throughput exceeds the current capacity of your table or index.',
    },
  ],
]);

/** The error of a transaction that its first item cancels. */
function cancellation(body: Buffer, { code, message }: CancellationReason): object {
  const { TransactItems: items }: { TransactItems: unknown[] } = JSON.parse(body.toString('utf8'));
  const codes = items.map((_item, index) => (index === 0 ? code : 'None'));
  return {
    Message: `Transaction canceled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    CancellationReasons: codes.map((Code) => (Code === 'None' ? { Code } : { Code, Message: message })),
  };
}
