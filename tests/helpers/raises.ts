import assert from "node:assert/strict";

import { PlatformError, type ErrorId } from "../../lib/errors.ts";

/** Asserts that `run` raises the PlatformError of that id, and returns it for closer looks. */
export function raises(id: ErrorId, run: () => unknown): PlatformError {
  try {
    run();
  } catch (error) {
    return expectId(id, error);
  }
  assert.fail(`expected ${id}, but nothing was raised`);
}

/** Like {@link raises}, for a promise. */
export async function rejects(id: ErrorId, promise: Promise<unknown>): Promise<PlatformError> {
  try {
    await promise;
  } catch (error) {
    return expectId(id, error);
  }
  assert.fail(`expected ${id}, but nothing was raised`);
}

function expectId(id: ErrorId, error: unknown): PlatformError {
  assert.ok(error instanceof PlatformError, `expected ${id}, got ${String(error)}`);
  assert.equal(error.id, id, error.message);
  return error;
}
