import { fail } from "../lib/errors.ts";
import type { EnvironmentFile } from "./config-file.ts";

/** Values that stand in documentation for somebody's own; nobody can own any of them. */
const placeholders: readonly RegExp[] = [
  // The account of AWS's examples.
  /\b111122223333\b/,
  // RFC 2606.
  /(^|[./@])example\.(com|net|org)(?![\w-]|\.\w)/i,
  // RFC 5737.
  /\b(192\.0\.2|198\.51\.100|203\.0\.113)\.\d/,
  /\bgithub\.com[/:]example\//i,
];

/**
 * Refuses configuration that was never made anyone's own: with it, names would be claimed that nobody has, and the API server be
 * reachable from networks that do not exist.
 *
 * @throws PlatformError PLACEHOLDER_VALUE, naming every key
 */
export function requireOwnValues({ document }: Pick<EnvironmentFile, "document">, environment: string): void {
  const { config = {} } = (document.toJS() ?? {}) as { config?: Record<string, unknown> };
  const found = Object.entries(config).flatMap(([key, value]) => placeholdersIn(value, key));
  if (found.length === 0) return;
  fail({
    id: "PLACEHOLDER_VALUE",
    key: `Pulumi.${environment}.yaml`,
    value: Object.fromEntries(found),
    rule: "these keys still hold the values of the example, which belong to nobody",
    remedy: `Set each to your own. Without an account of your own: 'platform rehearse ${environment}'.`,
  });
}

/** Keys under which a placeholder stands, with their values; a list's elements are named one by one. */
function placeholdersIn(value: unknown, key: string): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => placeholdersIn(item, `${key}[${index}]`));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([name, item]) => placeholdersIn(item, `${key}.${name}`));
  const text = String(value);
  return placeholders.some((pattern) => pattern.test(text)) ? [[key, text]] : [];
}
