import { filesMutants } from './files-mutants.ts';
import { testMutants } from './mutant.ts';

testMutants(filesMutants);
