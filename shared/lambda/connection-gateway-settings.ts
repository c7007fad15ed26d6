/** What a function posts to sockets with: its role's credentials, its region, its log. */
import { defaultProvider } from '../aws/environment-credentials.ts';
import { logger } from './logger.ts';

export function connectionGatewaySettings() {
  return {
    region: process.env['AWS_REGION'] ?? '',
    credentials: defaultProvider(),
    warn: (message: string, fields: Record<string, unknown>) => logger.warn(message, fields),
  };
}
