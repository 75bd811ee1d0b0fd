/** A refusal in AWS's own terms: the error code that the API answers with, and a sentence. */
export class AwsError extends Error {
  readonly code: string;

  constructor(code: string, reason: string) {
    super(`${code}: ${reason}`);
    this.name = "AwsError";
    this.code = code;
  }
}

/** Raises an {@link AwsError}. */
export function refuse(code: string, reason: string): never {
  throw new AwsError(code, reason);
}
