import { checkForm, checkWhole, invalid } from "./checks.ts";
import type { Service } from "./types.ts";
import { milliseconds } from "./units.ts";

/** Checks how a service meets failure: each number, and that the numbers can do together what they promise. */
export function checkResilience(at: string, service: Service): void {
  checkRetries(`${at}.resilience`, service);
  checkBreaker(at, service);
  const { pool } = service.resilience;
  checkWhole(pool.maxConnections, [1, Infinity], `${at}.resilience.pool.maxConnections`);
  checkWhole(pool.maxPendingRequests, [1, Infinity], `${at}.resilience.pool.maxPendingRequests`);
  checkWhole(pool.maxRequests, [1, Infinity], `${at}.resilience.pool.maxRequests`);
}

function checkRetries(at: string, service: Service): void {
  const { timeout, retries } = service.resilience;
  checkWhole(retries.attempts, [0, 10], `${at}.retries.attempts`);
  checkForm(
    retries.on,
    /^[a-z0-9-]+(,[a-z0-9-]+)*$/,
    `${at}.retries.on`,
    "conditions or status codes, separated by commas",
  );
  const whole = positive(timeout, `${at}.timeout`);
  const one = positive(retries.perTryTimeout, `${at}.retries.perTryTimeout`);
  positive(retries.backoff, `${at}.retries.backoff`);
  if (one > whole) {
    invalid(
      `${at}.retries.perTryTimeout`,
      retries.perTryTimeout,
      `one try may not take longer than the whole request (${timeout})`,
      "Shorten the try or lengthen the timeout.",
    );
  }
}

function checkBreaker(at: string, service: Service): void {
  const { breaker } = service.resilience;
  checkWhole(breaker.consecutive5xxErrors, [1, Infinity], `${at}.resilience.breaker.consecutive5xxErrors`);
  checkWhole(breaker.maxEjectionPercent, [1, 100], `${at}.resilience.breaker.maxEjectionPercent`);
  positive(breaker.interval, `${at}.resilience.breaker.interval`);
  positive(breaker.baseEjectionTime, `${at}.resilience.breaker.baseEjectionTime`);
  for (const { name, replicas } of service.versions) {
    // Envoy rounds down: below one whole replica the breaker would never take anything out.
    if (replicas.min * breaker.maxEjectionPercent >= 100) continue;
    const enough = Math.ceil(100 / breaker.maxEjectionPercent);
    invalid(
      `${at}.versions.${name}.replicas.min`,
      replicas.min,
      `with maxEjectionPercent ${breaker.maxEjectionPercent} the breaker never ejects below ${enough} replicas`,
      "Run more replicas or raise maxEjectionPercent.",
    );
  }
}

/** Istio refuses a duration below a millisecond. */
function positive(duration: string, key: string): number {
  const value = milliseconds(duration, key);
  if (value < 1) invalid(key, duration, "a duration is at least 1ms", "Lengthen it.");
  return value;
}
