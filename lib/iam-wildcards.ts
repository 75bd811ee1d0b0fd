/** An action that is not named in full. */
export function isWideAction(action: string): boolean {
  return /[*?]/.test(action);
}

/**
 * A resource that stands for everything, everything of a kind, or the same in other accounts or regions: `*`, `arn:aws:s3:::*`,
 * `arn:aws:kms:*:*:key/k`, `…:role/*`, `…:secret:*`. A part of a name, as in `…:secret:qa/*`, is a choice and not a wildcard.
 */
export function isWideResource(resource: string): boolean {
  if (!/[*?]/.test(resource)) return false;
  const [arn, partition, service, region, account, ...rest] = resource.split(":");
  if ([arn, partition, service, region, account].some((field) => field === undefined || /[*?]/.test(field)))
    return true;
  const [, type = "", name = ""] = /^([^:/]*)(.*)$/s.exec(rest.join(":")) ?? [];
  // What follows the kind must say something: neither `/*` nor `:*:*` does.
  return /[*?]/.test(type) || /^[:/*?]*$/.test(name);
}
