import { execFile } from 'node:child_process';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** Why Java, or what else a test needs, cannot run here; undefined when it can. Tests skip with this as the reason. */
export async function javaUnavailable(...further: readonly string[]): Promise<string | undefined> {
  for (const tool of ['java', 'mvn', ...further]) {
    if (!(await onPath(tool))) return `${tool} is not installed`;
  }
  return undefined;
}

/**
 * The folder with the jars of `dependencies` (`group:artifact:version`) and all they need. Maven fetches them once
 * into `name` in the user's cache folder.
 */
export async function installJars(name: string, dependencies: readonly string[]): Promise<string> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'sluice', name);
  const lib = join(folder, 'lib');
  const complete = join(folder, 'complete');
  const wanted = pom(dependencies);
  // What is written there is what was fetched: another list of dependencies fetches again.
  if ((await exists(complete)) && (await readFile(complete, 'utf8')) === wanted) return lib;
  await mkdir(lib, { recursive: true });
  await writeFile(join(folder, 'pom.xml'), wanted);
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${lib}`, '-DincludeScope=runtime'];
  await promisify(execFile)('mvn', ['-q', '-B', '-f', folder, ...goal]);
  await writeFile(complete, wanted);
  return lib;
}

function pom(dependencies: readonly string[]): string {
  const elements = dependencies.map((dependency) => {
    const [group, artifact, version] = dependency.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>sluice</groupId><artifactId>jars</artifactId><version>1</version>
  <dependencies>${elements.join('')}</dependencies>
</project>
`;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function onPath(tool: string): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return (await Promise.all(folders.map((folder) => exists(join(folder, tool))))).includes(true);
}
