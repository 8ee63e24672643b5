/**
 * A function of a module that is loaded when the function is called first: a command loads the step that it works with,
 * and not what all others need.
 */
export function atFirstUse<Arguments extends readonly unknown[], Result>(
  load: () => Promise<(...given: Arguments) => Promise<Result>>,
): (...given: Arguments) => Promise<Result> {
  return async (...given) => (await load())(...given);
}
