import type { Service } from "../../systems/types.ts";
import { milliseconds } from "../../systems/units.ts";

/** Seconds for which a pod that was told to stop goes on answering, until no proxy sends it new requests any more. */
export const drainSeconds = 10;

/** Seconds for the process to end once its last request is answered. */
const marginSeconds = 10;

/** Seconds until a stopping pod is killed: the drain, the longest request, and the margin. */
export function graceSeconds(service: Service): number {
  return drainSeconds + Math.ceil(milliseconds(service.resilience.timeout) / 1000) + marginSeconds;
}
