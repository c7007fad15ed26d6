/** The settings of the runtimes that the bench measures: those of tests, with tokens that outlive the bench. */
import { testSettings } from '../kit/test-settings.ts';

export const benchSettings: Readonly<Record<string, string>> = {
  ...testSettings,
  ACCESS_TOKEN_LIFETIME_MINUTES: '240',
};
