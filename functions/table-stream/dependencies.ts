/** Wires the table stream's function: the one place where its ports get their adapters. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientBounds } from '../../shared/aws/client-bounds.ts';
import { userBudget } from '../../shared/domain/rate-limits/user-budget.ts';
import { budgetSettings } from '../../shared/lambda/budget-settings.ts';
import { readConfig } from '../../shared/lambda/config.ts';
import { connectionGatewaySettings } from '../../shared/lambda/connection-gateway-settings.ts';
import { failureLog } from '../../shared/lambda/logger.ts';
import { metrics } from '../../shared/lambda/metrics.ts';
import { clock } from '../../shared/lambda/system.ts';
import { openConnectionGateway } from '../../shared/realtime/connection-gateway.ts';
import type { EnqueueSlice } from '../../shared/realtime/slice-subscribers.ts';
import { admissionStore } from '../../shared/storage/entities/connection.ts';
import { subscriptionStore } from '../../shared/storage/entities/subscription.ts';
import { budgetStore } from '../../shared/storage/entities/budget.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { erasureStore } from '../../shared/storage/erasure-store.ts';
import { limitStore } from '../../shared/storage/entities/limit.ts';
import { logStore } from '../../shared/storage/log-store.ts';
import { memberStore } from '../../shared/storage/member-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { roomStore } from '../../shared/storage/room-store.ts';

export function dependencies() {
  const config = readConfig('tableStream');
  const db = openTable(config.tableName);
  return {
    rooms: roomStore(db),
    members: memberStore(db),
    log: logStore(db),
    erasures: erasureStore(db, clock),
    connections: connectionStore(db),
    subscriptions: subscriptionStore(db),
    admissions: admissionStore(db),
    limits: limitStore(db),
    budget: userBudget({ budgets: budgetStore(db), clock }, budgetSettings(config)),
    connectionGateway: openConnectionGateway(config.connectionsUrl, connectionGatewaySettings()),
    clock,
    logger: failureLog,
    metrics,
    enqueueSlice: enqueueSliceTo(config.fanOutFunctionName),
    settings: {
      heartbeatSeconds: config.heartbeatSeconds,
      arrivalsPerWindow: config.arrivalsPerUserAndRoomPer10Seconds,
      connectionsPerUser: config.connectionsPerUser,
      reconnectAfterMs: config.reconnectAfterMinutes * 60_000,
    },
  };
}

/** An invocation is only queued, within tens of milliseconds. */
const invokeBounds = clientBounds({ tryMs: 2_000, maxTries: 3 });

/** Invokes the fan-out function asynchronously: Lambda queues the slice, retries it, and in the end dead-letters it. */
function enqueueSliceTo(functionName: string): EnqueueSlice {
  const client = new LambdaClient(invokeBounds);
  return async (slice) => {
    await client.send(
      new InvokeCommand({
        FunctionName: functionName,
        InvocationType: 'Event',
        Payload: JSON.stringify(slice),
      }),
    );
  };
}

export type Dependencies = ReturnType<typeof dependencies>;
