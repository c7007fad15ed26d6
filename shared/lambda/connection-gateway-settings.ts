/** The settings of the connection gateway in a Lambda function: its role's credentials, its region and its log. */
import { defaultProvider } from '../aws/environment-credentials.ts';
import { failureLog } from './logger.ts';
import { clock, random } from './system.ts';

export function connectionGatewaySettings() {
  return {
    region: process.env['AWS_REGION'] ?? '',
    credentials: defaultProvider(),
    clock,
    random,
    logger: failureLog,
  };
}
