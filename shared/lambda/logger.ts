/** The one log of a function: structured, one line an entry, never with a secret in it. */
import { Logger } from '@aws-lambda-powertools/logger';

export const logger = new Logger();
