/** Carries out what a rule says about a call of the database, or about the engine at such a call. */

import { pause } from '../pause.ts';
import type { DatabaseAnswer, DatabaseCall, JudgeDatabaseCall } from './database-proxy.ts';
import type { FunctionNames } from './function-names.ts';
import type { Fault, Occurrence, Switchboard } from './switchboard.ts';

export interface DatabaseFaultsOptions {
  switchboard: Pick<Switchboard, 'decide'>;
  names: Pick<FunctionNames, 'of'>;
  killEngine: () => Promise<unknown>;
}

/** A judge who lets everything pass but what the rules choose. */
export function databaseFaults({ switchboard, names, killEngine }: DatabaseFaultsOptions): JudgeDatabaseCall {
  return async (call, perform) => {
    const occurrence = occurrenceOf(call, names);
    const engine = switchboard.decide({ ...occurrence, point: 'engine' });
    const { before, after } = switchboard.decide({ ...occurrence, point: 'database' });

    if (engine.before.fault) {
      await loseEngine(engine.before.fault, killEngine);
      return undefined;
    }
    await pause(before.delayMs);
    if (before.fault) {
      const { action, delayMs = 0 } = before.fault;
      if (action !== 'duplicate') return misdirect(before.fault, call);
      // What the SDK does when an answer is lost: the caller hears of the second only.
      await perform();
      await pause(delayMs);
    }
    // Killed or given up while it waited: what was never sent is not carried out.
    if (call.isAbandoned()) return undefined;
    const answer = await perform();

    if (engine.after.fault) {
      await loseEngine(engine.after.fault, killEngine);
      return undefined;
    }
    await pause(after.delayMs);
    return after.fault ? misdirect(after.fault, call) : answer;
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

/** Not awaited to the end: the calls that meet a dead engine are the point of it. */
async function loseEngine({ delayMs = 0 }: Fault, killEngine: () => Promise<unknown>): Promise<void> {
  await pause(delayMs);
  void killEngine();
}

async function misdirect(fault: Fault, call: DatabaseCall): Promise<DatabaseAnswer | undefined> {
  await pause(fault.delayMs ?? 0);
  if (fault.action === 'kill') await call.caller?.environment.terminate();
  return fault.action === 'fail' ? errorAnswer(fault, call) : undefined;
}

function errorAnswer({ status, error }: Fault, { operation, body }: DatabaseCall): DatabaseAnswer {
  const name =
    error ?? (status !== undefined && status < 500 ? 'ThrottlingException' : 'InternalServerError');
  const isTransactionConflict = name === 'TransactionCanceledException' && operation === 'TransactWriteItems';
  const text = JSON.stringify({
    __type: `com.amazonaws.dynamodb.v20120810#${name}`,
    ...(isTransactionConflict ? conflict(body) : { message: 'A fault was injected here' }),
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

/** A transaction that met another one: its first item conflicts. */
function conflict(body: Buffer): object {
  const { TransactItems: items }: { TransactItems: unknown[] } = JSON.parse(body.toString('utf8'));
  const codes = items.map((_item, index) => (index === 0 ? 'TransactionConflict' : 'None'));
  return {
    Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    CancellationReasons: codes.map((Code) =>
      Code === 'None' ? { Code } : { Code, Message: 'Transaction is ongoing for the item' },
    ),
  };
}
