import { logScenarios } from '../scenarios.ts';
import { keepPromises } from './promises.ts';

keepPromises(logScenarios);
