/** The child process in which the CDK app is synthesized. It loads the app at once and waits for the word to go on. */

import { errorMessage } from '../error-details.ts';
import type { SynthesisReply, SynthesisRequest } from './synthesize.ts';

interface AppModule {
  buildApp(options: {
    stage: string;
    outdir: string;
    fast: boolean;
    environment: NodeJS.ProcessEnv;
    /** The bundles are there already. */
    code: 'built';
  }): { synth(): unknown };
}

const loading: Promise<AppModule> = import(process.argv[2]!);
// Answered in `synthesize`; until then a failed import is nobody's.
loading.catch(() => undefined);

process.once('message', (request: SynthesisRequest) => void synthesize(request));
process.once('disconnect', () => process.exit());

async function synthesize({ stage, outdir }: SynthesisRequest): Promise<void> {
  try {
    const app = await loading;
    app.buildApp({ stage, outdir, fast: true, environment: process.env, code: 'built' }).synth();
    reply({ ok: true });
  } catch (error) {
    reply({
      ok: false,
      reason: errorMessage(error),
    });
  }
}

function reply(message: SynthesisReply): void {
  process.send!(message);
}
