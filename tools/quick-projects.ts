/**
 * The test projects that `npm test` runs. All others (`operations`, `attacks`, `mutants` and those that end in `-more`) take
 * minutes each; `.ci/run` runs them as well.
 */
export const quickProjects = ['unit', 'react', 'integration', 'e2e', 'browser', 'model', 'chaos'] as const;
