import { connectionMutants } from './connection-mutants.ts';
import { testMutants } from './mutant.ts';

testMutants(connectionMutants);
