/**
 * The modules that a CloudFront function can load; of those of its runtime 2.0, this one alone is supported.
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */

import { createHash, createHmac, type BinaryToTextEncoding } from 'node:crypto';

const algorithms = ['md5', 'sha1', 'sha256'];
const encodings = ['hex', 'base64', 'base64url'];

interface EdgeHash {
  update(data: string): EdgeHash;
  digest(encoding: BinaryToTextEncoding): string;
}

function hashOf(hash: { update(data: string): unknown; digest(encoding: BinaryToTextEncoding): string }) {
  const edgeHash: EdgeHash = {
    update(data) {
      hash.update(data);
      return edgeHash;
    },
    digest(encoding) {
      if (encodings.includes(encoding)) return hash.digest(encoding);
      throw new TypeError(`The local runtime does not support the encoding ${encoding}`);
    },
  };
  return edgeHash;
}

function assertAlgorithm(name: string): void {
  if (!algorithms.includes(name)) throw new TypeError(`CloudFront does not support the algorithm ${name}`);
}

const edgeCrypto = {
  createHash(algorithm: string): EdgeHash {
    assertAlgorithm(algorithm);
    return hashOf(createHash(algorithm));
  },
  createHmac(algorithm: string, key: string): EdgeHash {
    assertAlgorithm(algorithm);
    return hashOf(createHmac(algorithm, key));
  },
};

/** What `require` returns in a CloudFront function. */
export function requireEdgeModule(name: string): typeof edgeCrypto {
  if (name === 'crypto') return edgeCrypto;
  throw new Error(`The local runtime does not support the module ${name} of CloudFront functions`);
}
