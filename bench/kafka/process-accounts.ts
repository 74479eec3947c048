import { readFileSync } from 'node:fs';

/** Linux counts CPU time of processes in ticks of a hundredth of a second. */
const ticksPerSecond = 100;
const missing = 'ENOENT';

/** CPU seconds, user and system, of a running process with all its threads; undefined when it has ended. */
export const cpuSecondsOf = (pid: number): number | undefined => sumOf(`/proc/${pid}/stat`, 11);

/** CPU seconds of all ended children of this process, of which it learned the end: exact, with their last moments. */
export function cpuSecondsOfEndedChildren(): number {
  const seconds = sumOf('/proc/self/stat', 13);
  if (seconds === undefined) throw new Error('this bench needs the process accounts of Linux (/proc)');
  return seconds;
}

/** The most memory a process ever had resident, in MB; undefined when it has ended. */
export function peakMemoryMb(pid: number): number | undefined {
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024);
}

/** Two fields side by side, user and system time, counted after the program's name, which may hold anything. */
function sumOf(file: string, first: number): number | undefined {
  const text = read(file);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[first]) + Number(fields[first + 1])) / ticksPerSecond;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === missing || code === 'ESRCH') return undefined;
    throw error;
  }
}
