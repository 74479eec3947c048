import { toConnectError } from '../api/errors.ts';
import { dev, devHelp } from './dev.ts';
import { preview, previewHelp } from './preview.ts';
import type { Terminal } from './terminal.ts';

const help = `sluice: Kafka Connect without workers

  sluice dev      run connectors on this machine
  sluice preview  show what a connector would do, without writing anything
  sluice help     this text

`;

const commands: Readonly<Record<string, (args: readonly string[], terminal: Terminal) => Promise<number>>> = {
  dev,
  preview,
};

/** Runs one command line; errors are told with what to do about them. Answers the exit code. */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = 'help', ...rest] = args;
  if (['help', '--help', '-h'].includes(name)) {
    terminal.out.write(`${help}${devHelp}\n${previewHelp}`);
    return 0;
  }
  const command = commands[name];
  if (command === undefined) {
    terminal.error.write(`sluice: there is no command "${name}".\n\n${help}`);
    return 2;
  }
  try {
    return await command(rest, terminal);
  } catch (thrown) {
    const error = toConnectError(thrown);
    terminal.error.write(
      `sluice ${name}: ${error.message}\n${error.hint === undefined ? '' : `${error.hint}\n`}`,
    );
    return 1;
  }
}
