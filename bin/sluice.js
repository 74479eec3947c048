#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { main } from '../lib/cli/main.ts';
import { processTerminal } from '../lib/cli/terminal.ts';

process.exitCode = await main(process.argv.slice(2), processTerminal());
