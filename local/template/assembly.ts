/** Reads a cloud assembly: the template of its only stack, and the folders of its assets. */

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartFailure } from '../start-failure.ts';
import type { RawTemplate } from './cloudformation.ts';

interface Artifact {
  type: string;
  displayName?: string;
  properties?: { templateFile?: string; file?: string; stackName?: string };
}

interface AssetManifest {
  files?: Record<
    string,
    { source: { path?: string; packaging?: string }; destinations: Record<string, { objectKey: string }> }
  >;
}

export interface Assembly {
  stackName: string;
  template: RawTemplate;
  assetDirectories: Map<string, string>;
}

/**
 * Reads the assembly in a folder.
 * @throws StartFailure unless it has exactly one stack
 */
export function readAssembly(directory: string): Assembly {
  const read = (file: string): string => readFileSync(join(directory, file), 'utf8');
  const manifest: { artifacts: Record<string, Artifact> } = JSON.parse(read('manifest.json'));
  const artifacts = Object.entries(manifest.artifacts);
  const stacks = artifacts.filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const [stack] = stacks;
  if (stack === undefined || stacks.length > 1) {
    const names = stacks.map(([id]) => id).join(', ');
    throw new StartFailure(
      `The local runtime supports apps with exactly one stack, but this one has ${stacks.length}: ${names}`,
    );
  }
  const [artifactId, { properties = {} }] = stack;

  const assetDirectories = new Map<string, string>();
  for (const [, artifact] of artifacts.filter(([, { type }]) => type === 'cdk:asset-manifest')) {
    const assets: AssetManifest = JSON.parse(read(artifact.properties!.file!));
    for (const { source, destinations } of Object.values(assets.files ?? {})) {
      if (source.path === undefined || source.packaging !== 'zip') continue;
      for (const { objectKey } of Object.values(destinations)) {
        assetDirectories.set(objectKey, resolve(directory, source.path));
      }
    }
  }
  return {
    stackName: properties.stackName ?? artifactId,
    template: JSON.parse(read(properties.templateFile!)),
    assetDirectories,
  };
}
