/** Options of commands that are numbers. */
import { OperatorError } from './command-line.ts';

/**
 * Returns the number, or the default when the option is absent.
 * @throws OperatorError for a text that is not a whole number of at least 1
 */
export function positiveNumber(option: string, text: string | undefined, byDefault: number): number {
  if (text === undefined) return byDefault;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new OperatorError(`--${option} must be a whole number from 1 on, not "${text}".`);
}
