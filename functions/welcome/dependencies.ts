/** Wires the welcome function: the one place where its ports get their adapters. */
import { readConfig } from '../../shared/lambda/config.ts';
import { connectionGatewaySettings } from '../../shared/lambda/connection-gateway-settings.ts';
import { failureLog } from '../../shared/lambda/logger.ts';
import { metrics } from '../../shared/lambda/metrics.ts';
import { openFileAddresses } from '../../shared/lambda/open-file-addresses.ts';
import { clock } from '../../shared/lambda/system.ts';
import { welcomeSettings } from '../../shared/lambda/welcome-settings.ts';
import { openConnectionGateway } from '../../shared/realtime/connection-gateway.ts';
import type { WelcomePorts } from '../../shared/realtime/welcome.ts';
import { connectionStore } from '../../shared/storage/connection-store.ts';
import { admissionStore } from '../../shared/storage/entities/connection.ts';
import { inboxStore } from '../../shared/storage/inbox-store.ts';
import { limitStore } from '../../shared/storage/entities/limit.ts';
import { subscriptionStore } from '../../shared/storage/entities/subscription.ts';
import { logStore } from '../../shared/storage/log-store.ts';
import { memberStore } from '../../shared/storage/member-store.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { roomStore } from '../../shared/storage/room-store.ts';

export function dependencies(): WelcomePorts {
  const config = readConfig('welcome');
  const db = openTable(config.tableName);
  return {
    rooms: roomStore(db),
    inbox: inboxStore(db),
    members: memberStore(db),
    log: logStore(db),
    connections: connectionStore(db),
    subscriptions: subscriptionStore(db),
    admissions: admissionStore(db),
    limits: limitStore(db),
    connectionGateway: openConnectionGateway(config.connectionsUrl, connectionGatewaySettings()),
    files: openFileAddresses(config),
    clock,
    logger: failureLog,
    metrics,
    settings: welcomeSettings(config),
  };
}
