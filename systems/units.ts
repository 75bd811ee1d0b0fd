import { invalid } from "./checks.ts";

const memoryUnits: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/**
 * A duration in milliseconds.
 *
 * @param key where it stands, for the error
 * @throws PlatformError SYSTEM_INVALID
 */
export function milliseconds(duration: string, key = "duration"): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(duration);
  if (match === null)
    invalid(key, duration, "a duration is a number and ms or s", "Write for example 250ms or 30s.");
  return Number(match[1]) * (match[2] === "s" ? 1000 : 1);
}

/**
 * A share of processor time in thousandths of a core.
 *
 * @throws PlatformError SYSTEM_INVALID
 */
export function millicores(cpu: string, key = "cpu"): number {
  const match = /^(\d+(?:\.\d+)?)(m?)$/.exec(cpu);
  if (match === null)
    invalid(
      key,
      cpu,
      "processor time is a number of cores, or thousandths with m",
      "Write for example 50m or 2.",
    );
  return Number(match[1]) * (match[2] === "m" ? 1 : 1000);
}

/**
 * An amount of memory in bytes.
 *
 * @throws PlatformError SYSTEM_INVALID
 */
export function bytes(memory: string, key = "memory"): number {
  const match = /^(\d+)(Ki|Mi|Gi)$/.exec(memory);
  if (match === null)
    invalid(key, memory, "memory is a whole number and Ki, Mi or Gi", "Write for example 96Mi.");
  return Number(match[1]) * (memoryUnits[match[2] ?? ""] ?? 0);
}
