/** The settings of the connection gateway in a Lambda function: its role's credentials, its region, its log and its metrics. */
import { defaultProvider } from '../aws/environment-credentials.ts';
import { failureLog } from './logger.ts';
import { metrics } from './metrics.ts';
import { clock, random } from './system.ts';

export function connectionGatewaySettings() {
  return {
    region: process.env['AWS_REGION'] ?? '',
    credentials: defaultProvider(),
    clock,
    random,
    logger: failureLog,
    metrics,
  };
}
