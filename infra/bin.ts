/** The entry point of the `cdk` command: synthesizes the stage of `-c stage=…` with the settings of the environment. */
import { buildApp } from './app.ts';

buildApp({ environment: process.env }).synth();
