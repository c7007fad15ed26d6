/** The child process that synthesizes the CDK app: loads it at once, but synthesizes it on request. */

import { errorMessage } from '../error-details.ts';
import type { SynthesisReply, SynthesisRequest } from './synthesize.ts';

interface AppModule {
  buildApp(options: {
    stage: string;
    outdir: string;
    fast: boolean;
    environment: NodeJS.ProcessEnv;
    /** The bundles exist already. */
    code: 'built';
  }): { synth(): unknown };
}

const loading: Promise<AppModule> = import(process.argv[2]!);
// `synthesize` handles the rejection; without this handler, it would be unhandled until then.
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
