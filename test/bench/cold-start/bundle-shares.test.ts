import { describe, expect, it } from 'vitest';
import { sharesOf } from './bundle-shares.ts';

describe('the shares of a bundle', () => {
  it('are summed by package and by folder, the largest first', () => {
    const inputs = {
      'node_modules/zod/v4/core.js': { bytesInOutput: 50 },
      'node_modules/zod/v4/locales/en.js': { bytesInOutput: 5 },
      'node_modules/@smithy/core/dist/index.js': { bytesInOutput: 70 },
      'shared/domain/messages/read-log.ts': { bytesInOutput: 9 },
      'functions/message/index.ts': { bytesInOutput: 8 },
    };
    expect(sharesOf({ bytes: 150, inputs })).toEqual([
      { name: '@smithy/core', bytes: 70 },
      { name: 'zod', bytes: 55 },
      { name: 'shared/domain', bytes: 9 },
      { name: 'functions', bytes: 8 },
    ]);
  });

  it('belong to the innermost package', () => {
    const inputs = { '../node_modules/a/node_modules/@b/c/d.js': { bytesInOutput: 1 } };
    expect(sharesOf({ bytes: 1, inputs })).toEqual([{ name: '@b/c', bytes: 1 }]);
  });
});
