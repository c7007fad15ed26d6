/** Counts the checks of files, and measures how long each takes. */
import type { Clock } from '../../shared/domain/ports/system.ts';
import type { MetricRecorder } from '../../shared/metrics/metric-recorder.ts';
import type { Checked } from './check-file.ts';

/** Returns a function that adds both to a check. */
export function measuringChecks({ clock, metrics }: { clock: Clock; metrics: MetricRecorder }) {
  return <Input, Output>(
      check: (input: Input) => Promise<Checked<Output>>,
    ): ((input: Input) => Promise<Checked<Output>>) =>
    async (input) => {
      const startedAtMs = clock.now();
      const checked = await check(input);
      metrics.measure('FileCheckTime', clock.now() - startedAtMs);
      if ('problem' in checked) metrics.add('FilesRefused', 1, checked.problem);
      else metrics.add('FilesChecked', 1);
      return checked;
    };
}
