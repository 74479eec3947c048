/** A nominal type: a `Brand<string, 'X'>` is a string that only code which checked it may call an X. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };
