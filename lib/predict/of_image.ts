/**
 * Errors that name the picture they are about.
 *
 * @module
 */

/**
 * Does something with a picture; what it throws also names the picture, as who
 * reads `scores must be finite` of a thousand pictures wants to know which.
 *
 * @throws {Error} When `body` does; its message ends with the image.
 *
 * @example
 * ```ts
 * import { ofImage } from "./of_image.ts";
 * import { rejects } from "node:assert";
 *
 * const refuse = () => {
 *   throw new RangeError("Cannot read a score as it must be finite: NaN");
 * };
 * await rejects(ofImage("a", refuse), {
 *   name: "RangeError",
 *   message: 'Cannot read a score as it must be finite: NaN; image "a"',
 * });
 * ```
 */
export async function ofImage<T>(
  imageId: string,
  body: () => T | Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const message = `${error.message}; image "${imageId}"`;
    throw error instanceof RangeError
      ? new RangeError(message, { cause: error })
      : new Error(message, { cause: error });
  }
}
