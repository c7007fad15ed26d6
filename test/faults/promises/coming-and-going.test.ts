import { comingAndGoingScenarios } from '../scenarios.ts';
import { keepPromises } from './promises.ts';

keepPromises(comingAndGoingScenarios);
