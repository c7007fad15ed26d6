/** How the operator's commands read arguments and report errors. */
import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { AwsRefusal } from '../../../tools/operate/aws/aws-api.ts';
import { command, execute, OperatorError } from '../../../tools/operate/command-line.ts';
import { settingsOf } from '../../../tools/operate/stage.ts';

async function run(args: string[], failure?: Error) {
  const output: string[] = [];
  const errors: string[] = [];
  let received: unknown;
  const definition = command({
    usage: 'npm run example --',
    summary: 'Does an example.',
    options: {
      stage: { type: 'string', value: '<stage>', description: 'The stage.', required: true },
      url: { type: 'string', value: '<url>', description: 'The address.' },
      force: { type: 'boolean', description: 'Do it anyway.' },
    },
    async run(values) {
      received = values;
      if (failure !== undefined) throw failure;
      return 0;
    },
  });
  const code = await execute(definition, args, {
    print: (line) => void output.push(line),
    printError: (line) => void errors.push(line),
  });
  return { code, output: output.join('\n'), errors, received };
}

describe('a command of the operator', () => {
  it('receives its options', async () => {
    expect(await run(['--stage', 'dev', '--force'])).toMatchObject({
      code: 0,
      received: { stage: 'dev', force: true },
    });
  });

  it('prints its options with --help, without running', async () => {
    const { code, output, received } = await run(['--help']);
    expect(code).toBe(0);
    expect(output).toContain('npm run example -- [options]');
    expect(output).toMatch(/--stage <stage> +The stage\. Required\./);
    expect(received).toBeUndefined();
  });

  it.each([
    [[], '--stage <stage> is missing'],
    [['--stage'], "'--stage <value>' argument missing"],
    [['--stage', ''], '--stage <stage> is missing'],
    [['--stage', 'dev', '--fast'], "Unknown option '--fast'"],
    [['--stage', 'dev', 'now'], "Unexpected argument 'now'"],
  ])('refuses %j in one line, with exit code 2', async (args, message) => {
    const { code, errors, received } = await run(args);
    expect(code).toBe(2);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(message);
    expect(errors[0]).not.toContain('\n');
    expect(received).toBeUndefined();
  });

  it('prints an error that the operator can act on as one line', async () => {
    expect(await run(['--stage', 'dev'], new OperatorError('The table is gone.'))).toMatchObject({
      code: 1,
      errors: ['The table is gone.'],
    });
  });

  it.each([
    [
      new AwsRefusal(
        { service: 'sts', method: 'POST', path: '/' },
        { status: 403, text: '<Error><Code>AccessDenied</Code><Message>not\nallowed</Message></Error>' },
      ),
      'sts answered 403 AccessDenied: not allowed',
    ],
    [
      new ResourceNotFoundException({ message: 'Requested resource not\nfound', $metadata: {} }),
      'ResourceNotFoundException: Requested resource not found',
    ],
    [
      Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' }),
      'CredentialsProviderError: Could not load credentials',
    ],
  ])('prints a refusal of AWS as one line: %s', async (refusal, line) => {
    expect(await run(['--stage', 'dev'], refusal)).toMatchObject({ code: 1, errors: [line] });
  });

  it('prints the stack trace of any other error', async () => {
    const { code, errors } = await run(['--stage', 'dev'], new TypeError('defect'));
    expect(code).toBe(1);
    expect(errors[0]).toMatch(/TypeError: defect\n +at /);
  });
});

describe('the stage of a command', () => {
  it.each(['local', 'production', 'toString'])('refuses "%s" and lists the stages', (stage) => {
    expect(() => settingsOf(stage, { environment: {} })).toThrow(
      new RegExp(`^There is no stage "${stage}" to deploy: choose one of dev, staging, prod\\.$`),
    );
  });

  it('names every variable whose value is not accepted, in one line', () => {
    const invalid = { ALARM_EMAIL: 'nowhere', LOG_RETENTION_DAYS: '2' };
    expect(() => settingsOf('dev', { environment: invalid })).toThrow(
      /^[^\n]*ALARM_EMAIL[^\n]*LOG_RETENTION_DAYS[^\n]*$|^[^\n]*LOG_RETENTION_DAYS[^\n]*ALARM_EMAIL[^\n]*$/,
    );
  });
});
