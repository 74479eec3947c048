import type { ConfigProvider } from './placeholders.ts';

/** Reads one parameter, decrypted; throws when it cannot. */
export type ReadParameter = (name: string) => Promise<string>;

/** `${ssm:/shop/db:password}` is the parameter `/shop/db/password`, `${ssm:name}` the one called `name`. */
export const parameterStoreProvider = (readParameter: ReadParameter): ConfigProvider => ({
  async get(path, keys) {
    const values = await Promise.all(
      keys.map(async (key) => {
        const name = path === '' ? key : `${path}/${key}`;
        return [key, await readParameter(name)] as const;
      }),
    );
    return Object.fromEntries(values);
  },
});
