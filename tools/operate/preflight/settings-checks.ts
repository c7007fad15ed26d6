/** The checks of the settings that a stage needs before it has users. They ask AWS nothing. */
import type { StageSettings } from '../../../infra/stages.ts';
import { OperatorError } from '../command-line.ts';
import { assertDeployable } from '../stage.ts';
import type { CheckContext } from './check-context.ts';
import type { Finding } from './finding.ts';

/** Whether the stage has the settings that it is not deployed without, and those that its region requires. */
export function checkRequired({ api, stage, settings }: CheckContext): Finding {
  try {
    assertDeployable(stage, settings, api.region);
    return { check: 'settings', level: 'ok', text: `Stage ${stage} has all settings that it requires` };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { check: 'settings', level: 'problem', text: error.message };
  }
}

/** Whether a web page may use the stage. */
export function checkOrigins({ allowedOrigins }: StageSettings): Finding {
  if (allowedOrigins.length > 0) {
    return {
      check: 'origins',
      level: 'ok',
      text: `Browsers may use the stage from ${allowedOrigins.join(', ')}`,
    };
  }
  return {
    check: 'origins',
    level: 'warning',
    text: 'No web page may use the stage from a browser',
    advice: 'Set ALLOWED_ORIGINS to the origins of your front end, such as https://chat.example.',
  };
}

/** Whether an alarm reaches a person. */
export function checkAlarmAddress({ alarmEmail }: StageSettings): Finding {
  if (alarmEmail !== undefined) {
    return { check: 'alarms', level: 'ok', text: `Alarms are sent to ${alarmEmail}` };
  }
  return {
    check: 'alarms',
    level: 'warning',
    text: 'Alarms are visible in CloudWatch only',
    advice: 'Set ALARM_EMAIL to the address of the people who operate the stage.',
  };
}
