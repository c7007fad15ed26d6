import { scenarioGroups } from '../scenarios.ts';
import { keepPromises } from './promises.ts';

keepPromises(scenarioGroups.searching);
