/** Wires the canary: reads its settings, and creates what it stores its result with. */
import { readConfig } from '../../shared/lambda/config.ts';
import { fetchSecret } from '../../shared/lambda/secrets.ts';
import { canaryResultStore } from '../../shared/storage/entities/canary-result.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import { chatAddresses } from './chat-api.ts';

/** Creates the ports of the function, once per cold start. */
export function dependencies() {
  const config = readConfig('canary');
  return {
    results: canaryResultStore(openTable(config.tableName)),
    fetchKey: () => fetchSecret(config.canaryKeySecretId),
    addresses: chatAddresses(config.chatUrl, config.chatWebSocketUrl),
    messages: config.canaryMessages,
    intervalMinutes: config.canaryIntervalMinutes,
  };
}
