/** What `cdk` runs: synthesizes the stage named by `-c stage=…` with the settings of the environment. */
import { buildApp } from './app.ts';

buildApp({ environment: process.env }).synth();
