import { createWorkerHandler } from '../../functions/worker.ts';
import * as file from '../../lib/connectors/file/index.ts';
import * as text from '../../lib/converters/string-converter.ts';
import { pluginsOf } from '../../lib/plugins/registry.ts';

/** The function of a file source, as `infra/bundling.ts` writes its entry. */
export const handler: unknown = createWorkerHandler([...pluginsOf(file), ...pluginsOf(text)]);
